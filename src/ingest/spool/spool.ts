import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { carriedOver, type Position, parseCursor } from '../../core/cursor.ts';
import { WireError } from '../../core/errors.ts';
import type { Appended, Draft, Head, Offered, Store } from '../../store/store.ts';
import type { Book, Line } from './book.ts';
import { type Kept, printOf, storyOf } from './kept.ts';
import { type HandedIn, hasSurvived, type Life, overtaken } from './overtaken.ts';
import { beginRestoring, type Restored } from './restored.ts';
import { isMissing, openShelf } from './shelf.ts';

export interface SpoolDeps {
  /** A folder that processes of one machine may share. */
  folder: string;
  store: Pick<
    Store,
    | 'append'
    | 'offer'
    | 'head'
    | 'story'
    | 'hold'
    | 'held'
    | 'unhold'
    | 'claim'
    | 'unclaim'
    | 'setting'
    | 'saveSetting'
  >;
  /** Milliseconds since 1970. */
  now: () => number;
  log: Logger;
  metrics: {
    story(source: string, change: string): void;
    lag(stage: 'fetched_to_stored', seconds: number): void;
  };
  /** How many bytes may wait. Then nothing more is kept, and `append` rejects. */
  mostBytes?: number;
  /** For how long, and how much of what the store has, is kept in case the store loses it. */
  journal?: { ms: number; bytes: number };
  /** Milliseconds between two looks at the store: when all is well, and while something waits for it. */
  lookMs?: { idle: number; waiting: number };
  /** Milliseconds after which a process that says nothing is held to be dead. */
  staleMs?: number;
  /** Milliseconds after which a draft that is refused, while the store takes others, is given up. */
  stuckMs?: number;
}

/** `kept`: the store is away, or older drafts of the story wait for it; it is on disk, and handed in later. */
export type Handed = Offered | { outcome: 'kept' };

export interface Spool {
  /**
   * As `Store.append`, but resolves also while the store is away, when no kill of this process can take the draft.
   * @throws {WireError} `unavailable` when no more can be kept: hand it in again later. `invalid_request`.
   */
  append(draft: Draft): Promise<Handed>;
  /**
   * The same for what was asked for when the log was known to reach to `after`: it is `overtaken` by what the story has had
   * since from others.
   */
  offer(draft: Draft, after: Position): Promise<Handed>;
  /** How far the log is known to reach; `undefined` before anything is known of it. */
  place(): Position | undefined;
  /** The store for a newsroom's own stories: away when it is away, but what it took is handed in again if it loses it. */
  readonly published: Pick<Store, 'append' | 'story' | 'hold' | 'held' | 'unhold'>;
  /** Appends what feeds bring by this instead of by the store itself. */
  through(append: (draft: Draft, after?: Position) => Promise<Offered>): void;
  /** Calls back whenever the store came back with less than it had. */
  onLoss(listener: () => void): void;
  /** The store did not answer when it was asked last. */
  isAway(): boolean;
  /** How many bytes wait for the store. */
  waitingBytes(): number;
  start(): void;
  close(): Promise<void>;
}

const MB = 1024 * 1024;
/** Of so many stories it is remembered what the store said last, so that a long feed is not kept whole. */
const MOST_KNOWN = 50_000;
/** A draft that is given up would hold up all behind it for ever. */
const STUCK_MS = 10_000;
const BEAT_MS = 1000;

/**
 * Keeps on disk what the store cannot take, and hands it in, in order, when it is back. Also keeps for a while what the
 * store has taken, and hands that in again when the store has lost entries. The store sees to it that nothing is there
 * twice.
 *
 * @throws {Error} of the file system when `folder` cannot be used
 */
