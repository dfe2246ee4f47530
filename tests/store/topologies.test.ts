import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Position } from '../../src/core/cursor.ts';
import { openRedis } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { listen } from '../support/listener.ts';
import { describeRedis, type RedisServer } from '../support/redis.ts';
import { type RedisCluster, startCluster } from '../support/redis-cluster.ts';
import { type Sentinels, startSentinels } from '../support/redis-sentinel.ts';
import { startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';
import { storeContract } from './contract.ts';

const retention = { stories: 1000, hours: 72 };
/** What an operator is promised: appends work again this soon after the failover has begun. */
const RECOVERY_MS = 10_000;
let worlds = 0;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The whole contract over this address; every test has a prefix of its own. */
function contractOver(url: () => string): void {
  describe('', () => {
    storeContract(async () => {
      const prefix = `contract-${++worlds}`;
      return {
        open: (options = {}) =>
          openRedis({ url: url(), prefix, ...options, retention: { ...retention, ...options.retention } }),
        close: async () => {},
      };
    });
  });
}

/** A gateway with one client, somebody who follows the log, and an ingestor, each with a store of its own. */
async function newsroom(url: string, prefix = `newsroom-${++worlds}`) {
  const open = () => openRedis({ url, prefix, retention, checkMs: 200 });
  const [store, followed, served] = [open(), open(), open()];
  const before = await store.head();
  const seen: string[] = [];
  const renewals: Position[] = [];
  const resets: Position[] = [];
  const following = await followed.follow(
    { epoch: before.epoch, sequence: before.last },
    {
      entry: ({ sequence, story }) => void seen.push(`${sequence} ${story.id.replace('test:', '')}`),
      reset: (at) => void resets.push(at),
      renewed: (at) => void renewals.push(at),
      link() {},
    },
  );
  const service = await startService({ store: served });
  const client = await listen(service.url);
  await client.subscribe({});
  await client.ready();
  closers.push(async () => {
    client.close();
    await service.close();
    await following.close();
    await Promise.all([store, followed, served].map((each) => each.close()));
  });
  return {
    prefix,
    store,
    before,
    seen,
    renewals,
    resets,
    client,
    /** What a client gets that comes with this cursor. */
    async resumed(after: string | undefined) {
      const late = await listen(service.url);
      await late.subscribe({ after });
      const { gap } = await late.ready();
      late.close();
      return { ids: late.ids(), gap };
    },
  };
}

/** As an ingestor does: tried until it is in. Answers how long that took, in milliseconds. */
async function append(store: Store, id: string): Promise<number> {
  const start = performance.now();
  const attempt = () =>
    store.append(draft(id)).catch((error: { code?: string }) => {
      expect(error.code).toBe('unavailable');
      return undefined;
    });
  await until(attempt, `the append of ${id}`, 20_000);
  return performance.now() - start;
}

/** What this server takes from now on reaches no replica; other connections stay. */
async function cutReplicas(server: RedisServer): Promise<void> {
  const redis = new Redis(server.url);
  await redis.config('SET', 'requirepass', 'secret');
  await redis.call('CLIENT', 'KILL', 'TYPE', 'replica');
  redis.disconnect();
}

describeRedis('the Redis store over Sentinel', () => {
  let sentinels: Sentinels;
  beforeAll(async () => {
    sentinels = await startSentinels();
  }, 60_000);
  afterAll(() => sentinels?.close());

  contractOver(() => sentinels.url);

  describe('when the master', () => {
    beforeEach(() => sentinels.whole(), 60_000);

    test('is killed, goes on with a replica within seconds, and nobody misses or gets anything twice', async () => {
      const there = await newsroom(sentinels.url);
      await append(there.store, 'a');
      await append(there.store, 'b');
      await there.client.received(2);
      await sentinels.whole();

      await (await sentinels.master()).kill('SIGKILL');
      expect(await append(there.store, 'c')).toBeLessThan(RECOVERY_MS);
      await append(there.store, 'd');
      await there.client.received(4);
      await until(() => there.seen.length === 4, 'the follower');
      expect(there.client.ids()).toEqual(['a', 'b', 'c', 'd']);
      expect(there.seen).toEqual(['1 a', '2 b', '3 c', '4 d']);
      const head = await there.store.head();
      expect(head.lineage).toEqual([{ epoch: there.before.epoch, sequence: 2 }]);
      expect(there.renewals).toEqual([{ epoch: head.epoch, sequence: 2 }]);
      expect(there.resets).toEqual([]);
      expect(await there.resumed(there.client.stories[0]?.cursor)).toEqual({
        ids: ['b', 'c', 'd'],
        gap: false,
      });
    });

    test('hangs, goes on with a replica too', async () => {
      const there = await newsroom(sentinels.url);
      await append(there.store, 'a');
      await there.client.received(1);
      await sentinels.whole();

      const hung = await sentinels.master();
      process.kill(hung.pid, 'SIGSTOP');
      try {
        expect(await append(there.store, 'b')).toBeLessThan(RECOVERY_MS);
        await there.client.received(2);
        await until(() => there.seen.length === 2, 'the follower');
      } finally {
        process.kill(hung.pid, 'SIGCONT');
      }
      expect(there.client.ids()).toEqual(['a', 'b']);
      expect(there.resets).toEqual([]);
    });

    test('dies with what no replica has got, says so by the epoch, and hands over again what is appended again', async () => {
      const there = await newsroom(sentinels.url);
      await append(there.store, 'a');
      // The one that will take over has been the master before, and knows our scripts from then.
      const [heir, idle] = [await sentinels.master(), (await sentinels.replicas())[0]];
      if (!idle) throw new Error('no replica');
      await sentinels.passOver(idle);
      await sentinels.failOver();
      // Until the old master knows of it, it takes stories that nobody will ever have.
      await sentinels.whole();
      const { epoch } = there.before;
      await until(async () => (await there.store.head()).epoch !== epoch, 'the store to ask the new master');
      await append(there.store, 'b');
      await there.client.received(2);
      await sentinels.whole();
      await sentinels.passOver(idle);

      const doomed = await sentinels.master();
      const between = (await there.store.head()).epoch;
      await cutReplicas(doomed);
      await append(there.store, 'lost');
      await append(there.store, 'lost-for-good');
      await there.client.received(4);
      await doomed.kill('SIGKILL');

      await append(there.store, 'c');
      await append(there.store, 'd');
      await append(there.store, 'lost');
      await append(there.store, 'e');
      expect(await sentinels.master()).toBe(heir);
      await until(() => there.seen.length === 8, 'the follower');
      expect(there.seen.slice(4)).toEqual(['3 c', '4 d', '5 lost', '6 e']);
      expect(there.renewals.map(({ sequence }) => sequence)).toEqual([1, 2]);
      expect(there.resets).toEqual([]);
      expect((await there.store.head()).lineage).toEqual([
        { epoch: there.before.epoch, sequence: 1 },
        { epoch: between, sequence: 2 },
      ]);
      await until(() => there.client.ids().includes('e'), 'the client');
      expect(there.client.ids()).toEqual(['a', 'b', 'lost', 'lost-for-good', 'c', 'd', 'e']);
      const late = await there.resumed(there.client.stories[3]?.cursor);
      expect(late).toEqual({ ids: ['c', 'd', 'lost', 'e'], gap: false });
    });
  });
});

describeRedis('the Redis store over Cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, 60_000);
  afterAll(() => cluster?.close());

  contractOver(() => cluster.url);

  test('goes on where it was when the master with its keys is killed and comes back', async () => {
    const there = await newsroom(cluster.url);
    await append(there.store, 'a');
    await append(there.store, 'b');
    await there.client.received(2);

    const owner = await cluster.ownerOf(there.prefix);
    await owner.kill('SIGKILL');
    await expect(there.store.append(draft('c'))).rejects.toMatchObject({ code: 'unavailable' });
    await until(() => there.client.notices.some(({ code }) => code === 'degraded'), 'the notice');
    await owner.restart();
    expect(await append(there.store, 'c')).toBeLessThan(RECOVERY_MS);
    await there.client.received(3);
    await until(() => there.seen.length === 3, 'the follower');
    expect(there.client.ids()).toEqual(['a', 'b', 'c']);
    expect(there.seen).toEqual(['1 a', '2 b', '3 c']);
    expect(there.renewals.map(({ sequence }) => sequence)).toEqual([2]);
    expect(there.resets).toEqual([]);
  });

  test('follows its keys to another master while it appends', async () => {
    const there = await newsroom(cluster.url);
    const ids = Array.from({ length: 60 }, (_, index) => `s${index}`);
    const appended = (async () => {
      for (const id of ids) await append(there.store, id);
    })();
    await there.client.received(10);
    const owner = await cluster.ownerOf(there.prefix);
    await cluster.move(there.prefix);
    await appended;
    expect(await cluster.ownerOf(there.prefix)).not.toBe(owner);
    await there.client.received(ids.length);
    await until(() => there.seen.length >= ids.length, 'the follower');
    expect(there.client.ids()).toEqual(ids);
    expect(there.seen).toEqual(ids.map((id, index) => `${index + 1} ${id}`));
    expect(there.resets).toEqual([]);
  });

  test('goes to the replica that has taken over, though the master only hangs', async () => {
    const there = await newsroom(cluster.url);
    const owner = await cluster.ownerOf(there.prefix);
    await append(there.store, 'a');
    await there.client.received(1);
    const replica = await cluster.addReplica(owner);
    process.kill(owner.pid, 'SIGSTOP');
    try {
      await replica.takeOver();
      expect(await append(there.store, 'b')).toBeLessThan(RECOVERY_MS);
      await there.client.received(2);
      await until(() => there.seen.length === 2, 'the follower');
    } finally {
      process.kill(owner.pid, 'SIGCONT');
    }
    expect(there.client.ids()).toEqual(['a', 'b']);
    expect(there.resets).toEqual([]);
  });
});
