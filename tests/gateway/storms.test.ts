import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { connect, type Wire, type WireStory } from '../../src/client/wire.ts';
import type { Refusal } from '../../src/gateway/protocol.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { startBalancer } from '../support/balancer.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { listen } from '../support/listener.ts';
import { type Service, type ServiceOptions, startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';

const services: Service[] = [];
const closers: (() => void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) close();
  for (const service of services.splice(0)) await service.close();
});

async function start(options: ServiceOptions = {}): Promise<Service> {
  const service = await startService(options);
  services.push(service);
  return service;
}

function library(url: string): Wire {
  const wire = connect(url);
  closers.push(wire.close);
  return wire;
}

/** One may come in, the next one a quarter of a second later. */
const NARROW = { handshakes: { perSecond: 4, burst: 1 } };

describe('newcomers beyond the rate', () => {
  test('are told when to come again if they heed it, before anyone looks at their token', async () => {
    const service = await start({ ...NARROW, auth: { mode: 'token', secret: 'x'.repeat(32) } });
    const refusal = async () => {
      const socket = io(service.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        query: { patient: '1' },
      });
      closers.push(() => socket.disconnect());
      const error = await new Promise<Error & { data?: Refusal }>((resolve) =>
        socket.once('connect_error', resolve),
      );
      return error.data;
    };
    expect(await refusal()).toMatchObject({ code: 'unauthorized' });
    const later = await Promise.all([refusal(), refusal()]);
    for (const told of later) {
      expect(told).toMatchObject({ code: 'unavailable', message: expect.any(String) });
      expect(told?.retryAfter).toBeGreaterThanOrEqual(1);
    }
    expect(later[0]?.retryAfter).not.toBe(later[1]?.retryAfter);
  });

  test('are let in one after the other, our library without a try too many', async () => {
    const service = await start(NARROW);
    const refused: number[] = [];
    const wires = Array.from({ length: 4 }, () => library(service.url));
    for (const wire of wires)
      wire.on('state', (state) => {
        if (state === 'offline') refused.push(1);
      });
    const seen = wires.map((wire) => {
      const stories: WireStory[] = [];
      wire.subscribe({}, (story) => stories.push(story));
      return stories;
    });
    await until(() => wires.every(({ state }) => state === 'live'), 'all of them to be let in');
    expect(refused.length).toBeLessThanOrEqual(6);
    await service.store.append(draft('a'));
    await until(() => seen.every(({ length }) => length === 1), 'the story');
  });

  test('are let in when they are stock clients, which come again by themselves', async () => {
    const service = await start(NARROW);
    const sockets = Array.from({ length: 3 }, (_, index) =>
      io(service.url, {
        transports: [index === 2 ? 'polling' : 'websocket'],
        forceNew: true,
        reconnectionDelay: 100,
        reconnectionDelayMax: 300,
      }),
    );
    closers.push(() => sockets.forEach((socket) => void socket.disconnect()));
    await until(() => sockets.every(({ connected }) => connected), 'all of them to be connected');
  });

  test('get 503 and Retry-After over HTTP, as an upgrade and as a stream', async () => {
    const service = await start(NARROW);
    await (await fetch(`${service.url}/socket.io/?EIO=4&transport=polling`)).text();
    for (const path of ['/socket.io/?EIO=4&transport=polling', '/v1/stream']) {
      const response = await fetch(`${service.url}${path}`);
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      await response.text();
    }
    const socket = connectTcp(Number(new URL(service.url).port), '127.0.0.1');
    closers.push(() => socket.destroy());
    socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bmV3c3dpcmUtYmVuY2gtMQ==\r\n\r\n',
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: \d+\r\n/);
  });

  test('are refused a stream before anyone looks at their token or their filter', async () => {
    const service = await start({ ...NARROW, auth: { mode: 'token', secret: 'x'.repeat(32) } });
    const codes = [];
    for (let n = 0; n < 3; n += 1) {
      const response = await fetch(`${service.url}/v1/stream?filter=%28&access_token=wrong`);
      codes.push(((await response.json()) as { code: string }).code);
    }
    expect(codes).toEqual(['unauthorized', 'unavailable', 'unavailable']);
    expect(await service.metrics.text()).toContain('newswire_auth_failures_total{code="invalid"} 1\n');
  });

  test('delay nobody who is in', async () => {
    const service = await start({ handshakes: { perSecond: 0.01, burst: 1 } });
    const client = await listen(service.url);
    closers.push(client.close);
    await client.subscribe({});
    const storm = Array.from({ length: 200 }, () => fetch(`${service.url}/v1/stream`));
    await service.store.append(draft('a'));
    await client.received(1);
    expect((await Promise.all(storm)).filter(({ status }) => status === 503).length).toBeGreaterThan(198);
  });
});

