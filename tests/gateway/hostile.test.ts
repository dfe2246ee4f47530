import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { backlogOf, type Connection, countPoll } from '../../src/gateway/connection.ts';
import { until } from '../support/events.ts';
import { type Listener, listen } from '../support/listener.ts';
import { frame, OPCODE, openRaw } from '../support/raw-websocket.ts';
import { type Service, startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';
import { attack } from './hostile-clients.ts';

test('a thousand broken frames of each kind crash nothing, leave nothing and disturb nobody', async () => {
  const outcome = await attack(5_000, 7, () => {});
  expect(outcome).toMatchObject({ stories: 25, inOrder: true, sessions: 0, sockets: 0 });
  expect(Object.keys(Object.prototype)).toEqual([]);
}, 60_000);

describe('beside a client that reads', () => {
  let service: Service;
  let reader: Listener;
  let closers: (() => void)[];

  beforeEach(async () => {
    service = await startService();
    reader = await listen(service.url);
    await reader.subscribe({});
    await reader.ready();
    closers = [reader.close];
  });

  afterEach(async () => {
    await service.store.append(draft('the end'));
    await until(() => reader.ids().includes('the end'), 'the story for the client that reads');
    for (const close of closers) close();
    await until(() => service.gateway.clients().length === 0, 'everyone to be gone');
    await service.close();
  });

  async function open() {
    const raw = await openRaw(service.url);
    closers.push(() => raw.socket.destroy());
    const welcome = raw.text('40');
    await raw.write(frame('40'));
    await welcome;
    return raw;
  }

  test('a frame of more than 64 KB ends its connection', async () => {
    const raw = await open();
    await raw.write(frame(`42["subscribe",["${'x'.repeat(66_000)}"]]`));
    await raw.ended;
    await until(() => service.gateway.clients().length === 1, 'its session to be gone');
  });

  test('fragments that together are more than 64 KB end their connection', async () => {
    const raw = await open();
    await raw.write(frame('42', OPCODE.text, false));
    for (let part = 0; part < 5 && !raw.hasEnded; part += 1)
      await raw.write(frame('x'.repeat(20_000), OPCODE.continuation, false));
    await raw.ended;
  });

  test('a flood of subscriptions is refused with rate_limited, and whoever waits may subscribe again', async () => {
    const client = await listen(service.url);
    closers.push(client.close);
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, n) => client.subscribe({ id: `s${n % 8}`, filter: ['politics'] })),
    );
    const refused = answers.flatMap((answer) => (answer.ok ? [] : answer.error.code));
    expect(new Set(refused)).toEqual(new Set(['rate_limited']));
    expect(refused.length).toBeGreaterThan(20);
    await until(async () => (await client.subscribe({ id: 'later' })).ok, 'a subscription to be taken');
    await service.store.append(draft('a'));
    await client.received(1);
    expect(client.ids()).toEqual(['a']);
  });

  test('a flood of views is refused with rate_limited, and counts no more than its share', async () => {
    await service.store.append(draft('a'));
    const client = await listen(service.url);
    closers.push(client.close);
    const view = client.socket.emitWithAck.bind(client.socket) as never as (
      event: string,
      request: unknown,
    ) => Promise<{ ok: boolean; error?: { code: string } }>;
    const answers = await Promise.all(Array.from({ length: 200 }, () => view('view', { id: 'test:a' })));
    const taken = answers.filter(({ ok }) => ok).length;
    expect(taken).toBeLessThan(100);
    expect(answers.find(({ ok }) => !ok)?.error?.code).toBe('rate_limited');
    await until(async () => (await service.store.views(['test:a'])).get('test:a') === taken, 'the count');
  });

  test.each([
    ['events that nobody knows', frame('42["nothing",{}]')],
    ['namespaces that do not exist', frame('40/admin,')],
    ['pongs', frame('3')],
    ['pings', frame('x'.repeat(100), OPCODE.ping)],
    ['answers that nobody asked for', frame('4312[{}]')],
  ])('a flood of %s ends its connection', async (_what, each) => {
    const raw = await open();
    for (let batch = 0; batch < 10 && !raw.hasEnded; batch += 1)
      await raw.write(Buffer.concat(Array.from({ length: 300 }, () => each)));
    await raw.ended;
    await until(() => service.gateway.clients().length === 1, 'its session to be gone');
  });

  test('an upgrade to somewhere else is refused at once, not kept open for as long as its client likes', async () => {
    const socket = connectTcp(Number(new URL(service.url).port), '127.0.0.1');
    const answers: string[] = [];
    socket.on('data', (data) => answers.push(String(data)));
    socket.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(socket, 'close');
    expect(answers.join('')).toMatch(/^HTTP\/1\.1 404 /);
  });
});

test('answers to polls count as untaken until they have been read, and a fourth one is not begun', () => {
  const conn = Object.assign(new EventEmitter(), {
    id: 'a',
    readyState: 'open',
    writeBuffer: [{ data: 'four' }],
    transport: new EventEmitter(),
    write() {},
    close() {},
  }) as Connection;
  const request = { method: 'GET', headers: {} } as IncomingMessage;
  const responses = Array.from({ length: 4 }, () =>
    Object.assign(new EventEmitter(), { writableLength: 1_000 }),
  );
  const poll = (response: EventEmitter) => countPoll(conn, request, response as ServerResponse);
  expect(responses.map(poll)).toEqual([true, true, true, false]);
  expect(backlogOf(conn)).toBe(3_004);
  responses[0]?.emit('close');
  expect(backlogOf(conn)).toBe(2_004);
  expect(responses.slice(3).map(poll)).toEqual([true]);
});
