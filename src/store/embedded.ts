import { randomBytes } from 'node:crypto';
import type { Database } from 'lmdb';
import { formatCursor, type Position, parseCursor } from '../core/cursor.ts';
import { WireError } from '../core/errors.ts';
import type { Content, Entry, Story } from '../core/story.ts';
import type { Why } from '../core/topic.ts';
import { bootId } from './boot.ts';
import { checked } from './checked.ts';
import { openFiles, reasonOf } from './embedded-files.ts';
import { embeddedHeld } from './embedded-held.ts';
import { embeddedNotes } from './embedded-notes.ts';
import { fingerprint } from './fingerprint.ts';
import { createFollow, type Follow } from './follow.ts';
import { noted } from './notes.ts';
import { KNOWN_VERSIONS, oldestKept, oldestRemembered, type Retention, TOUCH_MS } from './retention.ts';
import type { Appended, ContentDraft, Draft, Head, Range, Read, SourceRecord, Store } from './store.ts';
import { withdrawalOf } from './withdrawal.ts';

/** What is remembered of a story for as long as a feed may show it again, whether or not the log still has it. */
interface Item {
  version: number;
  status: Story['status'];
  fingerprint: string;
  firstCreated: string;
  /** Where its versions are in the log, oldest first. */
  sequences: number[];
  /** When a source last showed it, in milliseconds since 1970, to within a day. */
  touched: number;
}

const META = { epoch: 'epoch', first: 'first', last: 'last', lineage: 'lineage', boot: 'boot' } as const;

/** How many entries and stories one sweep removes, so that it never holds up the loop. */
const SWEEP = 2_000;
/** Cursors of older epochs than these are recognised no longer. */
const MOST_EPOCHS = 32;

export interface EmbeddedOptions {
  /** A folder, made when it is not there. One service at a time may write to it. */
  path: string;
  retention: Retention;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Names this life of the machine. */
  boot?: string;
}

/**
 * The store of one machine: LMDB, which needs no server. An append is one transaction; a process that is killed leaves
 * the last committed state, never a part of one. A power cut may take back the last commits, not the order of them.
 */
