import { once } from 'node:events';
import { connect } from 'node:net';

export interface WebSocketOptions {
  port: number;
  /** One of this machine's own addresses, when one alone has not ports enough. */
  localAddress?: string;
  path: string;
  /** Each text message, as soon as it has been read. */
  text(message: string): void;
  /** The server will not have it; `head` is its whole answer. `ended` comes too. */
  refused?(head: string): void;
  /** The connection ended, by whichever side. */
  ended(): void;
}

/**
 * The least that a WebSocket client can be: whole, unmasked text messages from a server without compression. A client
 * that costs little leaves the machine to the server, which is what is measured.
 */
export async function openWebSocket({ port, localAddress, path, text, refused, ended }: WebSocketOptions) {
  const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bmV3c3dpcmUtYmVuY2gtMQ==\r\n\r\n',
  );
  let upgraded = false;
  let rest: Buffer = Buffer.alloc(0);

  socket.on('data', (chunk: Buffer) => {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!upgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) {
        rest = data;
        return;
      }
      if (!data.toString('latin1', 0, 12).endsWith(' 101')) {
        refused?.(data.toString('latin1', 0, end + 2));
        socket.destroy();
        return;
      }
      upgraded = true;
      data = data.subarray(end + 4);
    }
    rest = data.subarray(readFrames(data, text));
  });
  socket.on('close', ended);

  return {
    send: (message: string) => socket.write(frame(message)),
    close: () => socket.destroy(),
    /** Without a farewell, as when a line is cut: the other end is told, and no port stays taken for a minute. */
    cut: () => socket.resetAndDestroy(),
  };
}

/** Hands over every whole message in `data`, and returns where the first unfinished one begins. */
export function readFrames(data: Buffer, text: (message: string) => void): number {
  let at = 0;
  while (data.length - at >= 2) {
    const head = data.readUInt16BE(at);
    const short = head & 0x7f;
    if (short === 127) throw new Error('The server sent a message of more than 64 KB');
    if (short === 126 && data.length - at < 4) break;
    const start = at + (short === 126 ? 4 : 2);
    const end = start + (short === 126 ? data.readUInt16BE(at + 2) : short);
    if (data.length < end) break;
    if (head >> 8 === 0x81) text(data.toString('utf8', start, end));
    at = end;
  }
  return at;
}

/** Masked, as a client's frame has to be, with a mask of zeros, which leaves the text as it is. */
function frame(message: string): Buffer {
  const length = Buffer.byteLength(message);
  if (length > 125) throw new Error('A client of the bench sends short messages only');
  return Buffer.concat([Buffer.from([0x81, 0x80 | length, 0, 0, 0, 0]), Buffer.from(message)]);
}
