import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { type Front, findNginx, startFront } from './front.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

const nginx = findNginx();
if (!nginx && process.env.REQUIRE_NGINX === '1')
  throw new Error('REQUIRE_NGINX is set, but there is no nginx on PATH');
if (!nginx) process.stderr.write('Skipped: tests/deploy/front.test.ts needs nginx on PATH.\n');

(nginx ? describe : describe.skip)('deploy/nginx.conf, in front of two gateways', () => {
  let front: Front;
  let gateways: [StandIn, StandIn];
  let ingestor: StandIn;
  let clients: Socket[];
  let answer: (request: IncomingMessage, response: ServerResponse, gateway: string) => unknown;

  beforeEach(async () => {
    clients = [];
    answer = (_request, response, gateway) => response.end(gateway);
    gateways = [
      await startStandIn('one', (request, response) => answer(request, response, 'one')),
      await startStandIn('two', (request, response) => answer(request, response, 'two')),
    ];
    ingestor = await startStandIn('ingest', (request, response) => answer(request, response, 'ingest'));
    front = await startFront(
      nginx ?? '',
      gateways.map((gateway) => gateway.port),
      ingestor.port,
    );
  });

  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await front.close();
    for (const each of [...gateways, ingestor]) await each.die();
  });

  async function connected(count: number, transports = ['websocket']): Promise<Socket[]> {
    for (let index = 0; index < count; index += 1) {
      const client = io(front.url, {
        transports,
        forceNew: true,
        reconnectionDelay: 10,
        reconnectionDelayMax: 50,
      });
      clients.push(client);
      await event(client, 'connect');
    }
    return clients;
  }

  test('WebSocket clients connect without sticky sessions and are shared out evenly', async () => {
    const names = await Promise.all((await connected(8)).map(who));

    expect(names.filter((name) => name === 'one')).toHaveLength(4);
    expect(gateways.map((gateway) => gateway.clients())).toEqual([4, 4]);
  });

  test('when a gateway dies its clients come back on the other, whose own clients notice nothing', async () => {
    const [one, two] = gateways;
    await connected(6);
    const names = await Promise.all(clients.map(who));
    const orphans = clients.filter((_, index) => names[index] === one.name);
    const others = clients.filter((client) => !orphans.includes(client));
    const ids = others.map((client) => client.id);

    const back = Promise.all(orphans.map((client) => event(client, 'connect')));
    await one.die();
    await back;

    expect(await Promise.all(clients.map(who))).toEqual(clients.map(() => two.name));
    expect(others.map((client) => client.id)).toEqual(ids);
  });

  test('a gateway that refuses new clients while it drains is passed over, and keeps those it has', async () => {
    const [one, two] = gateways;
    await connected(2);
    one.refuse();
    await connected(4);

    expect([one.clients(), two.clients()]).toEqual([1, 5]);
    const pages = await Promise.all([1, 2, 3, 4].map(async () => (await fetch(front.url)).text()));
    expect(pages).toEqual(['two', 'two', 'two', 'two']);
  });

  test('a stock client, which begins with long-polling, stays on one gateway until that one dies', async () => {
    await connected(4, ['polling', 'websocket']);
    await Promise.all(clients.map(upgraded));
    const [name] = await Promise.all(clients.map(who));

    const back = Promise.all(clients.map((client) => event(client, 'connect')));
    const [home, other] = gateways[0].name === name ? gateways : [gateways[1], gateways[0]];
    await home.die();
    await back;
    expect(await Promise.all(clients.map(who))).toEqual(clients.map(() => other.name));
  });

  test('each event of a stream arrives before the next one is written', async () => {
    let write: (text: string) => void = () => {};
    let left: Promise<unknown> = Promise.resolve();
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      write = (text) => response.write(text);
      left = once(response, 'close');
      write('id: e.1\n\n');
    };
    const leaving = new AbortController();
    const response = await fetch(`${front.url}/v1/stream?topics=politics`, { signal: leaving.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();

    expect((await reader?.read())?.value).toBe('id: e.1\n\n');
    write('id: e.2\n\n');
    expect((await reader?.read())?.value).toBe('id: e.2\n\n');

    // And a reader that leaves is not kept on the gateway's books.
    leaving.abort();
    await left;
  });

  test('a slow reader of a stream is felt by the gateway, not hoarded for by the front', async () => {
    const chunk = 'x'.repeat(256 * 1024);
    // Far more than the kernel keeps on the way.
    const plenty = 128 * 1024 * 1024;
    let sent = 0;
    const stalled = new Promise<ServerResponse>((resolve, reject) => {
      answer = async (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const drained = async () => Promise.race([once(response, 'drain'), wait(500, 'no')]);
        do {
          if (sent >= plenty) return reject(new Error('the front took everything'));
          sent += chunk.length;
        } while (response.write(chunk) || (await drained()) !== 'no');
        resolve(response);
      };
    });
    const response = await fetch(`${front.url}/v1/stream`);
    (await stalled).end();

    let received = 0;
    for await (const bytes of response.body ?? []) received += bytes.length;
    expect(received).toBe(sent);
  });

  test('a publication whose gateway dies half-way is handed to the other', async () => {
    const seen: string[] = [];
    answer = (request, response, gateway) => {
      seen.push(gateway);
      request.resume();
      if (seen.length === 1) request.socket.destroy();
      else request.on('end', () => response.writeHead(201).end());
    };

    const response = await fetch(`${front.url}/v1/stories`, { method: 'POST', body: '{"id":"desk:1"}' });

    expect(response.status).toBe(201);
    expect(new Set(seen)).toEqual(new Set(['one', 'two']));
  });

  test('what hubs push goes to an ingestor, whole, and nothing else does', async () => {
    answer = (request, response, name) => {
      let size = 0;
      request.on('data', (chunk) => {
        size += chunk.length;
      });
      request.on('end', () => response.end(`${name} ${request.url} ${size}`));
    };
    const body = 'x'.repeat(5 * 1024 * 1024);
    const pushed = await fetch(`${front.url}/websub/unn-en.abc?hub.mode=subscribe`, { method: 'POST', body });
    expect(await pushed.text()).toBe(`ingest /websub/unn-en.abc?hub.mode=subscribe ${body.length}`);
    const other = await fetch(`${front.url}/v1/websub/x`);
    expect(await other.text()).not.toContain('ingest');
  });

  test('a gateway sees the address that the browser asked for, and that of the client', async () => {
    answer = (request, response) => response.end(JSON.stringify(request.headers));
    const response = await fetch(front.url, { headers: { 'x-forwarded-for': '8.8.8.8' } });

    expect(await response.json()).toMatchObject({
      host: new URL(front.url).host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    });
  });

  test('a gateway’s own 503 is passed on as it is, and with no gateway left the front says it itself', async () => {
    answer = (_request, response, gateway) =>
      response.writeHead(503, { 'x-gateway': gateway }).end('store away');
    const degraded = await fetch(front.url);
    expect(degraded.status).toBe(503);
    expect(await degraded.text()).toBe('store away');

    for (const gateway of gateways) await gateway.die();
    const response = await fetch(`${front.url}/v1/stories`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ status: 503, code: 'unavailable' });
  });
});

function event(client: Socket, name: string): Promise<void> {
  return new Promise((resolve) => {
    client.once(name, () => resolve());
  });
}

/** Until long-polling has given way to a WebSocket. */
function upgraded({ io: { engine } }: Socket): Promise<void> {
  if (engine.transport.name === 'websocket') return Promise.resolve();
  return new Promise((resolve) => {
    engine.once('upgrade', () => resolve());
  });
}

function who(client: Socket): Promise<string> {
  return client.timeout(5_000).emitWithAck('who');
}
