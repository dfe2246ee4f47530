import { z } from 'zod';
import { entrySchema, whySchema } from '../core/schema.ts';
import type { Entry, Story } from '../core/story.ts';
import type { Why } from '../core/topic.ts';
import { KNOWN_VERSIONS } from './retention.ts';
import type { Range } from './store.ts';

/** What is remembered of a story for as long as a feed may show it again, whether or not the log still has it. */
export interface Item {
  version: number;
  status: Story['status'];
  fingerprint: string;
  firstCreated: string;
  /** Where its versions are in the log, oldest first. */
  sequences: number[];
  /** When a source last showed it, in milliseconds since 1970, to within a day. */
  touched: number;
}

/** An entry of the log that is not in LMDB yet, and what goes with it. */
export interface Added {
  entry: Entry;
  fingerprint: string;
  why?: readonly Why[];
}

/** The newest part of the log, as long as LMDB has not taken it: read here first. */
export interface Pending {
  /** `size` is about how many bytes it takes. */
  add(added: Added, item: Item, size: number): void;
  entry(sequence: number): Entry | undefined;
  /** Of a story that has a version here: what is remembered of it, and why it has its topics. */
  story(id: string): { item: Item; why: readonly Why[] | undefined } | undefined;
  /** In log order. */
  all(): Iterable<Added>;
  /** Those within a range, in its order. */
  within(range: Range): Entry[];
  /** The first and the last sequence; `undefined` when there is nothing. */
  first(): number | undefined;
  last(): number | undefined;
  size(): { entries: number; bytes: number };
  /** LMDB has all up to and including this one. */
  drop(sequence: number): void;
}

export function createPending(): Pending {
  let entries: { added: Added; size: number }[] = [];
  let bytes = 0;
  const stories = new Map<string, { item: Item; why: readonly Why[] | undefined; sequence: number }>();
  const first = () => entries[0]?.added.entry.sequence;

  return {
    add(added, item, size) {
      entries.push({ added, size });
      bytes += size;
      const { story, sequence } = added.entry;
      stories.set(story.id, { item, why: added.why, sequence });
    },
    entry: (sequence) => entries[sequence - (first() ?? 0)]?.added.entry,
    story: (id) => stories.get(id),
    all: () => entries.map(({ added }) => added),
    within(range) {
      const from = first();
      if (from === undefined) return [];
      const part = range.newestFirst
        ? entries
            .slice(0, Math.max(0, range.before - from))
            .slice(-range.limit)
            .reverse()
        : entries.slice(Math.max(0, range.after + 1 - from)).slice(0, range.limit);
      return part.map(({ added }) => added.entry);
    },
    first,
    last: () => entries.at(-1)?.added.entry.sequence,
    size: () => ({ entries: entries.length, bytes }),
    drop(sequence) {
      for (const { added, size } of entries) {
        const { entry } = added;
        if (entry.sequence > sequence) break;
        bytes -= size;
        if (stories.get(entry.story.id)?.sequence === entry.sequence) stories.delete(entry.story.id);
      }
      entries = entries.filter(({ added }) => added.entry.sequence > sequence);
    },
  };
}

/** What is remembered of a story when this has been added to what was. */
export function itemAfter({ entry, fingerprint }: Added, before: Item | undefined): Item {
  const { version, status, firstCreated } = entry.story;
  const sequences = [...(before?.sequences ?? []), entry.sequence].slice(-KNOWN_VERSIONS);
  return { version, status, fingerprint, firstCreated, sequences, touched: entry.at };
}

const addedSchema: z.ZodType<Added> = z.object({
  entry: entrySchema,
  fingerprint: z.string(),
  why: z.array(whySchema).optional(),
});

/** From a line of the journal; `undefined` when it was torn. */
export function parseAdded(line: string): Added | undefined {
  try {
    return addedSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
