import type { Logger } from 'pino';
import { formatCursor, type Position } from '../core/cursor.ts';
import { WireError } from '../core/errors.ts';
import { type Expr, matches, prepare, reaches, reachOf, requiredTopics } from '../core/filter.ts';
import type { Entry, View } from '../core/story.ts';
import type { Metrics } from '../metrics.ts';
import type { Read } from '../store/store.ts';
import type { FanOut } from './fan-out.ts';
import { createFrame } from './frame.ts';
import type { Past } from './losses.ts';
import type { Waiting } from './outbox.ts';
import { type Beacon, MAX_SUBSCRIPTIONS, type Notice, type Ready } from './protocol.ts';
import type { TopicIndex } from './topic-index.ts';
import type { Wire } from './wire.ts';

/** A transport's end of one client. */
export interface Sink extends Waiting {
  readonly id: string;
  ready(ready: Ready): void;
  cursor(beacon: Beacon): void;
  views(totals: Record<string, number>): void;
  notice(notice: Notice): void;
  /** Bytes that the client has not taken yet. */
  backlog(): number;
  /** Resolves when the backlog is gone, or the client is. */
  drained(): Promise<void>;
  /** Ends the connection. */
  close(): void;
}

export interface Subscription {
  readonly session: Session;
  readonly id: string;
  readonly expr: Expr;
  readonly view: View;
  /** Whether it had an entry before that was lost and appended again; see `Losses.placesOf`. */
  had(places: readonly number[] | undefined): boolean;
}

export interface SubscribeOptions {
  id: string;
  expr: Expr;
  view: View;
  after: unknown;
  last: number | undefined;
}

/**
 * One client: a cursor over the log. At its head it is `live` and entries are handed to it as they come. A replay, a
 * catch-up after reading too slowly, and the time between are one and the same thing: it is not live, and reads the
 * log after its cursor until it is at the head. Whether it is live is decided and acted on in one turn of the loop, so
 * there is no seam in which an entry could fall or come twice.
 */
export interface Session {
  readonly sink: Sink;
  isLive(): boolean;
  /** Whether it has asked for something, and knows for each where it begins: else there is no place to tell. */
  isPlaced(): boolean;
  subscribe(options: SubscribeOptions): Promise<{ cursor: string; gap: boolean }>;
  unsubscribe(id?: string): void;
  /** The client reads too slowly: from here on it gets what comes from the log, at its own pace. */
  fallBehind(before: Entry): void;
  /** Nothing that was asked for lies before this and unsent. */
  cursor(): string;
  /** The log is another one, or has jumped; it goes on from `at`. `past` is how far this process had come. */
  reset(at: Position, past: Past): void;
  /** The log goes on from `at` in a new epoch; `past` is how far this process had come in the old one. */
  renewed(at: Position, past: Past): void;
  close(): void;
}

/** Beyond this many bytes that a client has not taken, it is no longer sent what is live. */
export const MAX_BACKLOG = 256 * 1024;
/** How many entries are read at once. */
const PAGE = 200;
/** The newest n are looked for among no more entries than this. */
const MAX_SCANNED = 20_000;

interface State extends Subscription {
  /** Before which place it was sent nothing, and up to which it had come when the log last lost its end. */
  from: number;
  upTo: number;
  /** Everything that matches up to here has been sent, or was not asked for. */
  position: number;
  gap: boolean;
  replayed: number;
  /** How many of the newest to replay first. */
  last: number | undefined;
  /** Whether `ready` is still owed. */
  waiting: boolean;
  /** Until the client knows that it has the subscription, nothing is sent for it, nor past its place. */
  unanswered: boolean;
}

export interface SessionDeps {
  sink: Sink;
  wire: Wire;
  fanOut: FanOut<Subscription>;
  places: TopicIndex['places'];
  metrics: Metrics;
  log: Logger;
  /** How many entries are read at once. */
  page?: number;
}

