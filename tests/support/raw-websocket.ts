import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface RawWebSocket {
  socket: Socket;
  /** Writes whatever it is given; resolves when it is on its way, or the connection is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves with the first text from now on that begins like this, or with nothing at the end. */
  text(beginning: string): Promise<string | undefined>;
  /** Resolves when the server has read everything before this, or has ended the connection. */
  read(): Promise<void>;
  /** Resolves when the server has ended the WebSocket, or the connection. */
  ended: Promise<void>;
  readonly hasEnded: boolean;
}

/** A connection that has become a WebSocket, and then sends whatever a test likes. */
export async function openRaw(
  url: string,
  path = '/socket.io/?EIO=4&transport=websocket',
): Promise<RawWebSocket> {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  const waiting = new Map<string, (text?: string) => void>();
  let hasEnded = false;
  let marks = 0;
  let rest: Buffer | undefined;
  let end: () => void;
  const ended = new Promise<void>((resolve) => {
    end = () => {
      hasEnded = true;
      resolve();
    };
  });
  socket.once('close', () => end());
  socket.on('data', (chunk: Buffer) => {
    if (!rest) {
      const head = chunk.indexOf('\r\n\r\n');
      rest = chunk.subarray(head < 0 ? chunk.length : head + 4);
      socket.emit('upgraded');
    } else rest = Buffer.concat([rest, chunk]);
    rest = rest.subarray(
      eachFrame(rest, (opcode, payload) => {
        if (opcode === OPCODE.close) end();
        const text = payload.toString();
        for (const [beginning, resolve] of waiting) if (text.startsWith(beginning)) resolve(text);
      }),
    );
  });

  function write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (socket.destroyed) resolve();
      else socket.write(bytes, () => resolve());
    });
  }

  async function text(beginning: string): Promise<string | undefined> {
    const found = new Promise<string | undefined>((resolve) => waiting.set(beginning, resolve));
    const first = await Promise.race([found, ended.then(() => undefined)]);
    waiting.delete(beginning);
    return first;
  }

  await write(
    Buffer.from(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bmV3c3dpcmUtYmVuY2gtMQ==\r\n\r\n',
    ),
  );
  await Promise.race([once(socket, 'upgraded'), ended]);
  return {
    socket,
    write,
    text,
    async read() {
      marks += 1;
      const mark = `mark ${marks}.`;
      const answered = text(mark);
      await write(frame(mark, OPCODE.ping));
      await answered;
    },
    ended,
    get hasEnded() {
      return hasEnded;
    },
  };
}

/** Hands over every whole frame of a server, and returns where the first unfinished one begins. */
function eachFrame(data: Buffer, hand: (opcode: number, payload: Buffer) => void): number {
  let at = 0;
  while (data.length - at >= 2) {
    const short = data.readUInt8(at + 1) & 0x7f;
    const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
    if (data.length < start) break;
    let length = short;
    if (short === 126) length = data.readUInt16BE(at + 2);
    if (short === 127) length = Number(data.readBigUInt64BE(at + 2));
    const end = start + length;
    if (data.length < end) break;
    hand(data.readUInt8(at) & 0x0f, data.subarray(start, end));
    at = end;
  }
  return at;
}

/** Masked, as a client's frame has to be, with a mask of zeros, which leaves the payload as it is. */
export function frame(payload: string | Uint8Array, opcode: number = OPCODE.text, last = true): Buffer {
  const body = Buffer.from(payload);
  const first = (last ? 0x80 : 0) | opcode;
  const mask = [0, 0, 0, 0];
  if (body.length < 126) return Buffer.concat([Buffer.from([first, 0x80 | body.length, ...mask]), body]);
  const head = Buffer.alloc(body.length < 65_536 ? 8 : 14);
  head[0] = first;
  head[1] = 0x80 | (body.length < 65_536 ? 126 : 127);
  if (body.length < 65_536) head.writeUInt16BE(body.length, 2);
  else head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}
