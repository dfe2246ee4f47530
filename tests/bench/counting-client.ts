import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * How a server is spoken to: Socket.IO, WebSocket without anything, or WebSocket to a server that says nothing and takes
 * who connects for a subscriber.
 */
export type Protocol = 'socket.io' | 'bare' | 'silent';

export interface CountingOptions {
  port: number;
  /** One of this machine's own addresses, when one alone has not ports enough. */
  localAddress?: string;
  protocol: Protocol;
  topics: string[];
  /** A story has come, whole; of how many bytes. */
  story(bytes: number): void;
  /** The connection ended before `close`. */
  lost(): void;
}

/** One for all clients: what is in it has been read when the next of them gets it. */
const shared = Buffer.allocUnsafe(256 * 1024);
const STORY = Buffer.from('42["story"');
const END = '\r\n\r\n';

/**
 * A client that costs as little as one can in Node: it looks at the first bytes of a message to know a story, counts it
 * and passes over the rest. Resolves when its subscription was acknowledged, with how to close it.
 */
export async function connectCounting(options: CountingOptions): Promise<() => void> {
  const { port, localAddress, protocol, topics, story, lost } = options;
  const bare = protocol !== 'socket.io';
  let stage: 'http' | 'asking' | 'ready' | 'closed' = 'http';
  let answered: (failure?: string) => void = () => {};
  const subscribed = new Promise<string | undefined>((resolve) => {
    answered = resolve;
  });
  /** Bytes of a message whose rest has yet to come, when its beginning was not enough. */
  let rest: Buffer | undefined;
  /** Bytes still to come of a message that need not be looked at, and its length if it is a story. */
  let skip = 0;
  let counting = 0;

  const socket = connect({
    port,
    host: '127.0.0.1',
    localAddress,
    noDelay: true,
    onread: {
      buffer: shared,
      callback(length, buffer) {
        const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, length);
        read(rest ? Buffer.concat([rest, chunk]) : chunk);
        return true;
      },
    },
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    answered('the connection ended');
    if (stage === 'ready') lost();
  });
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.write(
    `GET ${bare ? '/' : '/socket.io/?EIO=4&transport=websocket'} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      `Sec-WebSocket-Key: bmV3c3dpcmUtYmVuY2gtMQ==${END}`,
  );

  function read(data: Buffer): void {
    rest = undefined;
    let at = 0;
    if (stage === 'http') {
      const end = data.indexOf(END);
      if (end < 0) {
        rest = Buffer.from(data);
        return;
      }
      if (data.toString('latin1', 9, 12) !== '101') {
        answered(data.toString('latin1', 0, 60));
        socket.destroy();
        return;
      }
      stage = 'asking';
      at = end + END.length;
      if (protocol === 'bare') socket.write(frame(JSON.stringify(topics)));
      if (protocol === 'silent') succeed();
    }
    for (;;) {
      if (skip > 0) {
        const passed = Math.min(skip, data.length - at);
        at += passed;
        skip -= passed;
        if (skip > 0) return;
        if (counting > 0) story(counting);
        counting = 0;
      }
      const left = data.length - at;
      if (left < 2) break;
      const short = (data[at + 1] ?? 0) & 0x7f;
      const header = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (left < header) break;
      const length =
        short === 126
          ? data.readUInt16BE(at + 2)
          : short === 127
            ? Number(data.readBigUInt64BE(at + 2))
            : short;
      if (left < header + Math.min(length, STORY.length)) break;
      if (isStory(data, at + header, length)) {
        skip = header + length;
        counting = length;
      } else if (stage === 'ready' && length > 2) {
        skip = header + length;
      } else {
        if (left < header + length) break;
        message(data.toString('utf8', at + header, at + header + length));
        at += header + length;
      }
    }
    if (at < data.length) rest = Buffer.from(data.subarray(at));
  }

  function isStory(data: Buffer, at: number, length: number): boolean {
    if (bare) return data[at] === 0x7b;
    return length > STORY.length && data.compare(STORY, 0, STORY.length, at, at + STORY.length) === 0;
  }

  function message(text: string): void {
    if (text === (bare ? 'ok' : '2')) {
      if (bare) succeed();
      else socket.write(frame('3'));
    } else if (text.startsWith('0')) socket.write(frame('40'));
    else if (text.startsWith('40'))
      socket.write(frame(`420${JSON.stringify(['subscribe', { filter: topics }])}`));
    else if (text.startsWith('430[{"ok":true')) succeed();
    else if (text.startsWith('43') || text.startsWith('44')) answered(text);
  }

  function succeed(): void {
    stage = 'ready';
    answered();
  }

  const failure = await subscribed;
  if (failure !== undefined) throw new Error(`A client could not subscribe: ${failure}`);
  return () => {
    stage = 'closed';
    // Without a farewell, so that no thousands of ports stay taken for a minute.
    socket.resetAndDestroy();
  };
}

/** Masked, as a client's frame has to be, with a mask of zeros, which leaves the text as it is. */
function frame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.from(text)]);
}
