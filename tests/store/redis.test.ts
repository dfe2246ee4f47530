import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Position } from '../../src/core/cursor.ts';
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
      renewed() {},
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

  describe('that comes back', () => {
    async function world(prefix: string) {
      const own = await startRedis('--appendfsync', 'always');
      const open = () => openRedis({ url: own.url, prefix, retention, checkMs: 100 });
      const store = open();
      const seen: string[] = [];
      const renewals: Position[] = [];
      const resets: Position[] = [];
      const before = await store.head();
      const following = await store.follow(
        { epoch: before.epoch, sequence: 0 },
        {
          entry: ({ sequence, story }) => void seen.push(`${sequence} ${story.id}`),
          reset: (at) => void resets.push(at),
          renewed: (at) => void renewals.push(at),
          link() {},
        },
      );
      const append = (id: string) =>
        until(() => store.append(draft(id)).catch(() => undefined), `the append of ${id}`);
      return { own, open, store, seen, renewals, resets, before, append, following };
    }
    type World = Awaited<ReturnType<typeof world>>;
    async function end({ own, store, following }: World) {
      await following.close();
      await store.close();
      await own.close();
    }

    test('with all that it had goes on in a new epoch from the same place', async () => {
      const there = await world('whole');
      await there.append('a');
      await there.append('b');
      await until(() => there.seen.length === 2, 'both entries');
      await there.own.kill('SIGKILL');
      await there.own.restart();
      await there.append('c');
      await until(() => there.seen.length === 3, 'the entry after the return');
      expect(there.seen).toEqual(['1 test:a', '2 test:b', '3 test:c']);
      const head = await there.store.head();
      expect(head.epoch).not.toBe(there.before.epoch);
      expect(head.lineage).toEqual([{ epoch: there.before.epoch, sequence: 2 }]);
      expect(there.renewals).toEqual([{ epoch: head.epoch, sequence: 2 }]);
      expect(there.resets).toEqual([]);
      await end(there);
    });

    test('with less than it had goes on from what is left, though as much has been appended since', async () => {
      const there = await world('less');
      await there.append('a');
      const putBack = there.own.snapshot();
      await there.append('b');
      await there.append('c');
      await until(() => there.seen.length === 3, 'three entries');
      await there.own.kill('SIGKILL');
      putBack();
      await there.own.restart();
      // Another process comes first, and fills the places of what was lost.
      const other = there.open();
      for (const id of ['d', 'e', 'f'])
        await until(() => other.append(draft(id)).catch(() => undefined), `the append of ${id}`);
      await until(() => there.seen.length === 6, 'the entries after the return');
      expect(there.seen.slice(3)).toEqual(['2 test:d', '3 test:e', '4 test:f']);
      expect(there.renewals.map(({ sequence }) => sequence)).toEqual([1]);
      expect(there.resets).toEqual([]);
      expect((await other.head()).lineage).toEqual([{ epoch: there.before.epoch, sequence: 1 }]);
      await other.close();
      await end(there);
    });

    test('with a torn file goes on without a hole, also when it is started once more', async () => {
      const there = await world('torn');
      for (let n = 0; n < 10; n += 1) await there.append(`a${n}`);
      for (const round of ['b', 'c']) {
        await there.own.kill('SIGKILL');
        // In the middle of a transaction: 300 bytes are less than one append.
        if (round === 'b') there.own.tear(300);
        await there.own.restart();
        for (let n = 0; n < 5; n += 1) await there.append(`${round}${n}`);
      }
      const { first, last } = await there.store.head();
      const read = await there.store.read({ after: 0, limit: 100 });
      expect(read.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, n) => n + first));
      await end(there);
    });

    test('empty begins another log, and says so', async () => {
      const there = await world('empty');
      await there.append('a');
      await until(() => there.seen.length === 1, 'the first entry');
      await there.own.kill('SIGKILL');
      there.own.empty();
      await there.own.restart();
      await there.append('b');
      await until(() => there.seen.length === 2, 'the entry of the new log');
      const head = await there.store.head();
      expect(head).toMatchObject({ last: 1, lineage: [] });
      expect(head.epoch).not.toBe(there.before.epoch);
      expect(there.resets).toEqual([{ epoch: head.epoch, sequence: 0 }]);
      await end(there);
    });
  });

  test('says when Redis is away and goes on when it is back, with everything in between', async () => {
    const own = await startRedis();
    const store = openRedis({ url: own.url, prefix: 'away', retention, checkMs: 100 });
    const seen: number[] = [];
    const links: boolean[] = [];
    const following = await store.follow(
      { epoch: (await store.head()).epoch, sequence: 0 },
      {
        entry: ({ sequence }) => void seen.push(sequence),
        reset() {},
        renewed() {},
        link: (up) => void links.push(up),
      },
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