export async function openSpool(deps: SpoolDeps): Promise<Spool> {
  const { store, now, log, metrics } = deps;
  const { mostBytes = 64 * MB, journal = { ms: 15 * 60_000, bytes: 32 * MB } } = deps;
  const { lookMs = { idle: 1000, waiting: 250 } } = deps;
  const { stuckMs = STUCK_MS } = deps;
  const shelf = await openShelf(deps.folder, { now, staleMs: deps.staleMs });
  const member = randomUUID();
  const listeners: (() => void)[] = [];
  /** What the store said of a story last, and the place of what was last appended of it here; the newest last. */
  const known = new Map<string, { print: string; place?: Position }>();
  const running = new Map<string, Promise<unknown>>();
  /** Of what is being handed in from disk: see `overtaken`. */
  const handedIn = new Map<string, HandedIn>();
  /** What the log has lost of these has not all been handed in again. */
  const restoring = new Map<Book, string>();
  let appendFeeds: (draft: Draft, after?: Position) => Promise<Offered> = (draft, after) =>
    after ? store.offer(draft, after) : store.append(draft);
  let away = false;
  let life: Life | undefined;
  /** The log as it is, also while it has not been compared with the life before. */
  let present: Life | undefined;
  /** The newest place in the log that is known of; in `life` once that has been compared. */
  let newest: Position = { epoch: '', sequence: 0 };
  /** The newest place in `life`. */
  let seen = 0;
  let tookAt = 0;
  let stuck: { line: number; since: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let closed = false;
  let diskFails = false;
  let beat: NodeJS.Timeout | undefined;
  let tended = Promise.resolve();

  /** What is only offered again in case it was lost, and was not, keeps nobody waiting. */
  const waitsFor = (id: string) =>
    shelf.books().some((book) => {
      const each = book.waiting.get(id);
      return (
        each?.drafts.slice(each.passed).some((draft) => !present || !hasSurvived(draft, present)) ?? false
      );
    });
  const waitingBytes = () => shelf.books().reduce((sum, book) => sum + book.waitingBytes(), 0);

  function lostLink(err: unknown): void {
    if (!away) log.warn({ err }, 'the store is away; what is fetched is kept on disk until it is back');
    away = true;
    soon();
  }

  function remember(id: string, print: string, appended?: Position): void {
    const place = appended ?? known.get(id)?.place;
    known.delete(id);
    known.set(id, { print, place });
    const [oldest] = known.size > MOST_KNOWN ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
  }

  /** @throws {Error} of the file system */
  async function write(kept: Kept): Promise<void> {
    for (;;) {
      const book = shelf.own();
      try {
        await book.write(kept);
        return;
      } catch (error) {
        if (!isMissing(error)) throw error;
        log.warn('another process has taken what this one keeps, as if it were dead; it keeps it anew');
        await shelf.replace(book);
      }
    }
  }

  /** What the store has taken may be lost with it. */
  async function note(kept: Kept): Promise<void> {
    if (waitingBytes() > mostBytes) return;
    try {
      await write({ ...kept, isStored: true });
      diskFails = false;
    } catch (err) {
      if (!diskFails)
        log.warn({ err }, 'what was stored cannot be written down; if the store loses it, it is gone');
      diskFails = true;
    }
  }

  function see(place: Position): void {
    if (place.epoch !== newest.epoch || place.sequence > newest.sequence) newest = place;
    if (place.epoch === life?.epoch) seen = Math.max(seen, place.sequence);
  }

  async function noteAppended(draft: Draft, appended: Appended, own: boolean): Promise<void> {
    tookAt = performance.now();
    const id = storyOf(draft);
    const print = printOf({ draft });
    const before = known.get(id)?.print;
    if (appended.outcome === 'known') {
      remember(id, print);
      // A log that has lost the latest text knows the one before, and one that has lost the story need not withdraw it:
      // neither may be followed by what was lost.
      const isNews = before === undefined ? own || draft.kind === 'withdrawal' : before !== print;
      if (isNews) await note({ draft, at: now(), epoch: '', after: 0, ...(own ? { own } : {}) });
      return;
    }
    const { sequence, at, story } = appended.entry;
    const of = parseCursor(story.cursor).epoch;
    shelf.own().epoch ??= of;
    remember(id, print, { epoch: of, sequence });
    see({ epoch: of, sequence });
    if (life && of !== life.epoch) soon();
    await note({ draft, at, epoch: of, after: sequence - 1, ...(own ? { own } : {}) });
  }

  /** What this process itself has appended of the story since is not newer. */
  function placeFor(id: string, after: Position | undefined): Position | undefined {
    const own = known.get(id)?.place;
    return after && own?.epoch === after.epoch && own.sequence > after.sequence ? own : after;
  }

  async function keep(draft: Draft, at: number, after = newest): Promise<Handed> {
    const id = storyOf(draft);
    const print = printOf({ draft });
    const before = shelf
      .books()
      .map((book) => book.waiting.get(id)?.drafts.at(-1)?.print)
      .findLast((each) => each !== undefined);
    if (before === print) return { outcome: 'kept' };
    if (before === undefined && known.get(id)?.print === print) return { outcome: 'known' };
    if (waitingBytes() >= mostBytes) {
      throw new WireError(
        'unavailable',
        `The store is away, and ${Math.round(mostBytes / MB)} MB wait for it: nothing more is kept.`,
      );
    }
    try {
      await write({ draft, at, epoch: after.epoch, after: after.sequence });
    } catch (cause) {
      const message = `The store is away, and the disk: ${(cause as Error).message}`;
      throw new WireError('unavailable', message, { cause });
    }
    return { outcome: 'kept' };
  }

  async function hand(draft: Draft, asked: Position | undefined): Promise<Handed> {
    const at = now();
    const id = storyOf(draft);
    const after = placeFor(id, asked);
    if (!away && !waitsFor(id)) {
      try {
        const appended = await appendFeeds(draft, after);
        if (appended.outcome === 'overtaken') {
          // Whoever asks again now knows where the log is.
          const head = await store.head();
          see({ epoch: head.epoch, sequence: head.last });
          return appended;
        }
        await noteAppended(draft, appended, false);
        return appended;
      } catch (error) {
        if (!isAway(error)) throw error;
        lostLink(error);
      }
    }
    return keep(draft, at, after);
  }

  /** One at a time of a story, in the order in which they came. */
  function append(draft: Draft, after?: Position): Promise<Handed> {
    const id = storyOf(draft);
    const before = running.get(id);
    const handed = before === undefined ? hand(draft, after) : before.then(() => hand(draft, after));
    const ended = handed
      .catch(() => {})
      .then(() => {
        if (running.get(id) === ended) running.delete(id);
      });
    running.set(id, ended);
    return handed;
  }

  /** Whoever publishes is told at once: nobody but the newsroom knows whether it still wants that later. */
  function admit(id: string): void {
    if (away) throw new WireError('unavailable', 'The store is away; send it again in a moment.');
    if (!waitsFor(id)) return;
    const shown = JSON.stringify(id.slice(0, 100));
    throw new WireError(
      'unavailable',
      `Earlier versions of ${shown} wait for the store; send it again in a moment.`,
    );
  }

  const published: Spool['published'] = {
    story: store.story,
    async held(id) {
      admit(id);
      return store.held(id);
    },
    async append(draft, release) {
      admit(storyOf(draft));
      const appended = await store.append(draft, release);
      await noteAppended(draft, appended, true);
      return appended;
    },
    async hold(draft, until) {
      admit(draft.content.id);
      await store.hold(draft, until);
      await note({ draft, at: now(), epoch: '', after: 0, holdUntil: until, own: true });
    },
    async unhold(id) {
      admit(id);
      const wasHeld = await store.unhold(id);
      const draft: Draft = { kind: 'withdrawal', id };
      if (wasHeld) await note({ draft, at: now(), epoch: '', after: 0, own: true });
      return wasHeld;
    },
  };

  /** Answers where the story's newest entry is now, as far as that is known; `overtaken` when it is not what was seen. */
  async function handIn(
    { draft, at, holdUntil, own }: Kept,
    seen: Position | undefined,
  ): Promise<Position | 'overtaken' | undefined> {
    const id = storyOf(draft);
    if (holdUntil !== undefined && holdUntil > now() && draft.kind === 'content') {
      await store.hold(draft, holdUntil);
      return seen;
    }
    if (own) await store.unhold(id);
    const direct = () => (seen ? store.offer(draft, seen) : store.append(draft));
    const appended = await (own ? direct() : appendFeeds(draft, seen));
    if (appended.outcome === 'overtaken') return 'overtaken';
    tookAt = performance.now();
    if (appended.outcome === 'known') {
      remember(id, printOf({ draft }));
      return seen;
    }
    const { sequence, story } = appended.entry;
    const place = { epoch: parseCursor(story.cursor).epoch, sequence };
    remember(id, printOf({ draft }), place);
    see(place);
    metrics.story(story.source.id, story.change);
    metrics.lag('fetched_to_stored', (now() - at) / 1000);
    return place;
  }

  /** Answers whether the line is done with. Throws when the store is away. */
  async function passed(book: Book, { kept, end }: Line, restored?: Restored): Promise<boolean> {
    if (!kept) return true;
    const id = storyOf(kept.draft);
    const each = book.waiting.get(id);
    if (each && each.passed < (each.skip ?? 0)) return true;
    try {
      const place = await handIn(kept, each?.seen);
      if (place === 'overtaken') {
        // Looked at again, with what the story is now.
        if (each) Object.assign(each, { skip: undefined, seen: undefined });
        return false;
      }
      if (each) each.seen = place;
      const told = { at: kept.at, sequence: place?.sequence ?? 0 };
      handedIn.set(id, told);
      restored?.handedIn.set(id, told);
    } catch (error) {
      if (isAway(error)) {
        await store.head();
        if (stuck?.line !== end.offset) stuck = { line: end.offset, since: performance.now() };
        const isItself = performance.now() - stuck.since > stuckMs && tookAt > stuck.since;
        if (!isItself) return false;
      }
      log.error({ err: error, story: id }, 'a story that was kept is refused by the store; it is given up');
    }
    stuck = undefined;
    return true;
  }

  /** Answers whether nothing waits in it any more. */
  async function drain(book: Book, restored: Restored | undefined, to: Head): Promise<boolean> {
    for (;;) {
      const lines = await book.read();
      if (lines.length === 0) return true;
      const ids = new Set(lines.flatMap(({ kept }) => (kept ? storyOf(kept.draft) : [])));
      await Promise.all(
        [...ids].map(async (id) => {
          const each = book.waiting.get(id);
          if (!each || each.skip !== undefined) return;
          const last = later(restored?.handedIn.get(id), handedIn.get(id));
          Object.assign(each, await overtaken(id, each, last, to, store));
        }),
      );
      for (const line of lines) {
        if (closed || !(await passed(book, line, restored))) return false;
        book.pass(line);
      }
      await book.save();
      if (restored && !(await restored.renew())) return false;
    }
  }

  async function drainAll(to: Head): Promise<void> {
    for (const book of shelf.books()) {
      const of = restoring.get(book);
      const restored = of === undefined ? undefined : await beginRestoring(store, member, of);
      if (of !== undefined && !restored) return;
      try {
        if (!(await drain(book, restored, to))) return;
        if (of === undefined) continue;
        restoring.delete(book);
        book.epoch = of;
        log.debug('what the store may have lost has been handed in again, as far as it was kept');
      } finally {
        await restored?.close();
      }
    }
    handedIn.clear();
  }

  /** Sees by its epoch whether the log may have lost something that these books say it has. */
  async function compare(head: Head): Promise<void> {
    present = { epoch: head.epoch, lineage: head.lineage };
    const isNew = life !== undefined && life.epoch !== head.epoch;
    let isLost = isNew && carriedOver(head, { epoch: life?.epoch ?? '', sequence: seen }) !== seen;
    for (const book of restoring.keys()) if (!shelf.books().includes(book)) restoring.delete(book);
    for (const book of shelf.books()) {
      book.epoch ??= head.epoch;
      if (book.epoch === head.epoch || restoring.get(book) === head.epoch) continue;
      const isKnown = head.lineage.some(({ epoch }) => epoch === book.epoch);
      isLost ||= !isKnown;
      // When nothing that was seen is lost, what waits goes first.
      if (isKnown && !isLost && book.waitingBytes() > 0 && !restoring.has(book)) continue;
      await book.rewind();
      restoring.set(book, head.epoch);
    }
    if (newest.epoch === head.epoch) seen = newest.sequence;
    life = present;
    if (!isLost) return;
    log.warn('the store has come back with less than it had; what is still known of it is handed in again');
    known.clear();
    handedIn.clear();
    for (const listener of listeners) listener();
  }

  async function tend(): Promise<void> {
    try {
      const taken = await shelf.beat();
      for (const book of taken) {
        const bytes = book.waitingBytes();
        if (bytes > 0) log.info({ bytes }, 'took over what a process that is no more had kept');
      }
      for (const book of shelf.books()) {
        await book.save();
        if (await book.trim(now() - journal.ms, journal.bytes)) await shelf.discard(book);
      }
    } catch (err) {
      if (!diskFails) log.warn({ err }, 'the folder for what the store cannot take cannot be used');
      diskFails = true;
    }
  }

  /** By itself, as it says that this process is alive also while the store does not answer. */
  function tending(): void {
    if (closed) return;
    tended = tend().then(() => {
      beat = setTimeout(tending, BEAT_MS);
    });
  }

  async function look(): Promise<void> {
    await tended;
    try {
      const head = await store.head();
      see({ epoch: head.epoch, sequence: head.last });
      if (away) log.info({ bytes: waitingBytes() }, 'the store is back; what was kept is handed in');
      away = false;
      await compare(head);
      if (waitingBytes() > 0 || restoring.size > 0) await drainAll(head);
    } catch (error) {
      if (isAway(error)) lostLink(error);
      else log.error({ err: error }, 'what was kept cannot be handed in; trying again');
    }
  }

  function run(): void {
    clearTimeout(timer);
    if (closed || looking) return;
    looking = look().finally(() => {
      looking = undefined;
      if (closed) return;
      clearTimeout(timer);
      timer = setTimeout(run, away || waitingBytes() > 0 ? lookMs.waiting : lookMs.idle);
    });
  }

  function soon(): void {
    if (closed || looking) return;
    clearTimeout(timer);
    timer = setTimeout(run, lookMs.waiting);
  }

  return {
    append: (draft) => append(draft),
    offer: append,
    published,
    through(append) {
      appendFeeds = append;
    },
    onLoss: (listener) => void listeners.push(listener),
    place: () => (newest.epoch === '' ? undefined : newest),
    isAway: () => away,
    waitingBytes,
    start() {
      tending();
      run();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
      await tended;
      clearTimeout(beat);
      await shelf.close();
    },
  };
}

function isAway(error: unknown): boolean {
  return error instanceof WireError && error.code === 'unavailable';
}

function later(a: HandedIn | undefined, b: HandedIn | undefined): HandedIn | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a.at > b.at ? a : b;
}
