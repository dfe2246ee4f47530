import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Access } from '../core/access.ts';
import { publicError, WireError } from '../core/errors.ts';
import type { Metrics } from '../metrics.ts';
import { type Admit, CROWDED } from './admission.ts';
import type { Batch } from './batch.ts';
import { type Budget, createBudget, type Rate, spend } from './bucket.ts';
import {
  backlogOf,
  type Connection,
  compactConnection,
  compactListeners,
  countPoll,
  cut,
  drained,
  gather,
  gatherFor,
  guard,
  releaseRequest,
  releaseUpgrade,
} from './connection.ts';
import { isClear, type RawSocket, socketBelow, webSocketFrame } from './direct.ts';
import { Queue } from './outbox.ts';
import {
  type Beacon,
  type ClientToServer,
  type Notice,
  PATIENT,
  type Ready,
  type Refusal,
  type Refused,
  type ServerToClient,
  SOCKET_PATH,
  type Subscribed,
  type Unsubscribed,
} from './protocol.ts';
import { parseNaming, parseSubscribe } from './request.ts';
import type { Session, Sink } from './session.ts';

/** No client has a reason to send more than this at once. */
const MAX_MESSAGE = 64 * 1024;
/** How long a connection may take to say whose it is, in milliseconds. */
const CONNECT_MS = 10_000;
/** How often a client may change what it is subscribed to, and tell what its reader opens. */
const REQUESTS: Rate = { perSecond: 10, burst: 100 };
const VIEWS: Rate = { perSecond: 10, burst: 50 };

export interface SocketDeps {
  server: HttpServer;
  /** Whether a browser page from this origin may connect. */
  allowsOrigin(origin: string | undefined, host: string | undefined): boolean;
  authenticate(token: unknown): Promise<Access>;
  isDraining(): boolean;
  /** Asked once for each newcomer, before anything else is done for it. */
  admit: Admit;
  clients: Clients;
  metrics: Metrics;
  log: Logger;
}

/** What clients may do, with their input still unchecked but for the shape. */
export interface Clients {
  open(sink: Sink, access: Access): Session;
  subscribe(
    session: Session,
    request: ReturnType<typeof parseSubscribe>,
  ): Promise<Exclude<Subscribed, Refused>>;
  unsubscribe(session: Session, id?: string): void;
  view(storyId: string): void;
  /** Returns what the connection's log line says of it. */
  close(session: Session): Record<string, unknown>;
}

/** What belongs to one client; all else is there once, for all of them. */
interface Data {
  access: Access;
  session: Session;
  /** In milliseconds since 1970. */
  connected: number;
  /** As it is counted by. */
  transport: string;
  requests?: Budget;
  views?: Budget;
}

type ClientSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, Data>;

/** The handshake of every client, once it is through: nobody asks for more, and it would be kept for as long. */
const THROUGH = Object.freeze({});
/** Answers to events of ours, for none of which one is asked. */
const NO_ANSWERS = new Map<never, never>();

