import { type FileHandle, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Position } from '../../core/cursor.ts';
import { type Kept, parseKept, printOf, storyOf } from './kept.ts';

/** What is not known to be in the store of one story, the oldest first. */
export interface Waiting {
  drafts: (Pick<Kept, 'at' | 'epoch' | 'after' | 'isStored'> & { print: string })[];
  /** How many of them have been passed. */
  passed: number;
  /** So many of the first need not be handed in, once that is known. */
  skip?: number;
  /** Behind this place the story had no entry then, but for those that were handed in from here since. */
  seen?: Position;
}

export interface Line {
  /** Absent for what cannot be read. */
  kept?: Kept;
  /** Where the next line begins. */
  end: Place;
  /** Of the reading of the files that it belongs to. */
  reading: number;
}

interface Place {
  segment: number;
  offset: number;
}

/**
 * A folder of drafts in the order in which they were handed in. What lies before a mark is in the store, and stays for
 * a while in case the store loses it; what lies behind it waits.
 */
export interface Book {
  readonly path: string;
  /** Of the log that has what lies before the mark. */
  epoch: string | undefined;
  /** By story id. */
  readonly waiting: ReadonlyMap<string, Waiting>;
  waitingBytes(): number;
  /**
   * Resolves when a kill of this process cannot take the draft any more. One that is stored moves the mark, unless
   * others wait.
   * @throws {Error} of the file system; then it is not kept. `ENOENT`: the folder has been taken away.
   */
  write(kept: Kept): Promise<void>;
  /** Some lines from the mark on; none when nothing waits. */
  read(): Promise<Line[]>;
  /** Moves the mark behind the line, which is the next. */
  pass(line: Line): void;
  /** Puts the mark before everything there is. */
  rewind(): Promise<void>;
  /** Writes down where the mark is. What was passed since the last time would be read again after a kill. */
  save(): Promise<void>;
  /** Removes what lies before the mark and is older, or more, than this. Answers whether nothing is left. */
  trim(before: number, bytes: number): Promise<boolean>;
  close(): Promise<void>;
}

const SEGMENT_BYTES = 4 * 1024 * 1024;
const READ_BYTES = 256 * 1024;
const MARK = 'mark.json';
const NEWLINE = 10;

const markSchema = z.object({ epoch: z.string().optional(), segment: z.int(), offset: z.int().min(0) });