describe('a gateway that is asked to stop', () => {
  test('is not ready first, then tells each client of its own time to come again and ends its connection', async () => {
    const service = await start();
    const clients = await Promise.all(Array.from({ length: 300 }, () => listen(service.url)));
    closers.push(() => clients.forEach(({ close }) => void close()));
    const stopping = service.gateway.drain(0);
    expect(service.gateway.isReady()).toBe(false);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(503);
    await stopping;
    await until(() => clients.every(({ socket }) => !socket.connected), 'all of them to be gone');
    const told = clients.map(({ notices }) => notices.map(({ code, retryAfter }) => ({ code, retryAfter })));
    expect(told.every((each) => each.length === 1 && each[0]?.code === 'draining')).toBe(true);
    const times = told.map(([notice]) => notice?.retryAfter ?? 0).sort((a, b) => a - b);
    expect([times[0], times.at(-1)]).toEqual([1, 2.2]);
    expect(service.gateway.clients()).toEqual([]);
  });

  test('hands its clients on evenly over the time that it has', async () => {
    const service = await start();
    const clients = await Promise.all(Array.from({ length: 100 }, () => listen(service.url)));
    const left: number[] = [];
    const began = performance.now();
    for (const { socket } of clients) socket.once('disconnect', () => left.push(performance.now() - began));
    await service.gateway.drain(0.4);
    await until(() => left.length === clients.length, 'all of them to be gone');
    expect(left.filter((at) => at < 200).length).toBeLessThan(70);
    expect(service.gateway.clients()).toEqual([]);
  });

  test('is left by our library for as long as it was told, and for the other node without a story lost', async () => {
    const folder = temporaryFolder();
    const store = openEmbedded({ path: folder.path, retention: { stories: 1_000, hours: 72 } });
    const [leaving, staying] = [await start({ store }), await start({ store })];
    const front = await startBalancer([leaving.url, staying.url]);
    const wire = library(front.url);
    const seen: string[] = [];
    wire.subscribe({}, ({ id }) => seen.push(id));
    await until(() => wire.state === 'live', 'the wire to be live');
    await store.append(draft('a'));
    await until(() => seen.length === 1, 'the first story');
    expect(leaving.gateway.clients()).toHaveLength(1);

    const away = until(() => wire.state === 'offline', 'the end of the connection');
    await leaving.gateway.drain(0);
    await away;
    const left = performance.now();
    await store.append(draft('b'));
    await until(() => wire.state === 'live', 'the wire to be live again');
    expect((front.came[1] ?? 0) - left).toBeGreaterThan(900);
    expect(staying.gateway.clients()).toHaveLength(1);
    await until(() => seen.length === 2, 'the story that came meanwhile');
    expect(seen).toEqual(['test:a', 'test:b']);

    wire.close();
    await front.close();
    for (const service of services.splice(0)) await service.close();
    await store.close();
    folder.remove();
  });

  test('tells a stream in the words that a browser heeds', async () => {
    const service = await start();
    const response = await fetch(`${service.url}/v1/stream`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const reading = (async () => {
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
        text += part.value;
    })();
    await until(() => text.includes('event: ready'), 'the stream to begin');
    await service.gateway.drain(0);
    await reading;
    expect(text).toMatch(/retry: 1000\n\nevent: notice\ndata: \{"code":"draining",.*"retryAfter":1\}\n\n$/);
  });
});