/** Socket.IO as section 6 of the contract has it. Stock clients work, over WebSocket and long-polling. */
export function attachSocketIo({
  server,
  allowsOrigin,
  authenticate,
  isDraining,
  admit,
  clients,
  metrics,
  log,
}: SocketDeps) {
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, Data>(server, {
    path: SOCKET_PATH,
    serveClient: false,
    connectTimeout: CONNECT_MS,
    destroyUpgrade: false,
    maxHttpBufferSize: MAX_MESSAGE,
    perMessageDeflate: false,
    httpCompression: false,
    cors: { origin: (origin, decide) => decide(null, origin ?? false), credentials: false },
    allowRequest: (request: IncomingMessage, decide) =>
      decide(null, allowsOrigin(request.headers.origin, request.headers.host)),
  });

  io.engine.on('connection', guard);
  // The answer to an upgrade and the first packet, which comes right after it. Of the other protocol, which is refused,
  // Engine.IO destroys the socket in the same turn.
  io.engine.on('initial_headers', (_headers: object, request: IncomingMessage) => {
    if (request.headers.upgrade !== undefined && queryOf(request).EIO === '4') gather(request.socket);
  });

  // Nobody is ever in a room, and one's own would be a Set and a Map's entry, twice.
  Object.assign(io.of('/').adapter, { addAll() {}, del() {}, delAll() {} });

  /** As Engine.IO documents it: its connections by their id. */
  const { clients: ours } = io.engine as object as { clients: Record<string, Connection> };

  // Before the handshake, so that whatever stands in front passes over this node, and a stock client tries again by
  // itself: after a refusal by `connect_error` it would not, and is sent one only if it says that it knows better.
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const { sid, [PATIENT]: patient } = queryOf(request);
    const conn = sid !== undefined && Object.hasOwn(ours, sid) ? ours[sid] : undefined;
    if (conn) {
      if (countPoll(conn, request, response)) {
        releaseUpgrade(response);
        return next();
      }
      cut(conn);
      return refuse(request, response, 1);
    }
    // The requests of a session that is not ours belong to the node that took it instead.
    if (isDraining()) return refuse(request, response, 1);
    const seconds = sid === undefined && patient === undefined ? admit() : 0;
    if (seconds > 0) return refuse(request, response, seconds);
    releaseUpgrade(response);
    next();
  });

  // Nobody else takes upgrades, and a socket that nobody takes stays open for as long as its client likes.
  let closeListeners = 0;
  server.prependListener('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    closeListeners = socket.listenerCount('close');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (request.url?.startsWith(`${SOCKET_PATH}/`)) forgetResponse(socket, closeListeners);
    else answerUpgrade(socket, '404 Not Found');
  });

  /** One connection is one client: a packet with a thousand more of them is not. */
  const taken = new WeakSet<object>();

  io.use((socket, next) => {
    if (taken.has(socket.conn)) {
      next(new Error('This connection has a client already.'));
      return;
    }
    taken.add(socket.conn);
    const seconds = socket.handshake.query[PATIENT] === undefined ? 0 : admit();
    if (seconds > 0) {
      const data: Refusal = { code: 'unavailable', message: CROWDED, retryAfter: seconds };
      next(Object.assign(new Error(CROWDED), { data }));
      return;
    }
    authenticate(socket.handshake.auth.token).then(
      (access) => {
        socket.data.access = access;
        next();
      },
      (error: unknown) => {
        const { code, message } = publicError(error);
        next(Object.assign(new Error(message), { data: { code, message } }));
      },
    );
  });

  async function answer<T extends { ok: true }>(
    socket: ClientSocket,
    acknowledge: unknown,
    make: () => Promise<T> | T,
  ): Promise<void> {
    let reply: T | Refused;
    try {
      reply = await make();
    } catch (error) {
      if (!(error instanceof WireError)) log.error({ err: error, client: socket.id }, 'a request failed');
      reply = { ok: false, error: publicError(error) };
    }
    if (typeof acknowledge !== 'function') return;
    // With the `ready` that comes next, when there is nothing to replay.
    gatherFor(socket.conn as object as Connection);
    acknowledge(reply);
  }

  // One function for all sockets, each of which calls it as its own.
  const listeners = {
    subscribe(this: ClientSocket, request: unknown, acknowledge: unknown): void {
      void answer(this, acknowledge, () => {
        limit(this.data, 'requests', REQUESTS);
        return clients.subscribe(this.data.session, parseSubscribe(request));
      });
    },

    unsubscribe(this: ClientSocket, request: unknown, acknowledge: unknown): void {
      const reply = typeof request === 'function' ? request : acknowledge;
      void answer(this, reply, (): Exclude<Unsubscribed, Refused> => {
        limit(this.data, 'requests', REQUESTS);
        const isAll = request === undefined || request === null || request === reply;
        clients.unsubscribe(this.data.session, isAll ? undefined : parseNaming('unsubscribe', request).id);
        return { ok: true };
      });
    },

    view(this: ClientSocket, request: unknown, acknowledge: unknown): void {
      void answer(this, acknowledge, () => {
        limit(this.data, 'views', VIEWS);
        clients.view(parseNaming('view', request).id);
        return { ok: true } as const;
      });
    },

    disconnect(this: ClientSocket, reason: string): void {
      const { session, connected, transport } = this.data;
      taken.delete(this.conn);
      metrics.connected(transport, -1);
      const durationMs = Date.now() - connected;
      log.info({ client: this.id, reason, durationMs, ...clients.close(session) }, 'client left');
    },
  };

  const listening = Object.entries(listeners);

  io.on('connection', (socket) => {
    const { conn, data } = socket;
    // What Engine.IO keeps to itself in its types.
    const held = conn as object as Connection;
    releaseRequest(held);
    Object.assign(socket, { handshake: THROUGH, acks: NO_ANSWERS });
    data.connected = Date.now();
    data.transport = conn.transport.name;
    metrics.connected(data.transport, 1);
    data.session = clients.open(new SocketSink(socket.id, held, metrics), data.access);
    for (const [event, listener] of listening) socket.on(event as never, listener as never);
    compactListeners(socket);
    compactConnection(held);
    if (data.transport === 'websocket') return;
    conn.once('upgrade', () => {
      if (!socket.connected) return;
      metrics.connected(data.transport, -1);
      data.transport = conn.transport.name;
      metrics.connected(data.transport, 1);
    });
  });

  return {
    /** Ends every connection and the Socket.IO server; not the HTTP server. */
    async close(): Promise<void> {
      io.engine.close();
    },
  };
}

