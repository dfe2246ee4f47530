import { setImmediate as breathe } from 'node:timers/promises';
import type { Database } from 'lmdb';
import { formatCursor, type Position } from '../core/cursor.ts';
import { WireError } from '../core/errors.ts';
import type { Entry, Story } from '../core/story.ts';
import type { Why } from '../core/topic.ts';
import { bootId } from './boot.ts';
import { checked } from './checked.ts';
import { openFiles, reasonOf } from './embedded-files.ts';
import { embeddedHeld } from './embedded-held.ts';
import { openJournal } from './embedded-journal.ts';
import { embeddedLog, OTHERS } from './embedded-log.ts';
import { embeddedNotes } from './embedded-notes.ts';
import { type Added, createPending, type Item, itemAfter } from './embedded-pending.ts';
import { fingerprint } from './fingerprint.ts';
import { createFollow, type Follow } from './follow.ts';
import { type Note, noted } from './notes.ts';
import { type Retention, TOUCH_MS } from './retention.ts';
import type {
  Appended,
  ContentDraft,
  Draft,
  Head,
  Offered,
  Range,
  Read,
  SourceRecord,
  Store,
} from './store.ts';
import { withdrawalOf } from './withdrawal.ts';

/** What has been appended is handed to LMDB so long after the first of it, or when it is so much. */
const HAND_OVER = { ms: 1_000, entries: 100, bytes: 1024 * 1024 };
/** What waits for LMDB at most, in entries and bytes; who appends then waits with it. */
const MOST_PENDING = { entries: 2_000, bytes: 16 * 1024 * 1024 };
/** So many appends in one turn of the event loop; then others have theirs. */
const IN_ONE_TURN = 16;

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
 * The store of one machine: LMDB, which needs no server, and a journal before it. An append is one line of the journal;
 * about once a second a transaction takes over what has been appended, because one for each story would cost more than all
 * else that is done with it. A process that is killed leaves every line that it wrote, never a part of one. A power cut may
 * take back the last of them, not their order.
 */
