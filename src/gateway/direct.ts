import type { Connection } from './connection.ts';

/** The part of a TCP socket that is written to. */
export interface RawSocket {
  readonly writable: boolean;
  /** Bytes that it has not handed over yet. */
  readonly writableLength: number;
  write(bytes: Uint8Array, done?: () => void): boolean;
}

/** What Engine.IO and ws keep to themselves; whatever of it another version lacks turns the short way off. */
interface Internals {
  readyState?: string;
  upgrading?: boolean;
  writeBuffer?: readonly unknown[];
  transport?: Transport;
}

interface Transport {
  name?: string;
  writable?: boolean;
  perMessageDeflate?: unknown;
  socket?: {
    readyState?: number;
    _socket?: Partial<RawSocket> | null;
    _sender?: { _bufferedBytes?: number };
    _extensions?: Record<string, unknown>;
  };
}

const OPEN = 1;

/**
 * The socket below a transport that is a WebSocket without compression, which alone would have ws hold something back;
 * otherwise `undefined`. It is the same for as long as the transport is.
 */
export function socketBelow(connection: Connection): RawSocket | undefined {
  const { transport } = connection as Internals;
  if (transport?.name !== 'websocket' || transport.perMessageDeflate) return undefined;
  const { _socket: raw, _sender: sender, _extensions: extensions } = transport.socket ?? {};
  if (sender?._bufferedBytes !== 0 || extensions?.['permessage-deflate']) return undefined;
  if (typeof raw?.write !== 'function' || typeof raw.writableLength !== 'number') return undefined;
  return raw as RawSocket;
}

/** Whether what is written to the socket below now comes after everything that was sent before. */
export function isClear(connection: Connection, raw: RawSocket): boolean {
  const { readyState, upgrading, writeBuffer, transport } = connection as Internals;
  return (
    readyState === 'open' &&
    upgrading === false &&
    writeBuffer?.length === 0 &&
    transport?.writable === true &&
    transport.socket?.readyState === OPEN &&
    raw.writable === true
  );
}

/** The socket below, if what is written to it now is in order; otherwise the ordinary way is to be gone. */
export function directSocket(connection: Connection): RawSocket | undefined {
  const raw = socketBelow(connection);
  return raw && isClear(connection, raw) ? raw : undefined;
}

/** One text message as a WebSocket server frames it: unmasked, in one frame, header and text in one buffer. */
export function webSocketFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x81;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}
