import { randomBytes } from 'node:crypto';
import type { Database, RootDatabase } from 'lmdb';
import { formatCursor, type Lineage, type Position, parseCursor } from '../core/cursor.ts';
import type { Entry } from '../core/story.ts';
import type { EmbeddedNotes } from './embedded-notes.ts';
import { type Added, type Item, itemAfter, parseAdded } from './embedded-pending.ts';
import { KNOWN_EPOCHS, oldestKept, oldestRemembered, type Retention } from './retention.ts';

/** The log as LMDB has it, and what is remembered of its stories. Whatever changes it is called within a transaction. */
export interface EmbeddedLog {
  /** Whether it has an epoch of this life of the machine. */
  isBegun(): boolean;
  /** A new epoch for a log that begins, or that may have lost its last entries with the power. */
  begin(): void;
  epoch(): string;
  lineage(): Lineage;
  first(): number;
  last(): number;
  item(id: string): Item | undefined;
  entry(sequence: number): Entry | undefined;
  /** From `start` up or down to `end`, without it. */
  entries(range: { start: number; end: number; reverse?: boolean; limit: number }): Entry[];
  /**
   * Those that it does not have yet, in log order.
   * @throws {Error} when it has another story in the place of one
   */
  put(all: Iterable<Added>): void;
  /** What a process that was killed had appended. Answers whether the log goes on with it. */
  takeOver(line: string): boolean;
  /** A source has shown the story again. */
  touch(id: string): void;
  /** Removes a bounded number of what is too old. Answers where the log begins then, and whether there may be more. */
  sweep(): { first: number; more: boolean };
  addViews(counts: ReadonlyMap<string, number>): void;
  views(id: string): number | undefined;
  setting(name: string): string | undefined;
  saveSetting(name: string, text: string): void;
}

export interface EmbeddedLogOptions {
  notes: EmbeddedNotes;
  retention: Retention;
  now: () => number;
  boot: string;
}

/** Two processes write to one folder: neither can know what the other has given out. */
export const OTHERS = 'another process writes to it';

const META = { epoch: 'epoch', first: 'first', last: 'last', lineage: 'lineage', boot: 'boot' } as const;
/** How many entries and stories one sweep removes, so that it never holds up the loop. */
const SWEEP = 2_000;

export function embeddedLog(
  root: RootDatabase,
  { notes, retention, now, boot }: EmbeddedLogOptions,
): EmbeddedLog {
  const meta: Database<string | number, string> = root.openDB({ name: 'meta', encoding: 'json' });
  const log: Database<Entry, number> = root.openDB({ name: 'log', encoding: 'json' });
  const items: Database<Item, string> = root.openDB({ name: 'items', encoding: 'json' });
  const touched: Database<true, [number, string]> = root.openDB({ name: 'touched', encoding: 'json' });
  const views: Database<number, string> = root.openDB({ name: 'views', encoding: 'json' });

  const first = () => Number(meta.get(META.first) ?? 1);
  const last = () => Number(meta.get(META.last) ?? 0);

  function lineage(): Position[] {
    return String(meta.get(META.lineage) ?? '')
      .split(' ')
      .filter(Boolean)
      .map(parseCursor);
  }

  function remember(id: string, item: Item, before: Item | undefined): void {
    if (before) touched.remove([before.touched, id]);
    touched.put([item.touched, id], true);
    items.put(id, item);
  }

  function add(added: Added): void {
    const { sequence, story } = added.entry;
    const before = items.get(story.id);
    log.put(sequence, added.entry);
    notes.begin(story.id, added.why);
    remember(story.id, itemAfter(added, before), before);
  }

  function put(all: Iterable<Added>): void {
    const before = last();
    let newest = before;
    for (const added of all) {
      const { sequence, story } = added.entry;
      if (sequence > newest) {
        add(added);
        newest = sequence;
      } else if ((log.get(sequence)?.story.id ?? story.id) !== story.id) throw new Error(OTHERS);
    }
    if (newest === before) return;
    meta.put(META.last, newest);
    trimTo(newest - retention.stories + 1, first());
  }

  function trimTo(sequence: number, from: number): void {
    for (let old = from; old < sequence; old += 1) log.remove(old);
    if (sequence > from) meta.put(META.first, sequence);
  }

  return {
    isBegun: () => meta.get(META.epoch) !== undefined && meta.get(META.boot) === boot,

    begin() {
      const epoch = meta.get(META.epoch);
      const before = meta.get(META.boot);
      if (epoch !== undefined && before !== undefined && before !== boot) {
        const lives = [...lineage(), { epoch: String(epoch), sequence: last() }];
        meta.put(META.lineage, lives.slice(-KNOWN_EPOCHS).map(formatCursor).join(' '));
      }
      if (epoch === undefined || (before !== undefined && before !== boot))
        meta.put(META.epoch, randomBytes(5).toString('hex'));
      meta.put(META.boot, boot);
    },

    epoch: () => String(meta.get(META.epoch)),
    lineage,
    first,
    last,
    item: (id) => items.get(id),
    entry: (sequence) => log.get(sequence),
    entries: (range) => (range.limit > 0 ? [...log.getRange(range)].map(({ value }) => value) : []),
    put,

    takeOver(line) {
      const added = parseAdded(line);
      if (!added || parseCursor(added.entry.story.cursor).epoch !== meta.get(META.epoch)) return false;
      if (added.entry.sequence > last() + 1) return false;
      put([added]);
      return true;
    },

    touch(id) {
      const item = items.get(id);
      if (item) remember(id, { ...item, touched: now() }, item);
    },

    sweep() {
      const before = first();
      let kept = before;
      for (const { key, value } of log.getRange({ start: before, limit: SWEEP })) {
        if (value.at >= oldestKept(retention, now())) break;
        kept = key + 1;
      }
      trimTo(kept, before);
      const forgotten = [...touched.getKeys({ end: [oldestRemembered(retention, now()), ''], limit: SWEEP })];
      for (const [at, id] of forgotten) {
        touched.remove([at, id]);
        items.remove(id);
        views.remove(id);
        notes.forget(id);
      }
      return { first: kept, more: kept - before === SWEEP || forgotten.length === SWEEP };
    },

    addViews(counts) {
      for (const [id, count] of counts) {
        if (items.doesExist(id)) views.put(id, (views.get(id) ?? 0) + count);
      }
    },
    views: (id) => views.get(id),

    setting(name) {
      const text = meta.get(`setting ${name}`);
      return text === undefined ? undefined : String(text);
    },
    saveSetting: (name, text) => void meta.put(`setting ${name}`, text),
  };
}