export async function openBook(path: string): Promise<Book> {
  await mkdir(path, { recursive: true });
  /** By number: its length, with what is still being written. */
  let segments = new Map<number, { bytes: number; newest: number }>();
  let waiting = new Map<string, Waiting>();
  let mark: Place = { segment: 1, offset: 0 };
  let epoch: string | undefined;
  /** What is written goes there: never behind a line that a kill has torn. */
  let writable = 1;
  let buffer: { segment: number; text: string }[] = [];
  let flushing: Promise<void> | undefined;
  let loading: Promise<void> | undefined;
  let readings = 0;
  let file: { segment: number; handle: FileHandle } | undefined;
  let saved = '';

  const nameOf = (segment: number) => join(path, `${String(segment).padStart(8, '0')}.jsonl`);

  /** Learns from the files what there is; without `from`, all of it waits. */
  async function load(from?: Place): Promise<void> {
    const found = new Map<number, { bytes: number; newest: number }>();
    for (const name of (await readdir(path)).sort()) {
      const number = /^(\d{8})\.jsonl$/.exec(name)?.[1];
      if (number === undefined) continue;
      const { size, mtimeMs } = await stat(join(path, name));
      found.set(Number(number), { bytes: size, newest: mtimeMs });
    }
    segments = found;
    const [first = 1] = found.keys();
    mark = from && from.segment >= first ? from : { segment: first, offset: 0 };
    waiting = new Map();
    readings += 1;
    for (let at = mark; ; ) {
      const lines = await linesFrom(at);
      const last = lines.at(-1);
      if (!last) break;
      for (const { kept } of lines) if (kept) wait(kept);
      at = last.end;
    }
    writable = Math.max(0, ...found.keys()) + 1;
  }

  function wait(kept: Kept): void {
    const { at, epoch, after, isStored } = kept;
    const id = storyOf(kept.draft);
    const each = waiting.get(id) ?? { drafts: [], passed: 0 };
    each.drafts.push({ print: printOf(kept), at, epoch, after, isStored });
    waiting.set(id, each);
  }

  /** Lines of one segment. What has no end is torn, as nothing is read that is still being written. */
  async function linesFrom(place: Place): Promise<Line[]> {
    let { segment, offset } = place;
    let bytes = segments.get(segment)?.bytes ?? 0;
    while (offset >= bytes) {
      const next = [...segments.keys()].find((number) => number > segment);
      if (next === undefined) return [];
      [segment, offset, bytes] = [next, 0, segments.get(next)?.bytes ?? 0];
    }
    const handle = await open(nameOf(segment), 'r');
    try {
      for (let length = READ_BYTES; ; length *= 2) {
        const chunk = Buffer.alloc(Math.min(length, bytes - offset));
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, offset);
        const lines: Line[] = [];
        let from = 0;
        for (let to = chunk.indexOf(NEWLINE); to >= 0 && to < bytesRead; to = chunk.indexOf(NEWLINE, from)) {
          const kept = parseKept(chunk.toString('utf8', from, to));
          from = to + 1;
          lines.push({ kept, end: { segment, offset: offset + from }, reading: readings });
        }
        if (lines.length > 0) return lines;
        if (offset + length >= bytes) return [{ end: { segment, offset: bytes }, reading: readings }];
      }
    } finally {
      await handle.close();
    }
  }

  function flush(): Promise<void> {
    if (buffer.length > 0) flushing ??= writeBuffer();
    return flushing ?? Promise.resolve();
  }

  /** Until nothing is left to be written: who comes while it writes waits for the same promise. */
  async function writeBuffer(): Promise<void> {
    try {
      while (buffer.length > 0) {
        // One turn later, so that what is handed in together is written together.
        await Promise.resolve();
        const lines = buffer;
        buffer = [];
        for (const segment of new Set(lines.map((line) => line.segment))) {
          if (file?.segment !== segment) {
            await file?.handle.close();
            file = { segment, handle: await open(nameOf(segment), 'a') };
          }
          const own = lines.filter((line) => line.segment === segment);
          await file.handle.appendFile(own.map(({ text }) => text).join(''));
        }
        // Whoever holds us to be dead takes the folder away; what is written after that may be seen by nobody.
        await stat(path);
      }
    } catch (error) {
      buffer = [];
      await file?.handle.close().catch(() => {});
      file = undefined;
      await reload(async () => load(mark)).catch(() => {});
      throw error;
    } finally {
      flushing = undefined;
    }
  }

  /** Nothing is added meanwhile. */
  function reload(action: () => Promise<void>): Promise<void> {
    const ended: Promise<void> = action().finally(() => {
      if (loading === ended) loading = undefined;
    });
    loading = ended;
    return ended;
  }

  function isAtEnd(): boolean {
    const last = [...segments.keys()].at(-1);
    return last === undefined || mark.segment > last || waitingBytes() === 0;
  }

  function waitingBytes(): number {
    let bytes = 0;
    for (const [number, segment] of segments) {
      if (number > mark.segment) bytes += segment.bytes;
      else if (number === mark.segment) bytes += segment.bytes - mark.offset;
    }
    return bytes;
  }

  const left = readMark(await readFile(join(path, MARK), 'utf8').catch(() => ''));
  epoch = left?.epoch;
  await load(left);

  return {
    path,
    get epoch() {
      return epoch;
    },
    set epoch(of) {
      epoch = of;
    },
    get waiting() {
      return waiting;
    },
    waitingBytes,

    async write(kept) {
      while (loading) await loading.catch(() => {});
      const text = `${JSON.stringify(kept)}\n`;
      const follows = kept.isStored && isAtEnd();
      if ((segments.get(writable)?.bytes ?? 0) >= SEGMENT_BYTES) writable += 1;
      const segment = segments.get(writable) ?? { bytes: 0, newest: 0 };
      segment.bytes += Buffer.byteLength(text);
      segment.newest = Math.max(segment.newest, kept.at);
      segments.set(writable, segment);
      if (follows) mark = { segment: writable, offset: segment.bytes };
      else wait(kept);
      buffer.push({ segment: writable, text });
      await flush();
    },

    async read() {
      await flush().catch(() => {});
      while (loading) await loading.catch(() => {});
      return linesFrom(mark);
    },

    pass({ kept, end, reading }) {
      if (reading !== readings) return;
      mark = end;
      const id = kept && storyOf(kept.draft);
      const each = id === undefined ? undefined : waiting.get(id);
      if (!each || id === undefined) return;
      each.passed += 1;
      if (each.passed >= each.drafts.length) waiting.delete(id);
    },

    rewind: () =>
      reload(async () => {
        await flush().catch(() => {});
        await load();
      }),

    async save() {
      const text = JSON.stringify({ epoch, ...mark });
      if (text === saved) return;
      await writeFile(join(path, MARK), text);
      saved = text;
    },

    async trim(before, bytes) {
      let stored = [...segments].filter(([number]) => number < mark.segment);
      const last = segments.get(mark.segment);
      if (last && mark.offset >= last.bytes) stored.push([mark.segment, last]);
      let total = stored.reduce((sum, [, segment]) => sum + segment.bytes, 0);
      stored = stored.filter(([, segment]) => {
        const goes = segment.newest < before || total > bytes;
        if (goes) total -= segment.bytes;
        return goes;
      });
      for (const [number] of stored) {
        segments.delete(number);
        if (writable === number) writable += 1;
        if (mark.segment === number) mark = { segment: number + 1, offset: 0 };
        await rm(nameOf(number), { force: true });
      }
      return segments.size === 0;
    },

    async close() {
      await flush().catch(() => {});
      await file?.handle.close().catch(() => {});
      file = undefined;
    },
  };
}

function readMark(text: string): z.infer<typeof markSchema> | undefined {
  try {
    return markSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
