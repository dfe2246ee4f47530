import { io, type Socket } from 'socket.io-client';
import { type Cursor, parseCursor } from '../core/cursor.ts';
import type { Code } from '../core/errors.ts';
import {
  type Beacon,
  type ClientToServer,
  type Notice,
  PATIENT,
  type Refusal,
  type ServerToClient,
  type Subscribed,
} from '../gateway/protocol.ts';
import { fullJitter } from './backoff.ts';
import {
  createSubscription,
  type SubscribeRequest,
  type Subscription,
  type SubscriptionEvents,
  type WireStory,
} from './subscription.ts';

export type { Filter } from '../core/filter.ts';
export type { CompactStory, Story } from '../core/story.ts';
export type { Notice, SubscribeRequest, Subscription, SubscriptionEvents, WireStory };

/** `catching-up`: connected, and what was missed is on its way. `refused`: the token is not accepted; see `error`. */
export type State = 'connecting' | 'catching-up' | 'live' | 'offline' | 'refused' | 'closed';

export interface ConnectOptions {
  /** A token, or where to get a fresh one each time the connection is made. */
  token?: string | (() => string | Promise<string>);
  /** Socket.IO's; WebSocket alone by default, because it needs no sticky sessions. */
  transports?: ('websocket' | 'polling')[];
}

interface WireEvents {
  state: (state: State) => void;
  notice: (notice: Notice) => void;
  views: (totals: Record<string, number>) => void;
  error: (error: { code: Code; message: string }) => void;
}

export interface Wire {
  readonly state: State;
  /**
   * Hands over every matching story, in log order, once for each version of it, for as long as the wire is open:
   * across reconnects, other gateways and restarts. Withdrawn stories come with `status: 'canceled'`.
   */
  subscribe(
    request: SubscribeRequest,
    onStory: (story: WireStory) => void,
    events?: SubscriptionEvents,
  ): Subscription;
  /** A reader opened a story. */
  viewed(storyId: string): void;
  /** Answers how to stop listening. */
  on<E extends keyof WireEvents>(event: E, listener: WireEvents[E]): () => void;
  close(): void;
}

const ACKNOWLEDGE_MS = 10_000;
/** What is refused with one of these is asked for again. */
const PASSING: ReadonlySet<Code> = new Set(['unavailable', 'draining', 'rate_limited']);

/** Connects to a Newswire service; see `Wire`. */
export function connect(url: string, { token, transports = ['websocket'] }: ConnectOptions = {}): Wire {
  const socket: Socket<ServerToClient, ClientToServer> = io(url, {
    transports,
    reconnection: false,
    forceNew: true,
    query: { [PATIENT]: '1' },
    auth: (give) => {
      const asked = Promise.resolve().then(() => (typeof token === 'function' ? token() : token));
      asked.then(
        (value) => give(value ? { token: value } : {}),
        () => {
          socket.disconnect();
          reconnect();
        },
      );
    },
  });
  const subscriptions = new Map<string, ReturnType<typeof createSubscription>>();
  const listeners: { [E in keyof WireEvents]: Set<WireEvents[E]> } = {
    state: new Set(),
    notice: new Set(),
    views: new Set(),
    error: new Set(),
  };
  let state: State = 'connecting';
  let attempts = 0;
  let retryAfter: number | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let names = 0;
  let refusals = 0;

  function become(next: State): void {
    if (state === next || state === 'closed') return;
    state = next;
    for (const listener of listeners.state) listener(next);
  }

  function settle(): void {
    const waiting = [...subscriptions.values()].some((subscription) => subscription.isWaiting());
    if (socket.connected) become(waiting ? 'catching-up' : 'live');
  }

  function reconnect(): void {
    if (state === 'closed' || state === 'refused') return;
    become('offline');
    clearTimeout(retry);
    const pause = retryAfter === undefined ? fullJitter(attempts++) : retryAfter * 1000;
    retryAfter = undefined;
    retry = setTimeout(() => socket.connect(), pause);
  }

  function send(id: string): void {
    const subscription = subscriptions.get(id);
    if (!subscription || !socket.connected) return;
    const request = { ...subscription.request(), id };
    socket.timeout(ACKNOWLEDGE_MS).emit('subscribe', request, (lost: Error | null, answer: Subscribed) => {
      if (subscriptions.get(id) !== subscription) return;
      if (lost) {
        socket.disconnect();
        reconnect();
        return;
      }
      if (!answer.ok && PASSING.has(answer.error.code)) {
        setTimeout(() => send(id), fullJitter(refusals++));
        return;
      }
      refusals = 0;
      if (!answer.ok) subscriptions.delete(id);
      subscription.acknowledged(answer);
      settle();
    });
  }

  /** While one of several replays, the log has gone on in another epoch. */
  function placeAnew(story: WireStory): void {
    for (const [id, subscription] of subscriptions) {
      if (!subscription.isDisplacedBy(story)) continue;
      subscription.interrupted();
      send(id);
    }
  }

  socket.on('connect', () => {
    attempts = 0;
    for (const id of subscriptions.keys()) send(id);
    settle();
  });
  socket.on('connect_error', (error: Error & { data?: Refusal }) => {
    const code = error.data?.code;
    retryAfter = error.data?.retryAfter;
    if (error.data && (code === 'unauthorized' || code === 'forbidden')) {
      become('refused');
      for (const listener of listeners.error) listener(error.data);
      return;
    }
    reconnect();
  });
  socket.on('disconnect', () => {
    for (const subscription of subscriptions.values()) subscription.interrupted();
    reconnect();
  });
  socket.on('story', (story) => {
    const isShared = subscriptions.size > 1;
    if (isShared && state === 'catching-up') placeAnew(story);
    for (const subscription of subscriptions.values()) subscription.story(story, !isShared);
  });
  socket.on('ready', (ready) => {
    subscriptions.get(ready.id)?.ready(ready);
    settle();
  });
  socket.on('cursor', ({ cursor }: Beacon) => {
    for (const subscription of subscriptions.values()) subscription.passed(cursor);
  });
  socket.on('views', (totals) => {
    for (const listener of listeners.views) listener(totals);
  });
  socket.on('notice', (notice) => {
    if (notice.code === 'draining') retryAfter = notice.retryAfter;
    for (const listener of listeners.notice) listener(notice);
  });

  return {
    get state() {
      return state;
    },
    subscribe(request, onStory, events = {}) {
      if (request.after !== undefined) parseCursor(request.after);
      const id = `s${++names}`;
      const subscription = createSubscription(request, onStory, events);
      subscriptions.set(id, subscription);
      send(id);
      settle();
      return {
        get cursor(): Cursor | undefined {
          return subscription.cursor();
        },
        close() {
          if (subscriptions.delete(id) && socket.connected) socket.emit('unsubscribe', { id });
          settle();
        },
      };
    },
    viewed(storyId) {
      if (socket.connected) socket.emit('view', { id: storyId });
    },
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    close() {
      become('closed');
      clearTimeout(retry);
      socket.disconnect();
    },
  };
}