export function openEmbedded({ path, retention, now = Date.now, boot = bootId() }: EmbeddedOptions): Store {
  const files = openFiles(path);
  const { root } = files;
  const journal = openJournal(path);
  const pending = createPending();
  const records: Database<SourceRecord, string> = root.openDB({ name: 'sources', encoding: 'json' });
  const held = embeddedHeld(root, write);
  const notes = embeddedNotes(root);
  const log = embeddedLog(root, { notes, retention, now, boot });
  const follows = new Set<Follow>();

  if (journal.left.length > 0 || !log.isBegun()) {
    root.transactionSync(() => {
      for (const line of journal.left) if (!log.takeOver(line)) break;
      if (!log.isBegun()) log.begin();
    });
  }
  journal.clear(Number.POSITIVE_INFINITY);
  // Nobody else writes here, so these stay what they are for as long as the store is open.
  const epoch = log.epoch();
  const lineage = log.lineage();
  // How far the log reaches with what is pending.
  let first = log.first();
  let last = log.last();
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;
  let hasFailed = false;
  /** Releases are under way: they give out sequences within a transaction. */
  let releases: Promise<unknown> | undefined;
  /** The sequence that was given out so last. */
  let released = 0;
  let inThisTurn = 0;

  function readHead(): Head {
    return { epoch, first, last, lineage: [...lineage] };
  }

  function itemOf(id: string): Item | undefined {
    return pending.story(id)?.item ?? log.item(id);
  }

  /** What a release has committed is not in the log before `last` says so: nobody sees it earlier by its id. */
  function newestOf(id: string): number | undefined {
    return itemOf(id)?.sequences.findLast((sequence) => sequence <= last);
  }

  function entryAt(sequence: number): Entry | undefined {
    return sequence < first ? undefined : (pending.entry(sequence) ?? log.entry(sequence));
  }

  /** A version that is pending has no notes yet: what is noted is written after it. */
  function noteOf(id: string): Note | undefined {
    return pending.story(id) ? undefined : notes.noteOf(id);
  }

  function asRead(entry: Entry): Read {
    const { id } = entry.story;
    const current = newestOf(id) === entry.sequence;
    return { ...entry, story: noted(entry.story, noteOf(id)), current };
  }

  /** Those in LMDB and those that are pending are one log. */
  function entriesIn(range: Range): Entry[] {
    const begun = pending.first() ?? last + 1;
    if (range.newestFirst) {
      const newest = pending.within(range).filter(({ sequence }) => sequence >= first);
      const start = Math.min(range.before, begun) - 1;
      return newest.concat(
        log.entries({ start, end: first - 1, reverse: true, limit: range.limit - newest.length }),
      );
    }
    const after = Math.max(range.after, first - 1);
    const older = log.entries({ start: after + 1, end: begun, limit: range.limit });
    return older.concat(pending.within({ after, limit: range.limit - older.length }));
  }

  /** The next version of a story, and what is remembered with it. */
  function addedTo(
    sequence: number,
    before: Item | undefined,
    { status, fingerprint }: Pick<Item, 'status' | 'fingerprint'>,
    story: Omit<Story, 'version' | 'status' | 'cursor' | 'firstCreated' | 'versionCreated'>,
    { reach, why }: { reach?: Entry['reach']; why?: readonly Why[] },
  ): Added {
    const at = now();
    const time = new Date(at).toISOString();
    const version = (before?.version ?? 0) + 1;
    const firstCreated = before?.firstCreated ?? time;
    const cursor = formatCursor({ epoch, sequence });
    const entry: Entry = {
      sequence,
      at,
      story: { ...story, version, status, cursor, firstCreated, versionCreated: time },
      ...(reach === undefined ? {} : { reach }),
    };
    return { entry, fingerprint, ...(why === undefined ? {} : { why }) };
  }

  /** From here on it is appended: whoever reads finds it, and no crash of the process takes it back. */
  function append(added: Added, before: Item | undefined): void {
    const { sequence } = added.entry;
    const line = JSON.stringify(added);
    try {
      journal.write(sequence, line);
    } catch (error) {
      throw unavailable(error as Error);
    }
    pending.add(added, itemAfter(added, before), 2 * line.length);
    last = sequence;
    first = Math.max(first, sequence - retention.stories + 1);
    if (flushing) return;
    if (isMore(HAND_OVER)) handOverLater();
    else timer ??= setTimeout(handOverLater, HAND_OVER.ms).unref();
  }

  function isMore(than: { entries: number; bytes: number }): boolean {
    const { entries, bytes } = pending.size();
    return entries >= than.entries || bytes >= than.bytes;
  }

  /** Gives LMDB what is pending. */
  function handOver(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    flushing ??= flush().finally(() => {
      flushing = undefined;
      // What came meanwhile.
      if (!hasFailed && pending.size().entries > 0)
        timer ??= setTimeout(handOverLater, isMore(HAND_OVER) ? 0 : HAND_OVER.ms).unref();
    });
    return flushing;
  }

  async function flush(): Promise<void> {
    journal.turn();
    try {
      await write(() => {});
      hasFailed = false;
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  }

  /** Who appends next tries again, and is told. */
  function handOverLater(): void {
    handOver().catch(() => {});
  }

  /** Waits until one can append; nothing may come between it and the append. */
  async function room(): Promise<void> {
    while (hasFailed || isMore(MOST_PENDING)) await handOver();
    while (releases) await releases;
  }

  /** An append takes no turn of the event loop; who makes many leaves some to others. */
  async function breatheSometimes(): Promise<void> {
    if (inThisTurn === 0) {
      setImmediate(() => {
        inThisTurn = 0;
      });
    }
    inThisTurn += 1;
    if (inThisTurn > IN_ONE_TURN) await breathe();
  }

  function isKnown(item: Item | undefined, print: string): item is Item {
    return item?.status === 'usable' && item.fingerprint === print;
  }

  function contentAfter(
    sequence: number,
    item: Item | undefined,
    { content, correction, why }: ContentDraft,
    fingerprint: string,
  ): Added {
    const change = item ? (correction ? 'correction' : 'update') : 'new';
    return addedTo(sequence, item, { status: 'usable', fingerprint }, { ...content, change }, { why });
  }

  /** A transaction, first of what is pending. A failed one becomes `unavailable`; LMDB has rolled it back as a whole. */
  async function write<T>(action: () => T): Promise<T> {
    let newest = 0;
    const both = () => {
      if (log.last() > Math.max(last, released)) throw new Error(OTHERS);
      newest = pending.last() ?? 0;
      log.put(pending.all());
      return action();
    };
    try {
      // A child transaction, because LMDB batches the outer ones: one that throws takes back its own writes only.
      const result = await root.transaction(() => root.childTransaction(both));
      pending.drop(newest);
      journal.clear(newest);
      return result;
    } catch (error) {
      throw unavailable(await reasonOf(error));
    }
  }

  function unavailable(cause: Error): WireError {
    return new WireError('unavailable', `Could not write to the store in ${path}: ${cause.message}`, {
      cause,
    });
  }

  /** Whether the story has changed since; nothing is behind a place that nobody names. */
  function isOvertaken(item: Item | undefined, after: Position | undefined): boolean {
    return after !== undefined && (after.epoch !== epoch || (item?.sequences.at(-1) ?? 0) > after.sequence);
  }

  async function appendContent(draft: ContentDraft, after?: Position): Promise<Offered> {
    const { content } = draft;
    const print = fingerprint(checked(content));
    const known = itemOf(content.id);
    // Most of what a feed shows is known, and knowing it takes nothing.
    if (isKnown(known, print)) {
      if (now() - known.touched > TOUCH_MS) await write(() => log.touch(content.id));
      return { outcome: 'known' };
    }
    await room();
    const item = itemOf(content.id);
    if (isKnown(item, print)) return { outcome: 'known' };
    if (isOvertaken(item, after)) return { outcome: 'overtaken' };
    const added = contentAfter(last + 1, item, draft, print);
    append(added, item);
    return { outcome: item ? 'updated' : 'new', entry: added.entry };
  }

  async function appendWithdrawal(id: string, after?: Position): Promise<Offered> {
    await room();
    const item = itemOf(id);
    if (!item || item.status === 'canceled') return { outcome: 'known' };
    if (isOvertaken(item, after)) return { outcome: 'overtaken' };
    const earlier = item.sequences.flatMap((sequence) => entryAt(sequence) ?? []);
    const { story, reach } = withdrawalOf(id, earlier, earlier.length === item.version, noteOf(id));
    const added = addedTo(last + 1, item, { status: 'canceled', fingerprint: '' }, story, { reach });
    append(added, item);
    return { outcome: 'canceled', entry: added.entry };
  }

  function add(draft: Draft, after?: Position): Promise<Offered> {
    return draft.kind === 'withdrawal' ? appendWithdrawal(draft.id, after) : appendContent(draft, after);
  }

  /** Taken out and appended in one transaction. Whoever else appends waits, as its sequence is known only then. */
  function release(draft: ContentDraft): Promise<Appended> {
    const { content } = draft;
    const print = fingerprint(checked(content));
    const releasing = write((): Appended => {
      if (!held.take(draft)) return { outcome: 'known' };
      const item = log.item(content.id);
      if (isKnown(item, print)) {
        log.touch(content.id);
        return { outcome: 'known' };
      }
      const added = contentAfter(log.last() + 1, item, draft, print);
      log.put([added]);
      released = added.entry.sequence;
      return { outcome: item ? 'updated' : 'new', entry: added.entry };
    }).then((appended) => {
      first = Math.max(first, log.first());
      last = Math.max(last, log.last());
      return appended;
    });
    const all = Promise.allSettled([releases, releasing]);
    releases = all;
    void all.then(() => {
      if (releases === all) releases = undefined;
    });
    return releasing;
  }

  async function told<T extends Offered>(appended: T): Promise<T> {
    if ('entry' in appended) for (const follow of follows) follow.hint(epoch, appended.entry);
    // Also when it was known: most of a long document is, and finding that out takes time as well.
    await breatheSometimes();
    return appended;
  }

  return {
    async append(draft: Draft, asked?: 'release') {
      const appended = await (asked && draft.kind === 'content' ? release(draft) : add(draft));
      if (appended.outcome === 'overtaken') throw new Error('it refused what it was not asked to refuse');
      return told(appended);
    },

    offer: async (draft: Draft, after: Position) => told(await add(draft, after)),

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
      return entriesIn(range).map(asRead);
    },

    async readAt(sequences: readonly number[]) {
      return sequences.flatMap((sequence) => entryAt(sequence) ?? []).map(asRead);
    },

    async story(id: string) {
      const sequence = newestOf(id);
      const story = sequence === undefined ? undefined : entryAt(sequence)?.story;
      return story && noted(story, noteOf(id));
    },

    async note(id, version, findings, why) {
      const done = await write(() => {
        const item = log.item(id);
        if (item?.version !== version || item.status !== 'usable') return false;
        notes.note(id, version, findings, why);
        return true;
      });
      if (done) for (const follow of follows) follow.noted(id, version, findings);
      return done;
    },

    async why(id) {
      const appended = pending.story(id);
      return appended ? appended.why?.slice() : notes.why(id);
    },

    async follow(after: Position, follower) {
      const source = {
        head: async () => readHead(),
        entriesAfter: async (after: number, limit: number) => entriesIn({ after, limit }),
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

    setting: async (name: string) => log.setting(name),
    saveSetting: (name: string, text: string) => write(() => log.saveSetting(name, text)),

    addViews: (counts: ReadonlyMap<string, number>) => write(() => log.addViews(counts)),
    async views(ids: readonly string[]) {
      return new Map(
        ids.flatMap((id) => {
          const count = log.views(id);
          return count === undefined ? [] : [[id, count] as const];
        }),
      );
    },

    async retain() {
      for (let more = true; more; ) {
        const swept = await write(log.sweep);
        first = Math.max(first, swept.first);
        more = swept.more;
      }
    },

    async close() {
      await Promise.all([...follows].map((follow) => follow.close()));
      clearTimeout(timer);
      await flushing?.catch(() => {});
      // What LMDB cannot take stays in the journal.
      if (pending.size().entries > 0) await handOver().catch(() => {});
      journal.close();
      await files.close();
    },
  } satisfies Store;
}
