import type { Connection } from './connection.ts';

/** The part of a TCP socket that is written to. */
export interface RawSocket {
  readonly destroyed: boolean;
  readonly writable: boolean;
  write(bytes: Uint8Array, done?: () => void): boolean;
}

/** What Engine.IO and ws keep to themselves; whatever of it another version lacks turns the short way off. */
interface Internals {
  readyState?: string;
  upgrading?: boolean;
  writeBuffer?: readonly unknown[];
  transport?: {
    name?: string;
    writable?: boolean;
    perMessageDeflate?: unknown;
    socket?: {
      readyState?: number;
      _socket?: Partial<RawSocket> | null;
      _sender?: { _bufferedBytes?: number };
      _extensions?: Record<string, unknown>;
    };
  };
}

const OPEN = 1;

/**
 * The socket below a connection, if what is written to it now comes after everything that was sent before: the transport
 * is an open WebSocket without compression, and neither Engine.IO nor ws holds anything back. Otherwise `undefined`, and
 * the ordinary way is to be gone.
 */
export function directSocket(connection: Connection): RawSocket | undefined {
  const { readyState, upgrading, writeBuffer, transport } = connection as Internals;
  if (readyState !== 'open' || upgrading !== false || writeBuffer?.length !== 0) return undefined;
  if (transport?.name !== 'websocket' || transport.writable !== true || transport.perMessageDeflate)
    return undefined;
  const webSocket = transport.socket;
  if (webSocket?.readyState !== OPEN || webSocket._sender?._bufferedBytes !== 0) return undefined;
  if (webSocket._extensions?.['permessage-deflate']) return undefined;
  const raw = webSocket._socket;
  if (raw?.writable !== true || raw.destroyed !== false || typeof raw.write !== 'function') return undefined;
  return raw as RawSocket;
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
