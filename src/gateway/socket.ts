import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Access } from '../core/access.ts';
import { publicError, WireError } from '../core/errors.ts';
import type { Metrics } from '../metrics.ts';
import {
  type ClientToServer,
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
/** Bytes of stories and answers that a client has not taken, beyond which it may ask for nothing more. */
const MAX_ANSWERS = 1024 * 1024;

export interface SocketDeps {
  server: HttpServer;
  /** Whether a browser page from this origin may connect. */
  allowsOrigin(origin: string | undefined, host: string | undefined): boolean;
  authenticate(token: unknown): Promise<Access>;
  isDraining(): boolean;
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
  open,
  metrics,
  log,
}: SocketDeps) {
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, { access: Access }>(server, {
    path: SOCKET_PATH,
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE,
    perMessageDeflate: false,
    httpCompression: false,
    cors: { origin: (origin, decide) => decide(null, origin ?? false), credentials: false },
    allowRequest: (request: IncomingMessage, decide) =>
      decide(null, allowsOrigin(request.headers.origin, request.headers.host)),
  });

  const ours = new Set<string | null>();
  io.engine.on('connection', (conn: { id: string; once(event: 'close', listener: () => void): void }) => {
    ours.add(conn.id);
    conn.once('close', () => ours.delete(conn.id));
  });

  // Before the handshake, so that whatever stands in front passes over this node: a stock client that is refused
  // later does not try again. The requests of a session that is not ours belong to the node that took it instead.
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const sid = new URL(request.url ?? '/', 'http://localhost').searchParams.get('sid');
    if (!isDraining() || ours.has(sid)) return next();
    // Not chained: for an upgrade, Engine.IO's response is a stand-in that just breaks the connection.
    response.writeHead(503);
    response.end();
  });

  /** One connection is one client: a packet with a thousand more of them is not. */
  const taken = new WeakSet<object>();

  io.use((socket, next) => {
    if (taken.has(socket.conn)) {
      next(new Error('This connection has a client already.'));
      return;
    }
    taken.add(socket.conn);
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

    // Answers wait for a client as stories do: one that only asks and never reads is not kept.
    socket.use((_event, next) => {
      if (backlogOf(socket.conn) > MAX_ANSWERS) socket.conn.close(true);
      else next();
    });

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
      answer(acknowledge, () => client.subscribe(parseSubscribe(request))),
    );
    on(socket, 'unsubscribe', (request, acknowledge) => {
      const reply = typeof request === 'function' ? request : acknowledge;
      return answer(reply, (): Exclude<Unsubscribed, Refused> => {
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
  const transport = () => conn.transport.name;
  return {
    id: socket.id,
    story(frame, view) {
      const packet = frame.packet(view);
      // The packet is encoded once for all; `conn.write` keeps it in order with whatever else this client is sent.
      conn.write(packet);
      metrics.delivered(transport(), 1, frame.bytes(view));
    },
    ready: (ready) => socket.emit('ready', ready),
    cursor: (beacon) => socket.emit('cursor', beacon),
    views: (totals) => socket.emit('views', totals),
    notice: (notice) => socket.emit('notice', notice),
    backlog: () => backlogOf(conn),
    drained: () => drained(conn),
    // Not `socket.disconnect`: a stock client that is told to go does not come back, one whose connection ends does.
    close: () => conn.close(),
  };
}

/** Engine.IO says `drain` when it has handed over its packets; the transport says it when they are written. */
function drained(conn: ClientSocket['conn']): Promise<void> {
  return new Promise((resolve) => {
    let { transport } = conn;
    const check = () => {
      if (conn.readyState === 'open' && backlogOf(conn) > 0) return;
      conn.off('close', check).off('upgrade', watch);
      transport.off('drain', check);
      resolve();
    };
    const watch = () => {
      transport.off('drain', check);
      transport = conn.transport;
      transport.on('drain', check);
      check();
    };
    conn.on('close', check).on('upgrade', watch);
    watch();
  });
}

/** Bytes that Engine.IO and the WebSocket hold for this client. Texts that many clients share are counted for each. */
function backlogOf(conn: object): number {
  // Neither package counts for us in public, so what is looked at here may be absent in another version: then it is 0.
  const { writeBuffer = [], transport } = conn as {
    writeBuffer?: { data?: unknown }[];
    transport?: { socket?: { bufferedAmount?: number } };
  };
  let bytes = transport?.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += typeof data === 'string' ? data.length : 0;
  return bytes;
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
