import { randomUUID } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Access } from '../core/access.ts';
import { WireError } from '../core/errors.ts';
import { both, parseFilter, topicsIn } from '../core/filter.ts';
import type { Entry, View } from '../core/story.ts';
import type { TopicId, TopicRef } from '../core/topic.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import { createAdmission } from './admission.ts';
import type { Rate } from './bucket.ts';
import { createFanOut } from './fan-out.ts';
import { createFrame } from './frame.ts';
import { planHandover } from './handover.ts';
import { createLately } from './lately.ts';
import { createOutbox } from './outbox.ts';
import { BEACON_MS, DEFAULT_SUBSCRIPTION, type Notice } from './protocol.ts';
import { createSession, MAX_BACKLOG, type Session, type Subscription } from './session.ts';
import { attachSocketIo, type Clients } from './socket.ts';
import { createSseSink, refuseStream } from './sse.ts';
import { createTopicIndex } from './topic-index.ts';
import { createViews } from './views.ts';
import { openWire, type Wire } from './wire.ts';

export interface GatewayDeps {
  server: HttpServer;
  store: Pick<Store, 'head' | 'read' | 'readAt' | 'follow' | 'addViews' | 'views'>;
  /** The topic that stands for a reference, and whether the vocabulary has it. */
  resolveTopic(ref: TopicRef): TopicId;
  knowsTopic(id: TopicId): boolean;
  authenticate(token: unknown): Promise<Access>;
  allowsOrigin(origin: string | undefined, host: string | undefined): boolean;
  /** How many newcomers are let in; those of `admission.ts` when not given. */
  handshakes?: Rate;
  metrics: Metrics;
  log: Logger;
}

export interface StreamRequest {
  filter: unknown;
  after: unknown;
  view: View;
  access: Access;
}

