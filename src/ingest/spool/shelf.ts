import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Book, openBook } from './book.ts';

/** The folder in which each process has a book of its own, and takes those of processes that are no more. */
export interface Shelf {
  /** Where this process writes. */
  own(): Book;
  /** Its own and those that it has taken. */
  books(): readonly Book[];
  /** Says that this process is alive, and takes the books of those that are not. Answers those that it took. */
  beat(): Promise<Book[]>;
  /** Begins a new one, when another process has taken the old one. */
  replace(gone: Book): Promise<void>;
  /** Removes one that has nothing in it, or leaves it alone when it is its own. */
  discard(book: Book): Promise<void>;
  /** Leaves everything to whoever comes next, at once. */
  close(): Promise<void>;
}

export interface ShelfOptions {
  /** Milliseconds since 1970, as on the machine whose disk it is. */
  now: () => number;
  /** A book whose owner has not said for so many milliseconds that it is alive may be taken. */
  staleMs?: number;
}

/**
 * A book is taken by renaming its folder: of two who try, one succeeds. Its owner may only have been held up; it sees
 * with its next write that the folder is gone, and writes that again to a new one.
 *
 * @throws {Error} of the file system
 */
export async function openShelf(folder: string, { now, staleMs = 5_000 }: ShelfOptions): Promise<Shelf> {
  const fresh = () => openBook(join(folder, randomUUID()));
  let own = await fresh();
  const taken = new Set<Book>();
  let replacing: Promise<void> | undefined;

  async function take(name: string): Promise<Book | undefined> {
    const path = join(folder, name);
    const at = now() / 1000;
    if (now() - (await stat(path)).mtimeMs < staleMs) return undefined;
    await utimes(path, at, at);
    const mine = join(folder, randomUUID());
    await rename(path, mine);
    const book = await openBook(mine);
    taken.add(book);
    return book;
  }

  async function drop(book: Book): Promise<void> {
    taken.delete(book);
    await book.close();
  }

  async function beat(book: Book): Promise<void> {
    const at = now() / 1000;
    try {
      await utimes(book.path, at, at);
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (book === own) await replace(book);
      else await drop(book);
    }
  }

  async function replace(gone: Book): Promise<void> {
    if (gone !== own) return replacing;
    replacing ??= (async () => {
      await mkdir(folder, { recursive: true });
      const { epoch } = gone;
      const next = await fresh();
      next.epoch = epoch;
      own = next;
      await gone.close();
    })().finally(() => {
      replacing = undefined;
    });
    return replacing;
  }

  return {
    own: () => own,
    books: () => [...taken, own],
    replace,
    async beat() {
      for (const book of [...taken, own]) await beat(book);
      const mine = new Set([own, ...taken].map(({ path }) => path));
      const entries = await readdir(folder, { withFileTypes: true });
      const names = entries
        .filter((entry) => entry.isDirectory() && !mine.has(join(folder, entry.name)))
        .map(({ name }) => name);
      const took: Book[] = [];
      for (const name of names) {
        const book = await take(name).catch((error: unknown) => {
          // Another one was faster.
          if (isMissing(error)) return undefined;
          throw error;
        });
        if (book) took.push(book);
      }
      return took;
    },
    async discard(book) {
      if (book === own) return;
      await drop(book);
      await rm(book.path, { recursive: true, force: true });
    },
    async close() {
      for (const book of [...taken, own]) {
        await book.save().catch(() => {});
        await book.close();
        const isEmpty = book.waitingBytes() === 0 && (await book.trim(0, Number.MAX_SAFE_INTEGER));
        if (isEmpty) await rm(book.path, { recursive: true, force: true });
        else await utimes(book.path, 0, 0).catch(() => {});
      }
    },
  };
}

export function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
