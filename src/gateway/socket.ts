import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Access } from '../core/access.ts';
import { publicError, WireError } from '../core/errors.ts';
import type { Metrics } from '../metrics.ts';
import { type Admit, CROWDED } from './admission.ts';
import { createBucket } from './bucket.ts';
import { backlogOf, type Connection, countPoll, cut, drained, guard } from './connection.ts';
import { directSocket } from './direct.ts';
import { createWaiting } from './outbox.ts';
import {
  type ClientToServer,
  PATIENT,
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
const REQUESTS = { perSecond: 10, burst: 100 };
const VIEWS = { perSecond: 10, burst: 50 };

export interface SocketDeps {
  server: HttpServer;
  /** Whether a browser page from this origin may connect. */
  allowsOrigin(origin: string | undefined, host: string | undefined): boolean;
  authenticate(token: unknown): Promise<Access>;
  isDraining(): boolean;
  /** Asked once for each newcomer, before anything else is done for it. */
  admit: Admit;
  open(sink: Sink, access: Access): ClientSession;
  metrics: Metrics;
  log: Logger;
}

/** What a client may do, with its input still unchecked but for the shape. */
export interface ClientSession {
  session: Session;
  subscribe(request: ReturnType<typeof parseSubscribe>): Promise<Exclude<Subscribed, Refused>>;
  unsubscribe(id?: string): void;
  view(storyId: string): void;
  /** Returns what the connection's log line says of it. */
  close(): Record<string, unknown>;
}

type ClientSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, { access: Access }>;

/** Socket.IO as section 6 of the contract has it. Stock clients work, over WebSocket and long-polling. */
export function attachSocketIo({
  server,
  allowsOrigin,
  authenticate,
  isDraining,
  admit,
  open,
  metrics,
  log,
}: SocketDeps) {
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, { access: Access }>(server, {
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

  const ours = new Map<string | null, Connection>();
  io.engine.on('connection', (conn: Connection) => {
    ours.set(conn.id, conn);
    conn.on('close', () => ours.delete(conn.id));
    guard(conn);
  });

  // Before the handshake, so that whatever stands in front passes over this node, and a stock client tries again by
  // itself: after a refusal by `connect_error` it would not, and is sent one only if it says that it knows better.
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const sid = query.get('sid');
    const conn = ours.get(sid);
    if (conn) {
      if (countPoll(conn, request, response)) return next();
      cut(conn);
      return refuse(request, response, 1);
    }
    // The requests of a session that is not ours belong to the node that took it instead.
    if (isDraining()) return refuse(request, response, 1);
    const seconds = sid === null && query.get(PATIENT) === null ? admit() : 0;
    if (seconds === 0) return next();
    refuse(request, response, seconds);
  });

  // Nobody else takes upgrades, and a socket that nobody takes stays open for as long as its client likes.
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (request.url?.startsWith(`${SOCKET_PATH}/`)) return;
    answerUpgrade(socket, '404 Not Found');
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

  io.on('connection', (socket) => {
    const connected = Date.now();
    const client = open(createSink(socket, metrics), socket.data.access);
    countTransport(socket, metrics);

    const requests = createBucket(REQUESTS);
    const views = createBucket(VIEWS);
    const limited = (bucket: typeof requests) => {
      if (!bucket.take()) throw new WireError('rate_limited', 'Too many requests; wait a second.');
    };

    const answer = async <T extends { ok: true }>(acknowledge: unknown, make: () => Promise<T> | T) => {
      const reply: T | Refused = await Promise.resolve()
        .then(make)
        .catch((error: unknown) => {
          if (!(error instanceof WireError)) log.error({ err: error, client: socket.id }, 'a request failed');
          return { ok: false, error: publicError(error) };
        });
      if (typeof acknowledge === 'function') acknowledge(reply);
    };

    on(socket, 'subscribe', (request, acknowledge) =>
      answer(acknowledge, () => {
        limited(requests);
        return client.subscribe(parseSubscribe(request));
      }),
    );
    on(socket, 'unsubscribe', (request, acknowledge) => {
      const reply = typeof request === 'function' ? request : acknowledge;
      return answer(reply, (): Exclude<Unsubscribed, Refused> => {
        limited(requests);
        const named =
          request === undefined || request === null || request === reply
            ? undefined
            : parseNaming('unsubscribe', request);
        client.unsubscribe(named?.id);
        return { ok: true };
      });
    });
    on(socket, 'view', (request, acknowledge) =>
      answer(acknowledge, () => {
        limited(views);
        client.view(parseNaming('view', request).id);
        return { ok: true } as const;
      }),
    );

    socket.on('disconnect', (reason) => {
      taken.delete(socket.conn);
      log.info(
        { client: socket.id, reason, durationMs: Date.now() - connected, ...client.close() },
        'client left',
      );
    });
  });

  return {
    /** Ends every connection and the Socket.IO server; not the HTTP server. */
    async close(): Promise<void> {
      io.engine.close();
    },
  };
}

/** Clients send what they like: the arguments of an event are unknown until they have been parsed. */
function on(
  socket: ClientSocket,
  event: keyof ClientToServer,
  listener: (request: unknown, acknowledge: unknown) => Promise<void>,
): void {
  socket.on(
    event,
    ((request: unknown, acknowledge: unknown) => void listener(request, acknowledge)) as never,
  );
}

function createSink(socket: ClientSocket, metrics: Metrics): Sink {
  const { conn } = socket;
  // What Engine.IO keeps to itself in its types.
  const held: Connection = conn as object as Connection;
  const transport = () => conn.transport.name;
  const waiting = createWaiting((batch) => {
    const raw = directSocket(held);
    if (raw) raw.write(batch.webSocket());
    // Engine.IO keeps each packet in order with whatever else this client is sent.
    else for (const { frame, view } of batch.frames) conn.write(frame.packet(view));
    metrics.delivered(transport(), batch.frames.length, batch.bytes());
  });
  const emit = <E extends keyof ServerToClient>(event: E, ...payload: Parameters<ServerToClient[E]>) => {
    waiting.flush();
    socket.emit(event, ...payload);
  };
  return {
    ...waiting,
    id: socket.id,
    ready: (ready) => emit('ready', ready),
    cursor: (beacon) => emit('cursor', beacon),
    views: (totals) => emit('views', totals),
    notice: (notice) => emit('notice', notice),
    backlog: () => backlogOf(held) + waiting.bytes(),
    drained: () => drained(held),
    // Not `socket.disconnect`: a stock client that is told to go does not come back, one whose connection ends does.
    close() {
      waiting.flush();
      conn.close();
    },
  };
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

function countTransport(socket: ClientSocket, metrics: Metrics): void {
  let name = socket.conn.transport.name;
  metrics.connected(name, 1);
  const upgraded = () => {
    metrics.connected(name, -1);
    name = socket.conn.transport.name;
    metrics.connected(name, 1);
  };
  socket.conn.on('upgrade', upgraded);
  socket.on('disconnect', () => {
    socket.conn.off('upgrade', upgraded);
    metrics.connected(name, -1);
  });
}
