import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, jest, test } from '@jest/globals';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import type { Connection } from '../../src/gateway/connection.ts';
import { directSocket, shorten, socketBelow, webSocketFrame } from '../../src/gateway/direct.ts';
import { until } from '../support/events.ts';

/** A Socket.IO server of the installed version with one stock client, and Engine.IO's end of it. */
async function connected(transport: 'websocket' | 'polling', options = {}) {
  const server = createServer();
  const socketIo = new Server(server, options);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const client = io(`http://127.0.0.1:${port}`, { transports: [transport], reconnection: false });
  const received: unknown[] = [];
  client.on('story', (story) => received.push(story));
  await once(client as never, 'connect');
  const [socket] = await socketIo.fetchSockets();
  const conn = socketIo.sockets.sockets.get(socket?.id ?? '')?.conn as object as Connection & {
    write(packet: string | Buffer): void;
  };
  return {
    conn,
    received,
    async close() {
      client.disconnect();
      await socketIo.close();
    },
  };
}

describe('the short way to a client', () => {
  test('takes a packet of Engine.IO as one buffer and at once, in order with what Engine.IO has before it', async () => {
    const { conn, received, close } = await connected('websocket');
    const event = (n: number) => `2["story",${n}]`;
    conn.write(event(0));
    shorten(conn);
    // ws has not said yet that it has written the one before: Engine.IO keeps this one until then.
    conn.write(event(1));
    const raw = await until(() => directSocket(conn), 'the short way');
    const write = jest.spyOn(raw, 'write');
    conn.write(event(2));
    expect(write.mock.calls.map(([bytes]) => bytes)).toEqual([webSocketFrame(`4${event(2)}`)]);
    expect(directSocket(conn)).toBe(raw);
    write.mockRestore();
    await until(() => received.length === 3, 'all events');
    expect(received).toEqual([0, 1, 2]);
    await close();
  });

  test('is left for the ordinary one by what is no text', async () => {
    const { conn, received, close } = await connected('websocket');
    const raw = await until(() => directSocket(conn), 'the short way');
    shorten(conn);
    const write = jest.spyOn(raw, 'write');
    conn.write('51-["story",{"_placeholder":true,"num":0}]');
    conn.write(Buffer.from('bytes'));
    expect(write).toHaveBeenCalledTimes(1 + 2);
    await until(() => received.length === 1, 'the event');
    expect(received).toEqual([Buffer.from('bytes')]);
    await close();
  });

  test('is not taken by a transport that has none', async () => {
    const polling = await connected('polling');
    const { send } = polling.conn.transport as object as { send: unknown };
    shorten(polling.conn);
    expect(polling.conn.transport).toHaveProperty('send', send);
    expect(socketBelow(polling.conn)).toBeUndefined();
    await polling.close();
  });

  test('is there with the installed Socket.IO, Engine.IO and ws, as soon as nothing is on its way', async () => {
    const { conn, close } = await connected('websocket');
    await until(() => directSocket(conn), 'the short way');
    await close();
  });

  test('brings what stock clients take for an ordinary event, in order with what goes the other way', async () => {
    const { conn, received, close } = await connected('websocket');
    const event = (n: number) => `2["story",${n}]`;
    for (let n = 0; n < 300; n += 3) {
      conn.write(event(n));
      // Engine.IO has not handed it over yet: past it is no way.
      expect(directSocket(conn)).toBeUndefined();
      conn.write(event(n + 1));
      const raw = await until(() => directSocket(conn), 'the short way');
      raw.write(webSocketFrame(`4${event(n + 2)}`));
    }
    await until(() => received.length === 300, 'all events');
    expect(received).toEqual(Array.from({ length: 300 }, (_, n) => n));
    await close();
  });

  test('is closed to long-polling, to compressed connections and to those that have ended', async () => {
    const polling = await connected('polling');
    expect(directSocket(polling.conn)).toBeUndefined();
    await polling.close();
    expect(directSocket(polling.conn)).toBeUndefined();
    const compressed = await connected('websocket', { perMessageDeflate: true });
    await new Promise((resolve) => setImmediate(resolve));
    expect(directSocket(compressed.conn)).toBeUndefined();
    await compressed.close();
  });

  test('is closed when the internals are not what they were', () => {
    const nothing = {} as Connection;
    const renamed = {
      readyState: 'open',
      upgrading: false,
      writeBuffer: [],
      transport: { name: 'websocket' },
    };
    expect(directSocket(nothing)).toBeUndefined();
    expect(directSocket(renamed as object as Connection)).toBeUndefined();
  });
});

test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
  'a text of %i bytes is framed as RFC 6455 has it',
  (length) => {
    const frame = webSocketFrame('é'.repeat(length >> 1) + 'x'.repeat(length & 1));
    const header = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : undefined;
    expect(frame[0]).toBe(0x81);
    if (header) expect([...frame.subarray(1, 1 + header.length)]).toEqual(header);
    else expect([frame[1], frame.readBigUInt64BE(2)]).toEqual([127, BigInt(length)]);
    expect(frame.length).toBe(length + 1 + (header?.length ?? 9));
  },
);
