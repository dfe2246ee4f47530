import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Budget, createBudget, type Rate, spend } from './bucket.ts';
import { directSocket, shorten, socketBelow } from './direct.ts';

const MESSAGES = Symbol('messages');
const POLLS = Symbol('polls');

/**
 * What one Engine.IO connection holds, and what it may do. Neither Engine.IO nor ws counts for us in public: what is
 * optional here may be absent in another version of them, and then counts as nothing.
 */
export interface Connection {
  readonly id: string;
  readonly readyState: string;
  readonly transport: Transport;
  readonly writeBuffer?: readonly { data?: unknown }[];
  /** The request that it began with. */
  request?: unknown;
  /** Ours: what it may still send. It is kept here because a table beside costs more than what is in it. */
  [MESSAGES]?: Budget;
  /** Ours, of a long-polling client: the answers to polls that are still on their way. */
  [POLLS]?: Set<ServerResponse>;
  on(event: 'close' | 'upgrade', listener: (this: Connection) => void): this;
  on(event: 'packet', listener: (this: Connection, packet: { data?: unknown }) => void): this;
  off(event: 'close' | 'upgrade', listener: () => void): this;
  /** Sends a packet of Socket.IO, after whatever it was given before. */
  write(packet: string): unknown;
  close(discard?: boolean): void;
}

interface Transport {
  readonly name?: string;
  on(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
  readonly socket?: {
    readonly bufferedAmount?: number;
    on?(event: 'ping', listener: () => void): unknown;
    terminate?(): void;
  };
}

/** What a client may send: messages, and in place of one also each KB of a long one. */
const RATE: Rate = { perSecond: 100, burst: 1_000 };
/** Bytes of stories and answers that a client has not taken, beyond which it may send nothing more. */
const MAX_UNTAKEN = 1024 * 1024;
/** A long-polling client waits for one answer at a time; proxies may still hold the one before. */
const MAX_POLLS = 3;

const NOTHING = new Uint8Array(0);

/** Bytes that Engine.IO and the socket hold for this client. Texts that many clients share are counted for each. */
export function backlogOf(conn: Connection): number {
  const { writeBuffer, transport, [POLLS]: polls } = conn;
  let bytes = transport.socket?.bufferedAmount ?? 0;
  if (writeBuffer) for (const { data } of writeBuffer) bytes += sizeOf(data);
  if (polls) for (const response of polls) bytes += response.writableLength;
  return bytes;
}

/** Resolves when the backlog is gone, or the client is. */
export function drained(conn: Connection): Promise<void> {
  return new Promise((resolve) => {
    let { transport } = conn;
    const watched = new Set<ServerResponse>();
    const check = () => {
      if (conn.readyState === 'open' && backlogOf(conn) > 0) {
        for (const response of conn[POLLS] ?? []) {
          if (!watched.has(response)) response.once('close', check);
          watched.add(response);
        }
        return;
      }
      conn.off('close', check).off('upgrade', watch);
      transport.off('drain', check);
      for (const response of watched) response.off('close', check);
      resolve();
    };
    // Engine.IO says `drain` when it has handed over its packets; the transport says it when they are written.
    // Of what was written past both of them, only the socket knows.
    const watch = () => {
      transport.off('drain', check);
      transport = conn.transport;
      transport.on('drain', check);
      directSocket(conn)?.write(NOTHING, check);
      check();
    };
    conn.on('close', check).on('upgrade', watch);
    watch();
  });
}

/** Ends a connection whose client would not take a goodbye. */
export function cut(conn: Connection): void {
  const { socket } = conn.transport;
  conn.close(true);
  socket?.terminate?.();
}

/**
 * Cuts off who sends more than anyone has a reason to, and who sends without taking what it is answered: Socket.IO
 * answers some packets, and ws every ping, before there is a client to hold to its limits.
 */
export function guard(conn: Connection): void {
  conn[MESSAGES] = createBudget(RATE);
  conn.on('packet', takePacket);
  if (conn.transport.name !== 'websocket') conn.on('upgrade', watchTransport);
  watchTransport.call(conn);
}

function takePacket(this: Connection, { data }: { data?: unknown }): void {
  take(this, sizeOf(data));
}

function watchTransport(this: Connection): void {
  this.transport.socket?.on?.('ping', () => take(this, 0));
  shorten(this);
}

function take(conn: Connection, bytes: number): void {
  const budget = conn[MESSAGES];
  if (conn.readyState !== 'open' || !budget) return;
  if (!spend(budget, RATE, 1 + bytes / 1024) || backlogOf(conn) > MAX_UNTAKEN) cut(conn);
}

/**
 * Lets go of the request that a connection began with. Engine.IO and Socket.IO know connections without one, those of
 * WebTransport, and after the handshake none of them asks for it.
 */
export function releaseRequest(conn: Connection): void {
  if ('request' in conn) conn.request = null;
}

/**
 * The stand-in for a response that Engine.IO hands its middleware with an upgrade is kept by the socket for as long as
 * it is open, and keeps the request. Nobody asks it for that after the last middleware.
 */
export function releaseUpgrade(response: ServerResponse): void {
  if (!(response instanceof ServerResponse) && 'req' in response) Object.assign(response, { req: undefined });
}

/** What is written to a socket in this turn of the loop goes out in one write at its end. */
export function gather(socket: Pick<Duplex, 'cork' | 'uncork'>): void {
  socket.cork();
  setImmediate(() => socket.uncork());
}

/** `gather` for what a client is sent, where it has a socket of its own. */
export function gatherFor(conn: Connection): void {
  const raw = socketBelow(conn);
  if (raw) gather(raw);
}

/** For listeners, without the names that every object has. */
function Listeners(this: object): void {}
Listeners.prototype = Object.create(null);

/**
 * Node keeps what listens to an emitter in an object that is a hash table from the start, of 300 bytes; as an ordinary
 * object of a shape that thousands share it takes a quarter of that.
 */
export function compactListeners(emitter: object): void {
  if (!('_events' in emitter) || typeof emitter._events !== 'object') return;
  emitter._events = Object.assign(new (Listeners as never as new () => object)(), emitter._events);
}

/** What a client has one of, and keeps as it is from now on. */
export function compactConnection(conn: Connection): void {
  compactListeners(conn);
  compactListeners(conn.transport);
  if (conn.transport.socket) compactListeners(conn.transport.socket);
}

/** Counts the answer to a poll until it has been taken. False when the client leaves too many of them untaken. */
export function countPoll(conn: Connection, request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'GET' || request.headers.upgrade !== undefined) return true;
  const open = conn[POLLS] ?? new Set();
  if (open.size >= MAX_POLLS) return false;
  conn[POLLS] = open.add(response);
  response.once('close', () => open.delete(response));
  return true;
}

function sizeOf(data: unknown): number {
  return typeof data === 'string' || data instanceof Uint8Array ? data.length : 0;
}