export function createSession({
  sink,
  wire,
  fanOut,
  places,
  metrics,
  log,
  page = PAGE,
}: SessionDeps): Session {
  const subscriptions = new Map<string, State>();
  let live = true;
  let reading = false;
  let closed = false;
  let resets = 0;
  let placing = 0;

  const epochCursor = (sequence: number) => formatCursor({ epoch: wire.position().epoch, sequence });

  /** Everything that was asked for has been sent up to here. */
  function lowest(): number {
    const head = wire.position().sequence;
    return live ? head : Math.min(head, ...[...subscriptions.values()].map(({ position }) => position));
  }

  /** A reset while the answer was on its way makes it an answer about another log. */
  async function locate(cursor: unknown): Promise<{ sequence: number; gap: boolean }> {
    const before = resets;
    const start = await wire.locate(cursor);
    return resets === before ? start : locate(cursor);
  }

  async function place(after: unknown) {
    placing += 1;
    try {
      await wire.begun;
      return after === undefined ? undefined : await locate(after);
    } finally {
      placing -= 1;
    }
  }

  async function subscribe({ id, expr, view, after, last }: SubscribeOptions) {
    const start = await place(after);
    if (closed) throw new WireError('unavailable', 'The connection has ended.');
    if (!subscriptions.has(id) && subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new WireError('too_many_subscriptions', `A client may have ${MAX_SUBSCRIPTIONS} subscriptions.`);
    }
    const useLast = last !== undefined && (start === undefined || start.gap);
    const head = wire.position().sequence;
    const position = useLast ? head : (start?.sequence ?? head);
    unsubscribe(id);
    const state: State = {
      session,
      id,
      expr,
      view,
      from: wire.losses.place(position),
      upTo: 0,
      had: (places) => places?.some((place) => place > state.from && place <= state.upTo) ?? false,
      position,
      gap: start?.gap ?? false,
      replayed: 0,
      last: useLast ? last : undefined,
      waiting: true,
      unanswered: true,
    };
    // What waits was for the subscriptions that there were: the answer to this one comes after it.
    sink.flush();
    if (live) for (const each of subscriptions.values()) each.position = head;
    subscriptions.set(id, state);
    fanOut.add(expr, state);
    live = false;
    if (start) metrics.resumed(start.gap ? 'gap' : 'complete');
    // Not before the acknowledgement, and together with the other requests that came in the same packet.
    setImmediate(() => {
      state.unanswered = false;
      void read();
    });
    return { cursor: start && !useLast ? epochCursor(position) : epochCursor(head), gap: state.gap };
  }

  function unsubscribe(id?: string): void {
    for (const state of id === undefined ? [...subscriptions.values()] : [subscriptions.get(id)]) {
      if (!state) continue;
      subscriptions.delete(state.id);
      fanOut.remove(state.expr, state);
    }
  }

  /** Reads the log after the cursor until it is at the head; then the session is live. */
  async function read(): Promise<void> {
    if (reading || live) return;
    reading = true;
    try {
      while (!closed) {
        if (sink.backlog() > 0) await sink.drained();
        const states = [...subscriptions.values()];
        if (states.some(({ unanswered }) => unanswered)) {
          await new Promise(setImmediate);
          continue;
        }
        const low = lowest();
        // The newest go last: what comes before them would not be in order after them.
        const newest = states.find(({ last }) => last !== undefined);
        const end = newest?.position ?? wire.position().sequence;
        if (low < end) await (replayPlaces(low, end) ?? replayPage(low, end));
        else if (newest) await replayNewest(newest, newest.last ?? 0);
        else {
          goLive();
          return;
        }
      }
    } catch (err) {
      log.warn({ err }, 'a replay could not read the log; trying again');
      setTimeout(() => void read(), 1_000).unref();
    } finally {
      reading = false;
    }
  }

  function goLive(): void {
    live = true;
    const { sequence } = wire.position();
    for (const state of subscriptions.values()) {
      state.position = sequence;
      if (!state.waiting) continue;
      const { id, replayed, gap } = state;
      Object.assign(state, { waiting: false, replayed: 0, gap: false });
      sink.ready({ id, cursor: epochCursor(sequence), replayed, gap });
    }
  }

  /**
   * Of a long way, only what the topics of all subscriptions ask for is read. `undefined` when it is short, when one of
   * them wants stories of any topic, or when it is not known where the topics are.
   */
  function replayPlaces(after: number, end: number): Promise<void> | undefined {
    if (end - after <= page) return undefined;
    const asked = [...subscriptions.values()];
    const topics = asked.map(({ expr }) => requiredTopics(expr));
    if (topics.some((required) => required === undefined)) return undefined;
    const wanted = places([...new Set(topics.flatMap((required) => required ?? []))], after, end, page);
    return wanted && replayAt(asked, wanted, after, wanted.length < page ? end : (wanted.at(-1) ?? end));
  }

  async function replayAt(
    asked: readonly State[],
    wanted: readonly number[],
    after: number,
    upTo: number,
  ): Promise<void> {
    const before = resets;
    const { entries, first } = await wire.at(wanted);
    if (closed || resets !== before) return;
    const served = [...subscriptions.values()];
    // Whoever came while it was read was not asked what it wants.
    if (served.some((state) => !asked.includes(state))) return;
    if (first - 1 > after) for (const state of served) if (state.position < first - 1) tellGap(state);
    const sent = replayAll(entries, served, upTo);
    for (const state of served) state.position = Math.max(state.position, sent);
    await new Promise(setImmediate);
  }

  async function replayPage(after: number, end: number): Promise<void> {
    const before = resets;
    const found = await wire.after(after, page);
    if (closed || resets !== before) return;
    const entries = found.entries.filter(({ sequence }) => sequence <= end);
    const upTo = Math.min(found.upTo, end);
    const served = [...subscriptions.values()];
    // Whoever came while the page was read, and begins further back, has its part of the log sent first.
    if (served.some(({ position, unanswered }) => position < after || unanswered)) return;
    let expected = after + 1;
    for (const { sequence } of entries) {
      // Retention may overtake a slow reader; it is told, and goes on with what there is.
      if (sequence !== expected)
        for (const state of served) if (state.position < sequence - 1) tellGap(state);
      expected = sequence + 1;
    }
    if (upTo >= expected) for (const state of served) if (state.position < upTo) tellGap(state);
    const sent = replayAll(entries, served, upTo);
    for (const state of served) state.position = Math.max(state.position, sent);
    // So that one long replay does not keep everyone else waiting.
    await new Promise(setImmediate);
  }

  function tellGap(state: State): void {
    if (!state.waiting) state.replayed = 0;
    state.gap = true;
    state.waiting = true;
  }

  /** Sends these entries until the client has enough for now, and answers how far that was; the rest is read again. */
  function replayAll(entries: readonly Read[], served: readonly State[], upTo: number): number {
    for (const entry of entries) {
      if (!entry.current) continue;
      replay(entry, served);
      if (sink.backlog() > MAX_BACKLOG / 2) return entry.sequence;
    }
    return upTo;
  }

  /** Sends an entry, once, if one of these subscriptions has not come so far and wants it. */
  function replay(entry: Entry, served: readonly State[]): void {
    if (entry.story.status === 'withheld') return;
    const reach = reachOf(entry);
    const again = wire.losses.placesOf(entry);
    let view: View | undefined;
    for (const state of served) {
      if (entry.sequence <= state.position || !reaches(state.expr, reach)) continue;
      if (state.had(again)) continue;
      if (state.waiting) state.replayed += 1;
      view = view === 'full' ? 'full' : state.view;
    }
    if (view) sink.story(createFrame(entry, wire.position().epoch), view);
  }

  async function replayNewest(state: State, count: number): Promise<void> {
    const found: Read[] = [];
    const began = resets;
    let before = state.position + 1;
    const isWanted = () => !closed && resets === began && subscriptions.get(state.id) === state;
    for (let scanned = 0; found.length < count && scanned < MAX_SCANNED && isWanted(); scanned += page) {
      const newest = await wire.before(before, page);
      const oldest = newest.at(-1);
      if (!oldest) break;
      before = oldest.sequence;
      const wanted = newest.filter(
        (entry) =>
          entry.current && entry.story.status === 'usable' && matches(state.expr, prepare(entry.story)),
      );
      found.push(...wanted.slice(0, count - found.length));
      await new Promise(setImmediate);
    }
    if (!isWanted()) return;
    state.last = undefined;
    for (const entry of found.reverse()) {
      if (sink.backlog() > MAX_BACKLOG / 2) await sink.drained();
      if (!isWanted()) return;
      sink.story(createFrame(entry, wire.position().epoch), state.view);
      state.replayed += 1;
    }
  }

  const session: Session = {
    sink,
    isLive: () => live,
    isPlaced: () => placing === 0 && subscriptions.size > 0,
    subscribe,
    unsubscribe,
    fallBehind(before) {
      if (!live) return;
      live = false;
      for (const state of subscriptions.values()) state.position = before.sequence - 1;
      metrics.slowClient('behind');
      sink.notice({ code: 'slow', message: 'You read too slowly; catching you up from the log.' });
      void read().then(() => live && metrics.slowClient('caught_up'));
    },
    cursor: () => epochCursor(lowest()),
    reset(at, past) {
      resets += 1;
      for (const state of subscriptions.values()) {
        state.upTo = past.place(live ? past.sequence : state.position);
        state.position = at.sequence;
        tellGap(state);
      }
      if (!live) return;
      live = false;
      void read();
    },
    renewed(at, past) {
      resets += 1;
      for (const state of subscriptions.values()) {
        state.upTo = past.place(live ? past.sequence : state.position);
        state.position = Math.min(state.position, at.sequence);
      }
    },
    close() {
      closed = true;
      unsubscribe();
    },
  };
  return session;
}