export function openEmbedded({ path, retention, now = Date.now, boot = bootId() }: EmbeddedOptions): Store {
  const files = openFiles(path);
  const { root } = files;
  const meta: Database<string | number, string> = root.openDB({ name: 'meta', encoding: 'json' });
  const log: Database<Entry, number> = root.openDB({ name: 'log', encoding: 'json' });
  const items: Database<Item, string> = root.openDB({ name: 'items', encoding: 'json' });
  const touched: Database<true, [number, string]> = root.openDB({ name: 'touched', encoding: 'json' });
  const records: Database<SourceRecord, string> = root.openDB({ name: 'sources', encoding: 'json' });
  const held = embeddedHeld(root, write);
  const notes = embeddedNotes(root);
  const views: Database<number, string> = root.openDB({ name: 'views', encoding: 'json' });
  const follows = new Set<Follow>();

  if (meta.get(META.epoch) === undefined || meta.get(META.boot) !== boot) root.transactionSync(begin);
  // Nobody else writes here, so these stay what they are for as long as the store is open.
  const epoch = String(meta.get(META.epoch));
  const lineage = readLineage();

  /** A new epoch for a log that begins, or that may have lost its last entries with the power. */
  function begin(): void {
    const epoch = meta.get(META.epoch);
    const before = meta.get(META.boot);
    if (epoch !== undefined && before !== undefined && before !== boot) {
      const lives = [...readLineage(), { epoch: String(epoch), sequence: readLast() }];
      meta.put(META.lineage, lives.slice(-MOST_EPOCHS).map(formatCursor).join(' '));
    }
    if (epoch === undefined || (before !== undefined && before !== boot))
      meta.put(META.epoch, randomBytes(5).toString('hex'));
    meta.put(META.boot, boot);
  }

  function readLineage(): Position[] {
    return String(meta.get(META.lineage) ?? '')
      .split(' ')
      .filter(Boolean)
      .map(parseCursor);
  }

  function readFirst(): number {
    return Number(meta.get(META.first) ?? 1);
  }

  function readLast(): number {
    return Number(meta.get(META.last) ?? 0);
  }

  function readHead(): Head {
    return { epoch, first: readFirst(), last: readLast(), lineage: [...lineage] };
  }

  function asRead(entry: Entry): Read {
    const { id } = entry.story;
    const current = items.get(id)?.sequences.at(-1) === entry.sequence;
    return { ...entry, story: noted(entry.story, notes.noteOf(id)), current };
  }

  function remember(id: string, item: Omit<Item, 'touched'>, before: Item | undefined): void {
    if (before) touched.remove([before.touched, id]);
    const at = now();
    touched.put([at, id], true);
    items.put(id, { ...item, touched: at });
  }

  function add(
    before: Item | undefined,
    next: Pick<Item, 'status' | 'fingerprint'>,
    story: Omit<Story, 'version' | 'status' | 'cursor' | 'firstCreated' | 'versionCreated'>,
    { reach, why }: { reach?: Entry['reach']; why?: readonly Why[] },
  ): Entry {
    const sequence = readLast() + 1;
    const at = now();
    const time = new Date(at).toISOString();
    const version = (before?.version ?? 0) + 1;
    const firstCreated = before?.firstCreated ?? time;
    const cursor = formatCursor({ epoch, sequence });
    const entry: Entry = {
      sequence,
      at,
      story: { ...story, version, status: next.status, cursor, firstCreated, versionCreated: time },
      ...(reach === undefined ? {} : { reach }),
    };
    log.put(sequence, entry);
    notes.begin(story.id, why);
    meta.put(META.last, sequence);
    const sequences = [...(before?.sequences ?? []), sequence].slice(-KNOWN_VERSIONS);
    remember(story.id, { ...next, version, firstCreated, sequences }, before);
    trimTo(sequence - retention.stories + 1, readFirst());
    return entry;
  }

  function trimTo(first: number, from: number): void {
    for (let sequence = from; sequence < first; sequence += 1) log.remove(sequence);
    if (first > from) meta.put(META.first, first);
  }

  function isKnown(item: Item | undefined, print: string): item is Item {
    return item?.status === 'usable' && item.fingerprint === print;
  }

  function addContent({ content, correction, why }: ContentDraft, print: string): Appended {
    const item = items.get(content.id);
    if (isKnown(item, print)) {
      if (now() - item.touched > TOUCH_MS) remember(content.id, item, item);
      return { outcome: 'known' };
    }
    const change = item ? (correction ? 'correction' : 'update') : 'new';
    const entry = add(item, { status: 'usable', fingerprint: print }, { ...content, change }, { why });
    return { outcome: item ? 'updated' : 'new', entry };
  }

  function addWithdrawal(id: string): Appended {
    const item = items.get(id);
    if (!item || item.status === 'canceled') return { outcome: 'known' };
    const earlier = item.sequences.flatMap((sequence) => log.get(sequence) ?? []);
    const { story, reach } = withdrawalOf(id, earlier, earlier.length === item.version, notes.noteOf(id));
    return {
      outcome: 'canceled',
      entry: add(item, { status: 'canceled', fingerprint: '' }, story, { reach }),
    };
  }

  /** A failed write becomes `unavailable`; LMDB has rolled it back as a whole. */
  async function write<T>(action: () => T): Promise<T> {
    try {
      // A child transaction, because LMDB batches the outer ones: one that throws takes back its own writes only.
      return await root.transaction(() => root.childTransaction(action));
    } catch (error) {
      const reason = await reasonOf(error);
      throw new WireError('unavailable', `Could not write to the store in ${path}: ${reason.message}`, {
        cause: reason,
      });
    }
  }

  /** Removes a bounded number of what is too old. Answers whether there may be more. */
  function sweep(): boolean {
    const before = readFirst();
    let first = before;
    for (const { key, value } of log.getRange({ start: before, limit: SWEEP })) {
      if (value.at >= oldestKept(retention, now())) break;
      first = key + 1;
    }
    trimTo(first, before);
    const forgotten = [...touched.getKeys({ end: [oldestRemembered(retention, now()), ''], limit: SWEEP })];
    for (const [at, id] of forgotten) {
      touched.remove([at, id]);
      items.remove(id);
      views.remove(id);
      notes.forget(id);
    }
    return first - before === SWEEP || forgotten.length === SWEEP;
  }

  /** Most of what a feed shows is known, and knowing it takes no transaction. */
  function isFreshlyKnown(content: Content, print: string): boolean {
    const item = items.get(content.id);
    return isKnown(item, print) && now() - item.touched <= TOUCH_MS;
  }

  async function appendContent(draft: ContentDraft, release: boolean): Promise<Appended> {
    const { content } = draft;
    checked(content);
    const print = fingerprint(content);
    if (!release && isFreshlyKnown(content, print)) return { outcome: 'known' };
    return write(() => {
      if (release && !held.take(draft)) return { outcome: 'known' };
      return addContent(draft, print);
    });
  }

  return {
    async append(draft: Draft, release?: 'release') {
      const appended =
        draft.kind === 'content'
          ? await appendContent(draft, release !== undefined)
          : await write(() => addWithdrawal(draft.id));
      if (appended.outcome !== 'known') {
        for (const follow of follows) follow.hint(epoch, appended.entry);
      }
      return appended;
    },

    async hold(draft, at) {
      checked(draft.content);
      await held.hold(draft, at);
    },
    held: held.held,
    unhold: held.unhold,
    due: held.due,

    // One process has this store, so it is the only ingestor, and every source is its own.
    join: async (member) => [member],
    leave: async () => {},
    claim: async (_member, ids) => new Set(ids),
    unclaim: async () => {},

    async head() {
      return readHead();
    },

    async read(range: Range): Promise<Read[]> {
      const keys = range.newestFirst
        ? { start: range.before - 1, reverse: true, limit: range.limit }
        : { start: range.after + 1, limit: range.limit };
      return [...log.getRange(keys)].map(({ value }) => asRead(value));
    },

    async readAt(sequences: readonly number[]) {
      return sequences.flatMap((sequence) => log.get(sequence) ?? []).map(asRead);
    },

    async story(id: string) {
      const sequence = items.get(id)?.sequences.at(-1);
      const story = sequence === undefined ? undefined : log.get(sequence)?.story;
      return story && noted(story, notes.noteOf(id));
    },

    async note(id, version, findings, why) {
      const done = await write(() => {
        const item = items.get(id);
        if (item?.version !== version || item.status !== 'usable') return false;
        notes.note(id, version, findings, why);
        return true;
      });
      if (done) for (const follow of follows) follow.noted(id, version, findings);
      return done;
    },

    async why(id) {
      return notes.why(id);
    },

    async follow(after: Position, follower) {
      const source = {
        head: async () => readHead(),
        entriesAfter: async (sequence: number, limit: number) =>
          [...log.getRange({ start: sequence + 1, limit })].map(({ value }) => value),
      };
      const follow = createFollow(source, after, follower);
      follows.add(follow);
      void follow.catchUp();
      return {
        catchUp: follow.catchUp,
        async close() {
          follows.delete(follow);
          await follow.close();
        },
      };
    },

    async source(id: string) {
      return records.get(id);
    },

    async sources() {
      return new Map([...records.getRange()].map(({ key, value }) => [key, value]));
    },

    async saveSource(id: string, record: SourceRecord) {
      await write(() => records.put(id, record));
    },

    async setting(name: string) {
      const text = meta.get(`setting ${name}`);
      return text === undefined ? undefined : String(text);
    },

    async saveSetting(name: string, text: string) {
      await write(() => meta.put(`setting ${name}`, text));
    },

    async addViews(counts: ReadonlyMap<string, number>) {
      await write(() => {
        for (const [id, count] of counts) {
          if (items.doesExist(id)) views.put(id, (views.get(id) ?? 0) + count);
        }
      });
    },

    async views(ids: readonly string[]) {
      return new Map(ids.flatMap((id) => (views.doesExist(id) ? [[id, views.get(id) ?? 0] as const] : [])));
    },

    async retain() {
      for (let more = true; more; ) more = await write(sweep);
    },

    async close() {
      await Promise.all([...follows].map((follow) => follow.close()));
      await files.close();
    },
  } satisfies Store;
}
