import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_BACKLOG } from '../../src/gateway/session.ts';
import { until } from '../support/events.ts';
import { type Listener, listen } from '../support/listener.ts';
import { type Service, startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';

/** More than the two ends' kernels take in for a socket that nobody reads. */
const STORIES = 250;
const body = `<p>${'long '.repeat(8_000)}</p>`;

let service: Service;
let client: Listener;

beforeEach(async () => {
  service = await startService();
  client = await listen(service.url);
});

afterEach(async () => {
  client.close();
  await service.close();
});

/** The TCP socket under a stock client over WebSocket. */
function socketOf({ socket }: Listener): { pause(): void; resume(): void } {
  const { transport } = socket.io.engine as unknown as {
    transport: { ws: { _socket: { pause(): void; resume(): void } } };
  };
  return transport.ws._socket;
}

function backlog(): number {
  return Math.max(...service.gateway.clients().map(({ sink }) => sink.backlog()));
}

const numbers = () => client.ids().map(Number);

describe('a client that stops reading', () => {
  test('costs at most 256 KB, is told so, and gets the rest in order and in its newest version', async () => {
    await client.subscribe({});
    await client.ready();
    socketOf(client).pause();
    let most = 0;
    for (let number = 1; number <= STORIES; number += 1) {
      await service.store.append(draft(String(number), { body }));
      await until(() => service.gateway.wire.position().sequence === number, 'the gateway');
      most = Math.max(most, backlog());
    }
    const last = String(STORIES);
    await service.store.append(draft(last, { body, headline: 'Changed' }));
    expect(most).toBeGreaterThan(MAX_BACKLOG / 2);
    expect(most).toBeLessThanOrEqual(MAX_BACKLOG);

    socketOf(client).resume();
    await until(() => client.stories.at(-1)?.headline === 'Changed', 'the last story');
    expect(client.notices.map(({ code }) => code)).toEqual(['slow']);
    expect(numbers()).toEqual(Array.from({ length: STORIES }, (_, index) => index + 1));
    await service.store.append(draft('0'));
    await until(() => numbers().at(-1) === 0, 'a live story');
  });

  test.each([
    ['everything since a cursor', (epoch: string) => ({ after: `${epoch}.0` })],
    ['the newest of all', () => ({ last: STORIES })],
  ])('costs at most 256 KB also when it has asked for %s', async (_what, request) => {
    for (let number = 1; number <= STORIES; number += 1)
      await service.store.append(draft(String(number), { body }));
    const { epoch } = await service.store.head();
    await client.subscribe({ id: 'nothing', filter: 'no-such-topic' });
    const subscribed = client.subscribe(request(epoch));
    socketOf(client).pause();
    await until(() => backlog() > 0, 'the kernel to be full');
    expect(backlog()).toBeLessThanOrEqual(MAX_BACKLOG);
    socketOf(client).resume();
    await subscribed;
    await until(() => client.readies.some(({ id }) => id === 'default'), 'the end of the replay');
    expect(numbers()).toEqual(Array.from({ length: STORIES }, (_, index) => index + 1));
  });

  test('holds up nobody else', async () => {
    const reader = await listen(service.url);
    await Promise.all([client.subscribe({}), reader.subscribe({})]);
    await Promise.all([client.ready(), reader.ready()]);
    socketOf(client).pause();
    for (let number = 1; number <= STORIES; number += 1) {
      await service.store.append(draft(String(number), { body }));
      await reader.received(number);
    }
    expect(reader.notices).toEqual([]);
    socketOf(client).resume();
    reader.close();
  });
});
