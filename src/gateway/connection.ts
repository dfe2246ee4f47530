import type { IncomingMessage, ServerResponse } from 'node:http';
import { createBucket, type Rate } from './bucket.ts';
import { directSocket } from './direct.ts';

/**
 * What one Engine.IO connection holds, and what it may do. Neither Engine.IO nor ws counts for us in public: what is
 * optional here may be absent in another version of them, and then counts as nothing.
 */
export interface Connection {
  readonly id: string;
  readonly readyState: string;
  readonly transport: Transport;
  readonly writeBuffer?: readonly { data?: unknown }[];
  on(event: 'close' | 'upgrade', listener: () => void): this;
  on(event: 'packet', listener: (packet: { data?: unknown }) => void): this;
  off(event: 'close' | 'upgrade', listener: () => void): this;
  close(discard?: boolean): void;
}

interface Transport {
  on(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
  readonly socket?: {
    readonly bufferedAmount?: number;
    on?(event: 'ping', listener: () => void): unknown;
    terminate?(): void;
  };
}

/** What a client may send: messages, and in place of one also each KB of a long one. */
const MESSAGES: Rate = { perSecond: 100, burst: 1_000 };
/** Bytes of stories and answers that a client has not taken, beyond which it may send nothing more. */
const MAX_UNTAKEN = 1024 * 1024;
/** A long-polling client waits for one answer at a time; proxies may still hold the one before. */
const MAX_POLLS = 3;

const NOTHING = new Uint8Array(0);

/** The answers to polls that are still on their way. */
const polls = new WeakMap<Connection, Set<ServerResponse>>();

/** Bytes that Engine.IO and the socket hold for this client. Texts that many clients share are counted for each. */
export function backlogOf(conn: Connection): number {
  const { writeBuffer = [], transport } = conn;
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += sizeOf(data);
  for (const response of polls.get(conn) ?? []) bytes += response.writableLength;
  return bytes;
}

/** Resolves when the backlog is gone, or the client is. */
export function drained(conn: Connection): Promise<void> {
  return new Promise((resolve) => {
    let { transport } = conn;
    const watched = new Set<ServerResponse>();
    const check = () => {
      if (conn.readyState === 'open' && backlogOf(conn) > 0) {
        for (const response of polls.get(conn) ?? []) {
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
export function guard(conn: Connection, rate: Rate = MESSAGES): void {
  const bucket = createBucket(rate);
  const spend = (bytes: number) => {
    if (conn.readyState === 'open' && (!bucket.take(1 + bytes / 1024) || backlogOf(conn) > MAX_UNTAKEN))
      cut(conn);
  };
  const watchPings = () => conn.transport.socket?.on?.('ping', () => spend(0));
  conn.on('packet', ({ data }) => spend(sizeOf(data)));
  conn.on('upgrade', watchPings);
  watchPings();
}

/** Counts the answer to a poll until it has been taken. False when the client leaves too many of them untaken. */
export function countPoll(conn: Connection, request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'GET' || request.headers.upgrade !== undefined) return true;
  const open = polls.get(conn) ?? new Set();
  if (open.size >= MAX_POLLS) return false;
  polls.set(conn, open.add(response));
  response.once('close', () => open.delete(response));
  return true;
}

function sizeOf(data: unknown): number {
  return typeof data === 'string' || data instanceof Uint8Array ? data.length : 0;
}
