import { closeSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Files of lines beside LMDB. What has been written to one survives `kill -9`. A new file is begun when LMDB takes what the
 * one before has, which goes when it has been taken.
 */
export interface Journal {
  /** The lines that were there when it was opened, oldest first, each file up to where it is torn. */
  readonly left: readonly string[];
  /** @throws {Error} of the file system; then nothing has been written. */
  write(sequence: number, line: string): void;
  /** What is written from now on goes into a file of its own. */
  turn(): void;
  /** Removes the files with nothing after this sequence. */
  clear(sequence: number): void;
  close(): void;
}

interface File {
  path: string;
  descriptor: number;
  bytes: number;
  /** Of its newest line. */
  sequence: number;
}

const NAME = /^journal-(\d+)$/;

/** @throws {Error} of the file system */
export function openJournal(folder: string): Journal {
  const found = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort((a, b) => Number(NAME.exec(a)?.[1]) - Number(NAME.exec(b)?.[1]))
    .map((name) => join(folder, name));
  let old = found;
  let files: File[] = [];
  let current: File | undefined;
  let isClosed = false;

  /** One that stays says nothing new when it is read again. */
  function remove(path: string): void {
    try {
      unlinkSync(path);
    } catch {}
  }

  function begin(sequence: number): File {
    const path = join(folder, `journal-${sequence}`);
    const file = { path, descriptor: openSync(path, 'w'), bytes: 0, sequence };
    files.push(file);
    return file;
  }

  return {
    left: found.flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1)),

    write(sequence, line) {
      if (isClosed) throw new Error('the store is closed');
      const text = `${line}\n`;
      const bytes = Buffer.byteLength(text);
      let written = 0;
      try {
        current ??= begin(sequence);
        // At a place, not at the end: what a full disk took of an earlier line is written over.
        written = writeSync(current.descriptor, text, current.bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
      // As LMDB says it, whether the disk was full before or has become so.
      if (!current || written < bytes) throw new Error('No space left on device');
      current.bytes += written;
      current.sequence = sequence;
    },

    turn() {
      current = undefined;
    },

    clear(sequence) {
      for (const path of old) remove(path);
      old = [];
      for (const file of files) {
        if (file.sequence > sequence) continue;
        closeSync(file.descriptor);
        remove(file.path);
        if (file === current) current = undefined;
      }
      files = files.filter((file) => file.sequence > sequence);
    },

    close() {
      for (const { descriptor } of files) closeSync(descriptor);
      files = [];
      isClosed = true;
    },
  };
}
