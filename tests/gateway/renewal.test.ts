import { expect, test } from '@jest/globals';
import { openRedis } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { listen } from '../support/listener.ts';
import { describeRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';

/** A gateway with a client that has had `a`, `b` and `c`; then Redis is another one: whatever `change` makes of it. */
async function world(change: (redis: RedisServer) => (() => void) | undefined) {
  const redis = await startRedis('--appendfsync', 'always');
  const retention = { stories: 1000, hours: 1 };
  const store = openRedis({ url: redis.url, prefix: 'renewal', retention, checkMs: 100 });
  const service = await startService({ store });
  const client = await listen(service.url);
  await client.subscribe({});
  await client.ready();
  await store.append(draft('a'));
  const make = change(redis);
  await store.append(draft('b'));
  await store.append(draft('c'));
  await client.received(3);
  const cursor = client.stories.at(-1)?.cursor ?? '';

  await redis.kill('SIGKILL');
  make?.();
  await redis.restart();
  return {
    service,
    client,
    cursor,
    async restart(change = () => {}) {
      await redis.kill('SIGKILL');
      change();
      await redis.restart();
      await until(() => store.head().catch(() => undefined), 'the return');
    },
    empty: () => redis.empty(),
    append: (...ids: string[]) => appendAll(store, ids),
    async close() {
      client.close();
      await service.close();
      await store.close();
      await redis.close();
    },
  };
}

async function appendAll(store: Store, ids: readonly string[]): Promise<void> {
  for (const id of ids)
    await until(() => store.append(draft(id)).catch(() => undefined), `the append of ${id}`);
}

describeRedis('when Redis comes back', () => {
  test('with all that it had, nobody notices but for new cursors', async () => {
    const { service, client, cursor, append, close } = await world(() => undefined);
    await append('d');
    await client.received(4);
    const back = await listen(service.url);
    expect(await back.subscribe({ after: cursor })).toMatchObject({ ok: true, gap: false });
    await back.received(1);
    expect(client.ids()).toEqual(['a', 'b', 'c', 'd']);
    expect(back.ids()).toEqual(['d']);
    expect(client.readies).toHaveLength(1);
    expect(client.stories.at(-1)?.cursor.split('.')[0]).not.toBe(cursor.split('.')[0]);
    back.close();
    await close();
  });

  test('without the last of it, what is appended again goes to those who have not had it', async () => {
    const { service, client, cursor, append, close } = await world((redis) => redis.snapshot());
    await append('b', 'd');
    await client.received(4);
    const back = await listen(service.url);
    expect(await back.subscribe({ after: cursor })).toMatchObject({ ok: true, gap: false });
    const fresh = await listen(service.url);
    await fresh.subscribe({ last: 10 });
    await back.received(2);
    await fresh.received(3);
    expect(client.ids()).toEqual(['a', 'b', 'c', 'd']);
    // It says no more than how far it had come; doubles it knows by id and version.
    expect(back.ids()).toEqual(['b', 'd']);
    expect(fresh.ids()).toEqual(['a', 'b', 'd']);
    expect(client.readies).toHaveLength(1);
    back.close();
    fresh.close();
    await close();
  });

  test('twice, and the first time without the last of it, what is appended again is still known', async () => {
    const { service, client, cursor, append, restart, close } = await world((redis) => redis.snapshot());
    await append('d');
    await client.received(4);
    await restart();
    const between = await listen(service.url);
    await between.subscribe({});
    await append('b', 'c', 'e');
    await client.received(5);
    await between.received(3);
    expect(client.ids()).toEqual(['a', 'b', 'c', 'd', 'e']);
    // Whoever came after the loss has not had it.
    expect(between.ids()).toEqual(['b', 'c', 'e']);
    expect(cursor).toMatch(/\.3$/);
    between.close();
    await close();
  });

  test('with nothing after it had come back with all, places of both lives before are gaps', async () => {
    const { service, client, cursor, append, restart, empty, close } = await world(() => undefined);
    await append('d');
    await client.received(4);
    await restart(empty);
    await append('e', 'f', 'g', 'h', 'i');
    await client.received(9);
    const places = [cursor, client.stories[3]?.cursor];
    for (const after of places) {
      const back = await listen(service.url);
      expect(await back.subscribe({ after })).toMatchObject({ ok: true, gap: true });
      await back.received(5);
      back.close();
    }
    await close();
  });

  test('with nothing, clients are told that there is a gap and get what is there', async () => {
    const { service, client, cursor, append, close } = await world((redis) => () => redis.empty());
    await append('c', 'd');
    const back = await listen(service.url);
    const answer = until(async () => {
      const each = await back.subscribe({ after: cursor });
      return each.ok && each.gap ? each : undefined;
    }, 'an answer of the new log');
    expect(await answer).toMatchObject({ gap: true });
    await back.received(2);
    expect(back.ids().slice(-2)).toEqual(['c', 'd']);
    await until(() => client.ids().includes('d'), 'the new story');
    expect((await client.ready(2)).gap).toBe(true);
    expect(client.ids()).toEqual(['a', 'b', 'c', 'd']);
    back.close();
    await close();
  });
});