/** @throws {WireError} `rate_limited` */
function limit(data: Data, kind: 'requests' | 'views', rate: Rate): void {
  data[kind] ??= createBudget(rate);
  if (!spend(data[kind], rate)) throw new WireError('rate_limited', 'Too many requests; wait a second.');
}

/** What Engine.IO has read of a request's address already; a version that does so later has it read here. */
function queryOf(request: IncomingMessage & { _query?: Record<string, string> }) {
  return request._query ?? Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams);
}

class SocketSink extends Queue implements Sink {
  readonly id: string;
  readonly #conn: Connection;
  readonly #metrics: Metrics;
  /** The transport that was looked below, and what was found there. */
  #transport: unknown = undefined;
  #raw: RawSocket | undefined = undefined;
  /** What the client had not taken when it was last asked. */
  #untaken = 0;

  constructor(id: string, conn: Connection, metrics: Metrics) {
    super();
    this.id = id;
    this.#conn = conn;
    this.#metrics = metrics;
  }

  /** Where to write past Engine.IO, when that is in order. */
  #direct(): RawSocket | undefined {
    const conn = this.#conn;
    if (this.#transport !== conn.transport) {
      this.#transport = conn.transport;
      this.#raw = socketBelow(conn);
    }
    const raw = this.#raw;
    return raw && isClear(conn, raw) ? raw : undefined;
  }

  protected deliver(batch: Batch): void {
    const raw = this.#direct();
    if (raw) raw.write(batch.webSocket());
    // Engine.IO keeps each packet in order with whatever else this client is sent.
    else for (const { frame, view } of batch.frames) this.#conn.write(frame.packet(view));
    this.#metrics.delivered(this.#conn.transport.name ?? '', batch.frames.length, batch.bytes());
  }

  #emit<E extends keyof ServerToClient>(event: E, ...payload: Parameters<ServerToClient[E]>): void {
    this.flush();
    const text = `2${JSON.stringify([event, ...payload])}`;
    const raw = this.#direct();
    if (raw) raw.write(webSocketFrame(`4${text}`));
    else this.#conn.write(text);
  }

  ready(ready: Ready): void {
    this.#emit('ready', ready);
  }

  cursor(beacon: Beacon): void {
    this.#emit('cursor', beacon);
  }

  views(totals: Record<string, number>): void {
    this.#emit('views', totals);
  }

  notice(notice: Notice): void {
    this.#emit('notice', notice);
  }

  backlog(): number {
    const waiting = this.bytes();
    // While something waits nothing is sent: what had not been taken before it is no more by now.
    if (waiting === 0) this.#untaken = this.#direct()?.writableLength ?? backlogOf(this.#conn);
    return this.#untaken + waiting;
  }

  drained(): Promise<void> {
    return drained(this.#conn);
  }

  /** Not `socket.disconnect`: a stock client that is told to go does not come back, one whose connection ends does. */
  close(): void {
    this.flush();
    this.#conn.close();
  }
}

/**
 * Lets go of Engine.IO's stand-in for the response to an upgrade, which listens to the socket for its end, for whoever
 * asks it. Nobody does here.
 * @param before how many had listened for that before it
 */
function forgetResponse(socket: Duplex, before: number): void {
  for (const listener of socket.rawListeners('close').slice(before))
    socket.off('close', listener as () => void);
}

/** Refuses a request before Engine.IO sees it, which then waits for nothing: the middleware's `next` is never called. */
function refuse(request: IncomingMessage, response: ServerResponse, seconds: number): void {
  const retryAfter = String(Math.ceil(seconds));
  // For an upgrade, Engine.IO's response is a stand-in that writes nothing.
  if (request.headers.upgrade !== undefined) {
    answerUpgrade(request.socket, '503 Service Unavailable', `Retry-After: ${retryAfter}\r\n`);
  } else {
    response.writeHead(503, { 'retry-after': retryAfter });
    response.end();
  }
}

function answerUpgrade(socket: Duplex, status: string, headers = ''): void {
  socket.on('error', () => {});
  if (socket.writable)
    socket.write(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroy();
}
