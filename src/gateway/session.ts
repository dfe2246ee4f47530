import type { Logger } from 'pino';
import { formatCursor, type Position } from '../core/cursor.ts';
import { WireError } from '../core/errors.ts';
import { type Expr, matches, prepare, reaches, reachOf, requiredTopics } from '../core/filter.ts';
import type { Entry, View } from '../core/story.ts';
import type { Metrics } from '../metrics.ts';
import type { Read } from '../store/store.ts';
import type { FanOut } from './fan-out.ts';
import { createFrame } from './frame.ts';
import type { Lost, Past } from './losses.ts';
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
  had(places: readonly Lost[] | undefined): boolean;
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
  /**
   * Whether it has asked for something, and all lies beyond one place: not while it is looked up where a subscription
   * begins, nor while the newest are on their way, which lie before the head.
   */
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
/** What was lost before so many further losses is sent again, should it come back. */
const MAX_SPANS = 16;
const NO_SPANS: readonly Span[] = [];

/** The part of the log that a subscription had come through when the log lost its end. */
interface Span {
  loss: number;
  from: number;
  upTo: number;
}

interface State extends Subscription {
  /** Nothing was sent for it that lies up to here. */
  from: number;
  /** What it had of the ends that the log has lost, the latest last. */
  spans: readonly Span[];
  /** Everything that matches up to here has been sent, or was not asked for. */
  position: number;
  gap: boolean;
  replayed: number;
  /** How many of the newest to replay first; until all of them have been sent. */
  last: number | undefined;
  /** Of these, it was sent what lies up to here. */
  lookedTo: number;
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

export function createSession(deps: SessionDeps): Session {
  return new CursorSession(deps);
}

function had(this: State, places: readonly Lost[] | undefined): boolean {
  if (places === undefined || this.spans.length === 0) return false;
  return places.some(
    (place) =>
      this.spans.some(
        ({ loss, from, upTo }) => loss === place.loss && place.sequence > from && place.sequence <= upTo,
      ) && reaches(this.expr, reachOf(place.entry)),
  );
}

/** A class for the same reason as `Queue`: there is one for each client. */
class CursorSession implements Session {
  readonly sink: Sink;
  readonly #deps: SessionDeps;
  readonly #subscriptions = new Map<string, State>();
  #live = true;
  #reading = false;
  #closed = false;
  #resets = 0;
  #placing = 0;

  constructor(deps: SessionDeps) {
    this.sink = deps.sink;
    this.#deps = deps;
  }

  isLive(): boolean {
    return this.#live;
  }

