import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedis } from '../../src/store/redis.ts';
import { connectRedis } from '../../src/store/redis-connect.ts';
import { until } from '../support/events.ts';
import { describeRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { draft } from '../support/stories.ts';
import { storeContract } from './contract.ts';
import { killedWriter } from './killed-writer.ts';

describeRedis('the Redis store', () => {
  let server: RedisServer;
  let worlds = 0;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());

  const retention = { stories: 1000, hours: 72 };

  storeContract(async () => {
    const prefix = `contract-${++worlds}`;
    return {
      open: (options = {}) =>
        openRedis({ url: server.url, prefix, ...options, retention: { ...retention, ...options.retention } }),
      close: async () => {},
    };
  });

  killedWriter(async () => ({ where: `${server.url} killed-${++worlds}`, close: async () => {} }));

  test('keeps every key under the prefix and in one slot of a cluster', async () => {
    const store = openRedis({ url: server.url, prefix: 'keys', retention });
    await store.append(draft('a'));
    await store.saveSource('a', {});
    await store.addViews(new Map([['test:a', 1]]));
    await store.close();
    const redis = new Redis(server.url);
    const keys = await redis.keys('keys:*');
    redis.disconnect();
    expect(keys).toHaveLength(6);
    expect(keys.every((key) => key.startsWith('keys:{keys}:'))).toBe(true);
  });

  test('shares sources among those who are alive, each with one of them', async () => {
    const store = openRedis({ url: server.url, prefix: 'claims', retention });
    const ids = Array.from({ length: 2500 }, (_, index) => `s${index}`);
    expect(await store.join('b', 60_000)).toEqual(['b']);
    expect(await store.join('a', 60_000)).toEqual(['a', 'b']);
    expect(await store.claim('a', ids.slice(0, 1500), 60_000)).toEqual(new Set(ids.slice(0, 1500)));
    expect(await store.claim('b', ids, 60_000)).toEqual(new Set(ids.slice(1500)));
    expect((await store.claim('a', ids, 60_000)).size).toBe(1500);
    await store.unclaim('b', ids.slice(0, 1600));
    expect(await store.claim('a', ids, 60_000)).toEqual(new Set(ids.slice(0, 1600)));

    // One that is not heard of any more is gone, and so is what it had.
    expect(await store.claim('b', ['x'], 1)).toEqual(new Set(['x']));
    await until(async () => (await store.claim('a', ['x'], 60_000)).has('x'), 'the claim to end');
    await store.join('b', 1);
    await until(async () => (await store.join('a', 60_000)).length === 1, 'the other to be given up');
    await store.leave('a');
    expect(await store.join('c', 60_000)).toEqual(['c']);
    await store.close();
  });

  test('reads back what pub/sub lost, and skips what is not an entry', async () => {
    const errors: Error[] = [];
    const store = openRedis({
      url: server.url,
      prefix: 'holes',
      retention,
      checkMs: 100,
      onError: (error) => errors.push(error),
    });
    const redis = new Redis(server.url);
    const seen: number[] = [];
    const follower = {
      entry: ({ sequence }: { sequence: number }) => void seen.push(sequence),
      reset() {},
      link() {},
    };
    const following = await store.follow({ epoch: (await store.head()).epoch, sequence: 0 }, follower);

    await store.append(draft('a'));
    await until(() => seen.length === 1, 'the first entry');
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await store.append(draft('b'));
    await store.append(draft('c'));
    await until(() => seen.length === 3, 'the entries that were published to nobody');
    await until(
      async () => (await redis.publish('holes:{holes}:entries', 'rubbish')) === 1,
      'the subscription to be back',
    );
    await redis.publish('holes:{holes}:entries', 'epoch {"sequence":9}');
    await store.append(draft('d'));
    await until(() => seen.length === 4, 'the entry after the rubbish');

    expect(seen).toEqual([1, 2, 3, 4]);
    expect(errors.map((error) => error.message)).toContainEqual(
      expect.stringContaining('is not an entry of ours'),
    );
    redis.disconnect();
    await following.close();
    await store.close();
  });

  test('says when Redis is away and goes on when it is back, with everything in between', async () => {
    const own = await startRedis();
    const store = openRedis({ url: own.url, prefix: 'away', retention, checkMs: 100 });
    const seen: number[] = [];
    const links: boolean[] = [];
    const following = await store.follow(
      { epoch: (await store.head()).epoch, sequence: 0 },
      { entry: ({ sequence }) => void seen.push(sequence), reset() {}, link: (up) => void links.push(up) },
    );
    await store.append(draft('a'));
    await until(() => seen.length === 1, 'the first entry');

    await own.kill('SIGKILL');
    await until(() => links.at(-1) === false, 'the loss to be noticed');
    await expect(store.append(draft('b'))).rejects.toMatchObject({ code: 'unavailable' });
    await own.restart();
    await until(() => links.at(-1) === true, 'the return to be noticed');
    await until(() => store.append(draft('b')).catch(() => undefined), 'an append');
    await until(() => seen.length === 2, 'the entry after the return');
    expect(seen).toEqual([1, 2]);

    await following.close();
    await store.close();
    await own.close();
  });

  test('refuses an address that it does not understand', () => {
    const bad = [
      'http://localhost',
      'redis://',
      'redis://h/x',
      'redis+sentinel://h1',
      'redis://h1,h2',
      'redis://h:x',
    ];
    for (const url of bad) expect(() => connectRedis(url, () => {})).toThrow();
  });
});
