import type { Entry } from '../core/story.ts';
import type { Findings, Read } from '../store/store.ts';

/** The newest entries of the log, without a hole, in memory. */
export interface Recent {
  /** The next entry; one that does not follow the last begins anew. */
  keep(entry: Entry): void;
  /** What was found out about a story, if its newest version here is this one. */
  note(id: string, version: number, findings: Findings): void;
  /** Forgets what comes after this one, and gives it back. */
  cut(sequence: number): Entry[];
  clear(): void;
  newest(count: number): readonly Entry[];
  /** The place after which everything is here; `undefined` when nothing is. */
  start(): number | undefined;
  after(sequence: number, limit: number): Read[];
  /** These entries, all of which have to be here. */
  at(sequences: readonly number[]): Read[];
  /** Newest first. */
  before(sequence: number, limit: number): Read[];
}

/** Trimmed in halves, so that it costs nothing per entry: there are up to twice as many as `entries` and `bytes` say. */
export function createRecent({
  entries: most,
  bytes: mostBytes,
}: {
  entries: number;
  bytes: number;
}): Recent {
  let entries: Entry[] = [];
  let bytes = 0;
  /** Where the newest version of each story is. */
  const places = new Map<string, number>();

  const read = (entry: Entry): Read => ({ ...entry, current: places.get(entry.story.id) === entry.sequence });
  const first = () => entries[0]?.sequence ?? 0;

  function clear(): void {
    entries = [];
    bytes = 0;
    places.clear();
  }

  function trim(): void {
    let from = 0;
    while (entries.length - from > most || bytes > mostBytes) {
      const old = entries[from];
      if (!old) break;
      bytes -= sizeOf(old);
      if (places.get(old.story.id) === old.sequence) places.delete(old.story.id);
      from += 1;
    }
    entries = entries.slice(from);
  }

  return {
    keep(entry) {
      if (entry.sequence !== (entries.at(-1)?.sequence ?? 0) + 1) clear();
      entries.push(entry);
      bytes += sizeOf(entry);
      places.set(entry.story.id, entry.sequence);
      if (entries.length > 2 * most || bytes > 2 * mostBytes) trim();
    },
    note(id, version, findings) {
      const index = (places.get(id) ?? 0) - first();
      const entry = entries[index];
      if (entry?.story.id !== id || entry.story.version !== version) return;
      entries[index] = { ...entry, story: { ...entry.story, ...findings } };
    },
    cut(sequence) {
      const from = entries.findIndex((entry) => entry.sequence > sequence);
      if (from < 0) return [];
      const lost = entries.splice(from);
      for (const entry of lost) {
        bytes -= sizeOf(entry);
        places.delete(entry.story.id);
      }
      // An earlier version of what is lost is the newest again.
      for (const entry of entries) places.set(entry.story.id, entry.sequence);
      return lost;
    },
    clear,
    newest: (count) => entries.slice(-count),
    start: () => (entries.length === 0 ? undefined : first() - 1),
    after: (sequence, limit) =>
      entries.slice(sequence + 1 - first(), sequence + 1 - first() + limit).map(read),
    at: (sequences) => sequences.flatMap((sequence) => entries[sequence - first()] ?? []).map(read),
    before: (sequence, limit) => {
      const end = Math.max(0, Math.min(sequence - first(), entries.length));
      return entries
        .slice(Math.max(0, end - limit), end)
        .reverse()
        .map(read);
    },
  };
}

/** About how many bytes an entry takes: its texts, and something for the rest. */
function sizeOf({ story }: Entry): number {
  return 1_000 + 2 * ((story.body?.length ?? 0) + (story.description?.length ?? 0) + story.headline.length);
}
