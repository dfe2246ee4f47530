import type { Connection } from './connection.ts';

/** The part of a TCP socket that is written to. */
export interface RawSocket {
  readonly writable: boolean;
  /** Bytes that it has not handed over yet. */
  readonly writableLength: number;
  write(bytes: Uint8Array, done?: () => void): boolean;
  cork(): void;
  uncork(): void;
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
  send?(packets: readonly Packet[]): void;
  emit?(event: 'drain'): unknown;
  perMessageDeflate?: unknown;
  socket?: {
    readyState?: number;
    _socket?: Partial<RawSocket> | null;
    _sender?: { _bufferedBytes?: number };
    _extensions?: Record<string, unknown>;
  };
}

interface Packet {
  readonly type: string;
  readonly data?: unknown;
}

const OPEN = 1;
/** What Engine.IO sends over a connection that is open, and by which character. */
const TYPES = new Map([
  ['ping', '2'],
  ['pong', '3'],
  ['message', '4'],
]);

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

/**
 * From here on what Engine.IO itself sends goes out as one buffer for each packet too: handshakes, acknowledgements and
 * pings. On its own way each is two, with a header apart, and goes through three layers and their callbacks.
 */
export function shorten(connection: Connection): void {
  const { transport } = connection as Internals;
  if (!transport?.send || !transport.emit || !socketBelow(connection)) return;
  transport.send = sendFrames;
}

function sendFrames(this: Transport, packets: readonly Packet[]): void {
  const raw = this.socket?._socket as RawSocket | undefined;
  const texts = packets.map(({ type, data = '' }) => {
    const code = TYPES.get(type);
    return code !== undefined && typeof data === 'string' ? `${code}${data}` : undefined;
  });
  const isPlain = this.writable === true && this.socket?.readyState === OPEN && raw?.writable === true;
  if (!isPlain || texts.includes(undefined)) {
    (Object.getPrototypeOf(this) as Required<Transport>).send.call(this, packets);
    return;
  }
  for (const text of texts) raw.write(webSocketFrame(text ?? ''));
  // It has nothing of them any more, and may be given the next.
  this.emit?.('drain');
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