  isPlaced(): boolean {
    if (this.#placing > 0 || this.#subscriptions.size === 0) return false;
    return [...this.#subscriptions.values()].every(({ last }) => last === undefined);
  }

  cursor(): string {
    return this.#cursorAt(this.#lowest());
  }

  #cursorAt(sequence: number): string {
    return formatCursor({ epoch: this.#deps.wire.position().epoch, sequence });
  }

  /** Everything that was asked for has been sent up to here. */
  #lowest(): number {
    const head = this.#deps.wire.position().sequence;
    return this.#live
      ? head
      : Math.min(head, ...[...this.#subscriptions.values()].map(({ position }) => position));
  }

  /** A reset while the answer was on its way makes it an answer about another log. */
  async #locate(cursor: unknown): Promise<{ sequence: number; gap: boolean }> {
    const before = this.#resets;
    const start = await this.#deps.wire.locate(cursor);
    return this.#resets === before ? start : this.#locate(cursor);
  }

  async #place(after: unknown) {
    this.#placing += 1;
    try {
      await this.#deps.wire.begun;
      return after === undefined ? undefined : await this.#locate(after);
    } finally {
      this.#placing -= 1;
    }
  }

  async subscribe({ id, expr, view, after, last }: SubscribeOptions) {
    const start = await this.#place(after);
    if (this.#closed) throw new WireError('unavailable', 'The connection has ended.');
    if (!this.#subscriptions.has(id) && this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new WireError('too_many_subscriptions', `A client may have ${MAX_SUBSCRIPTIONS} subscriptions.`);
    }
    const useLast = last !== undefined && (start === undefined || start.gap);
    const head = this.#deps.wire.position().sequence;
    const position = useLast ? head : (start?.sequence ?? head);
    this.unsubscribe(id);
    const state: State = {
      session: this,
      id,
      expr,
      view,
      from: position,
      spans: NO_SPANS,
      had,
      position,
      gap: start?.gap ?? false,
      replayed: 0,
      last: useLast ? last : undefined,
      lookedTo: 0,
      waiting: true,
      unanswered: true,
    };
    // What waits was for the subscriptions that there were: the answer to this one comes after it.
    this.sink.flush();
    if (this.#live) for (const each of this.#subscriptions.values()) each.position = head;
    this.#subscriptions.set(id, state);
    this.#deps.fanOut.add(expr, state);
    this.#live = false;
    if (start) this.#deps.metrics.resumed(start.gap ? 'gap' : 'complete');
    // Not before the acknowledgement, and together with the other requests that came in the same packet.
    setImmediate(() => {
      state.unanswered = false;
      // With nothing to replay there is nothing to wait for either: `ready` goes out together with the answer.
      if (this.#isAtHead()) this.#goLive();
      else void this.#read();
    });
    return { cursor: start && !useLast ? this.#cursorAt(position) : this.#cursorAt(head), gap: state.gap };
  }

  unsubscribe(id?: string): void {
    for (const state of id === undefined
      ? [...this.#subscriptions.values()]
      : [this.#subscriptions.get(id)]) {
      if (!state) continue;
      this.#subscriptions.delete(state.id);
      this.#deps.fanOut.remove(state.expr, state);
    }
  }

  #isAtHead(): boolean {
    if (this.#closed || this.#reading || this.#live) return false;
    const { sequence } = this.#deps.wire.position();
    return [...this.#subscriptions.values()].every(
      ({ position, last, unanswered }) => !unanswered && last === undefined && position >= sequence,
    );
  }

  /** Reads the log after the cursor until it is at the head; then the session is live. */
  async #read(): Promise<void> {
    if (this.#reading || this.#live) return;
    this.#reading = true;
    try {
      while (!this.#closed) {
        if (this.sink.backlog() > 0) await this.sink.drained();
        const states = [...this.#subscriptions.values()];
        if (states.some(({ unanswered }) => unanswered)) {
          await new Promise(setImmediate);
          continue;
        }
        const low = this.#lowest();
        // The newest go last: what comes before them would not be in order after them.
        const newest = states.find(({ last }) => last !== undefined);
        const end = newest?.position ?? this.#deps.wire.position().sequence;
        if (low < end) await (this.#replayPlaces(low, end) ?? this.#replayPage(low, end));
        else if (newest) await this.#replayNewest(newest, newest.last ?? 0);
        else {
          this.#goLive();
          return;
        }
      }
    } catch (err) {
      this.#deps.log.warn({ err }, 'a replay could not read the log; trying again');
      setTimeout(() => void this.#read(), 1_000).unref();
    } finally {
      this.#reading = false;
    }
  }

  #goLive(): void {
    this.#live = true;
    const { sequence } = this.#deps.wire.position();
    for (const state of this.#subscriptions.values()) {
      state.position = sequence;
      if (state.waiting) this.#tellReady(state, sequence);
    }
  }

  #tellReady(state: State, sequence: number): void {
    const { id, replayed, gap } = state;
    Object.assign(state, { waiting: false, replayed: 0, gap: false });
    this.sink.ready({ id, cursor: this.#cursorAt(sequence), replayed, gap });
  }

  /**
   * Of a long way, only what the topics of all subscriptions ask for is read. `undefined` when it is short, when one of
   * them wants stories of any topic, or when it is not known where the topics are.
   */
  #replayPlaces(after: number, end: number): Promise<void> | undefined {
    const { places, page = PAGE } = this.#deps;
    if (end - after <= page) return undefined;
    const asked = [...this.#subscriptions.values()];
    const topics = asked.map(({ expr }) => requiredTopics(expr));
    if (topics.some((required) => required === undefined)) return undefined;
    const wanted = places([...new Set(topics.flatMap((required) => required ?? []))], after, end, page);
    return (
      wanted && this.#replayAt(asked, wanted, after, wanted.length < page ? end : (wanted.at(-1) ?? end))
    );
  }

  async #replayAt(
    asked: readonly State[],
    wanted: readonly number[],
    after: number,
    upTo: number,
  ): Promise<void> {
    const before = this.#resets;
    const { entries, first } = await this.#deps.wire.at(wanted, after);
    if (this.#closed || this.#resets !== before) return;
    const served = [...this.#subscriptions.values()];
    // Whoever came while it was read was not asked what it wants.
    if (served.some((state) => !asked.includes(state))) return;
    if (first - 1 > after)
      for (const state of served) if (state.position < first - 1) this.#tellGap(state, first - 1);
    const sent = this.#replayAll(entries, served, upTo);
    for (const state of served) state.position = Math.max(state.position, sent);
    await new Promise(setImmediate);
  }

  async #replayPage(after: number, end: number): Promise<void> {
    const { wire, page = PAGE } = this.#deps;
    const before = this.#resets;
    const found = await wire.after(after, page);
    if (this.#closed || this.#resets !== before) return;
    const entries = found.entries.filter(({ sequence }) => sequence <= end);
    const upTo = Math.min(found.upTo, end);
    const served = [...this.#subscriptions.values()];
    // Whoever came while the page was read, and begins further back, has its part of the log sent first.
    if (served.some(({ position, unanswered }) => position < after || unanswered)) return;
    let expected = after + 1;
    for (const { sequence } of entries) {
      // Retention may overtake a slow reader; it is told, and goes on with what there is.
      if (sequence !== expected)
        for (const state of served) if (state.position < sequence - 1) this.#tellGap(state, sequence - 1);
      expected = sequence + 1;
    }
    if (upTo >= expected) for (const state of served) if (state.position < upTo) this.#tellGap(state, upTo);
    const sent = this.#replayAll(entries, served, upTo);
    for (const state of served) state.position = Math.max(state.position, sent);
    // So that one long replay does not keep everyone else waiting.
    await new Promise(setImmediate);
  }

  /** What lies up to here is not there to be sent, so that it has not had it, should it come back. */
  #tellGap(state: State, upTo: number): void {
    state.from = Math.max(state.from, upTo);
    if (!state.waiting) state.replayed = 0;
    state.gap = true;
    state.waiting = true;
  }

  /** Sends these entries until the client has enough for now, and answers how far that was; the rest is read again. */
  #replayAll(entries: readonly Read[], served: readonly State[], upTo: number): number {
    for (const entry of entries) {
      if (!entry.current) continue;
      this.#replay(entry, served);
      if (this.sink.backlog() > MAX_BACKLOG / 2) return entry.sequence;
    }
    return upTo;
  }

  /** Sends an entry, once, if one of these subscriptions has not come so far and wants it. */
  #replay(entry: Entry, served: readonly State[]): void {
    if (entry.story.status === 'withheld') return;
    const reach = reachOf(entry);
    const again = this.#deps.wire.losses.placesOf(entry);
    let view: View | undefined;
    for (const state of served) {
      if (entry.sequence <= state.position || !reaches(state.expr, reach)) continue;
      if (state.had(again)) continue;
      if (state.waiting) state.replayed += 1;
      view = view === 'full' ? 'full' : state.view;
    }
    if (view) this.sink.story(createFrame(entry, this.#deps.wire.position().epoch), view);
  }

  /** When it cannot go on as it began, what is still to be sent is looked for again. */
  async #replayNewest(state: State, count: number): Promise<void> {
    const { wire, page = PAGE } = this.#deps;
    const found: Read[] = [];
    const began = this.#resets;
    let before = state.position + 1;
    // Whoever came meanwhile, and begins further back, has its part of the log sent first.
    const isWanted = () =>
      !this.#closed &&
      this.#resets === began &&
      this.#subscriptions.get(state.id) === state &&
      this.#lowest() >= state.position;
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
    const oldest = found.at(-1);
    if (oldest && state.lookedTo === 0) state.from = oldest.sequence - 1;
    for (const entry of found.reverse()) {
      if (entry.sequence <= state.lookedTo) continue;
      if (this.sink.backlog() > MAX_BACKLOG / 2) await this.sink.drained();
      if (!isWanted()) return;
      this.sink.story(createFrame(entry, wire.position().epoch), state.view);
      state.lookedTo = entry.sequence;
      state.replayed += 1;
    }
    state.last = undefined;
  }

  fallBehind(before: Entry): void {
    if (!this.#live) return;
    this.#live = false;
    for (const state of this.#subscriptions.values()) state.position = before.sequence - 1;
    const { metrics } = this.#deps;
    metrics.slowClient('behind');
    this.sink.notice({ code: 'slow', message: 'You read too slowly; catching you up from the log.' });
    void this.#read().then(() => this.#live && metrics.slowClient('caught_up'));
  }

  /** What each subscription had of what is gone now. */
  #lose(past: Past): void {
    this.#resets += 1;
    for (const state of this.#subscriptions.values()) {
      const position = this.#live ? past.sequence : state.position;
      const upTo = state.last === undefined ? position : state.lookedTo;
      if (upTo <= state.from) continue;
      state.spans = [...state.spans, { loss: past.loss, from: state.from, upTo }].slice(-MAX_SPANS);
    }
  }

  /** Told at once: versions may be counted anew in what follows, and the client is to know that before it comes. */
  reset(at: Position, past: Past): void {
    this.#lose(past);
    for (const state of this.#subscriptions.values()) {
      const { sequence } = at;
      Object.assign(state, { from: sequence, position: sequence, last: undefined, gap: true });
      this.#tellReady(state, sequence);
    }
  }

  renewed(at: Position, past: Past): void {
    this.#lose(past);
    for (const state of this.#subscriptions.values()) {
      state.from = Math.min(state.from, at.sequence);
      state.position = Math.min(state.position, at.sequence);
      state.lookedTo = Math.min(state.lookedTo, at.sequence);
    }
  }

  close(): void {
    this.#closed = true;
    this.unsubscribe();
  }
}