export interface Gateway {
  readonly wire: Wire;
  /** Whether this process can serve: it follows the log, and is not draining. */
  isReady(): boolean;
  /**
   * Serves one client over SSE. Rejects with a WireError before anything has been answered, or never.
   * @param asked finds out what it asks for and may see: for those only who are let in.
   */
  stream(
    request: IncomingMessage,
    response: ServerResponse,
    asked: () => Promise<StreamRequest>,
  ): Promise<void>;
  /** How many stories of the stored window have each topic. */
  topicCounts(): ReadonlyMap<TopicId, number>;
  /** The connected clients, in the order of their coming. */
  clients(): Session[];
  /** Hands the clients away, evenly over at most so many seconds; a few of them go at once. */
  drain(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** What there is to know of a client beside its session. */
interface Client {
  readonly access: Access;
  /** How often it has subscribed. */
  requests: number;
}

/** So many stories' totals are told at once; what is left out comes when it changes again. */
const MAX_VIEWS = 200;
/** So many topics of the latest stories are remembered: what has one of them is no unknown topic. */
const RECENT_TOPICS = 5_000;
/** Among so many of the newest stories those are looked for whose views are told, and topics that are no unknown ones. */
const RECENT_STORIES = 5_000;
/** How often stories that have left the log are left out of the counts. */
const TRIM_MS = 60_000;

const INTERRUPTED: Notice = {
  code: 'degraded',
  message: 'The wire is interrupted; nothing is lost, stories follow when it is back.',
};

const LEAVE = 'This node is closing; connect again.';

function closingDown(): WireError {
  return new WireError('draining', 'This node is closing; connect again in a moment.');
}

/** Everyone who listens, on whatever transport, behind one following of the log. */
export function createGateway(deps: GatewayDeps): Gateway {
  const { server, store, resolveTopic, knowsTopic, authenticate, allowsOrigin, metrics, log } = deps;
  const sessions = new Map<Session, Client>();
  const fanOut = createFanOut<Subscription>();
  const outbox = createOutbox();
  const recentTopics = createLately(RECENT_TOPICS);
  const topicIndex = createTopicIndex(store);
  const closing = new AbortController();
  let dispatches = 0;
  const admit = createAdmission(deps.handshakes);
  let draining = false;

  const wire = openWire({
    store,
    metrics,
    log,
    events: {
      entry: dispatch,
      noted: topicIndex.note,
      reset: (at, past) => {
        topicIndex.clear();
        indexTopics();
        for (const session of sessions.keys()) session.reset(at, past);
      },
      renewed: (at, past) => {
        topicIndex.clear();
        indexTopics();
        for (const session of sessions.keys()) session.renewed(at, past);
      },
      link: (up) =>
        tellAll(
          up ? { code: 'restored', message: 'The wire is back; what was missed follows.' } : INTERRUPTED,
        ),
    },
  });

  const views = createViews({
    store,
    recent: (count) => wire.recent(count),
    changed: tellViews,
    log,
  });

  function tellAll(notice: Notice): void {
    for (const { sink } of sessions.keys()) sink.notice(notice);
  }

  function dispatch(entry: Entry): void {
    topicIndex.add(entry);
    for (const topic of entry.story.topics) recentTopics.add(topic);
    if (entry.story.status === 'withheld') return;
    const frame = createFrame(entry, wire.position().epoch);
    const again = wire.losses.placesOf(entry);
    const compact: Subscription[] = [];
    dispatches += 1;
    let sent = 0;
    outbox.send(frame, (give) => {
      const send = ({ session, view }: Subscription) => {
        const { sink } = session;
        if (!sink.isNew(dispatches)) return;
        const untaken = sink.backlog();
        if (untaken > 0 && untaken + frame.bytes(view) > MAX_BACKLOG) session.fallBehind(entry);
        else {
          give(sink, view);
          sent += 1;
        }
      };
      for (const { members } of fanOut.groups(entry)) {
        for (const subscription of members) {
          if (!subscription.session.isLive() || (again && subscription.had(again))) continue;
          if (subscription.view === 'full') send(subscription);
          else compact.push(subscription);
        }
      }
      // Last, as who asked for the full view as well is given that one.
      for (const subscription of compact) send(subscription);
    });
    if (sent > 0) metrics.lag('stored_to_sent', (Date.now() - entry.at) / 1000);
  }

  function tellViews(totals: ReadonlyMap<string, number>): void {
    const told = new Map<Session, Record<string, number>>();
    const newest = new Map(wire.recent(RECENT_STORIES).map((entry) => [entry.story.id, entry]));
    for (const [id, total] of [...totals].slice(0, MAX_VIEWS)) {
      const entry = newest.get(id);
      if (!entry) continue;
      for (const { session } of fanOut.match(entry)) {
        const mine = told.get(session) ?? {};
        mine[id] = total;
        told.set(session, mine);
      }
    }
    for (const [session, mine] of told) {
      if (session.isLive() && session.sink.backlog() <= MAX_BACKLOG) session.sink.views(mine);
    }
  }

  function countSubscriptions(): void {
    const { members, filters } = fanOut.size();
    metrics.subscribed(members, filters);
  }

  /** What a client may do, whatever its transport, within what it may see. */
  const clients: Clients = {
    open(sink, access) {
      const session = createSession({ sink, wire, fanOut, places: topicIndex.places, metrics, log });
      sessions.set(session, { access, requests: 0 });
      if (!wire.isUp()) sink.notice(INTERRUPTED);
      return session;
    },
    async subscribe(session, { id, filter, after, last, view }) {
      const client = sessions.get(session);
      if (!client) throw new WireError('unavailable', 'The connection has ended.');
      client.requests += 1;
      const asked = parseFilter(filter, resolveTopic);
      const expr = both(asked, client.access.filter);
      const started = await session.subscribe({ id, expr, after, last, view });
      countSubscriptions();
      const unknown = topicsIn(asked).filter((topic) => !knowsTopic(topic) && !recentTopics.has(topic));
      return { ok: true, id, ...started, filter: asked.text, ...(unknown.length > 0 ? { unknown } : {}) };
    },
    unsubscribe(session, id) {
      session.unsubscribe(id);
      countSubscriptions();
    },
    view: views.count,
    close(session) {
      const client = sessions.get(session);
      session.close();
      sessions.delete(session);
      countSubscriptions();
      const subject = client?.access.subject;
      return { subscriptions: client?.requests ?? 0, ...(subject ? { subject } : {}) };
    },
  };

  const socketIo = attachSocketIo({
    server,
    allowsOrigin,
    authenticate: async (token) => {
      if (draining) throw closingDown();
      return authenticate(token);
    },
    isDraining: () => draining,
    admit,
    clients,
    metrics,
    log,
  });

  /** Beside everything else: until it is through, the counts are of the newest part, and who looks for little is read all. */
  function indexTopics(): void {
    topicIndex.fill(wire.position().sequence, closing.signal).catch((err: unknown) => {
      log.warn({ err }, 'the topics of the stored window could not be read');
    });
  }

  const trim = setInterval(() => {
    store.head().then(
      ({ first }) => topicIndex.trim(first),
      () => {},
    );
  }, TRIM_MS);
  trim.unref();

  const beacon = setInterval(() => {
    const now = Date.now();
    const at = new Date(now).toISOString();
    for (const [session, { access }] of sessions) {
      if (access.expires !== undefined && access.expires <= now) {
        session.sink.notice({ code: 'revoked', message: 'Your token has ended; connect with a new one.' });
        session.sink.close();
      } else if (wire.isUp() && session.isPlaced() && session.sink.backlog() <= MAX_BACKLOG) {
        session.sink.cursor({ cursor: session.cursor(), at });
      }
    }
  }, BEACON_MS);
  beacon.unref();
  wire.begun.then(() => {
    for (const { story } of wire.recent(RECENT_STORIES))
      for (const topic of story.topics) recentTopics.add(topic);
    indexTopics();
  });

  return {
    wire,
    isReady: () => wire.isUp() && !draining,
    topicCounts: topicIndex.counts,
    clients: () => [...sessions.keys()],

    async stream(request, response, asked) {
      if (draining) throw closingDown();
      const seconds = admit();
      if (seconds > 0) {
        refuseStream(response, seconds);
        return;
      }
      const { filter, after, view, access } = await asked();
      // A response that waits for another one on the same socket would never be told that its client has gone.
      if (response.socket === null)
        throw new WireError('invalid_request', 'A stream needs a connection of its own.');
      if (response.destroyed || request.socket.destroyed) return;
      const connected = Date.now();
      const sink = createSseSink(randomUUID(), request, response, metrics);
      const session = clients.open(sink, access);
      response.once('close', () => {
        const durationMs = Date.now() - connected;
        log.info({ client: sink.id, durationMs, ...clients.close(session) }, 'client left');
      });
      await clients.subscribe(session, { id: DEFAULT_SUBSCRIPTION, filter, after, last: undefined, view });
      sink.begin();
    },

    async drain(seconds) {
      draining = true;
      const leave = planHandover(sessions.size, seconds);
      const began = performance.now();
      let index = 0;
      // Whoever was let in at the last moment comes up too: a Map hands out what is added meanwhile.
      for (const { sink } of sessions.keys()) {
        const { at, retryAfter } = leave(index);
        const early = at - (performance.now() - began);
        if (early > 0) await wait(early);
        else if (index % 100 === 99) await new Promise(setImmediate);
        index += 1;
        sink.notice({ code: 'draining', message: LEAVE, retryAfter });
        sink.close();
      }
    },

    async close() {
      clearInterval(beacon);
      clearInterval(trim);
      closing.abort();
      outbox.close();
      for (const { sink } of sessions.keys()) sink.close();
      await socketIo.close();
      await views.close();
      await wire.close();
    },
  };
}
