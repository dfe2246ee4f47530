import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openNewsroom } from '../../src/demo/newsroom.ts';
import { openRedis } from '../../src/store/redis.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Listener, listen } from '../support/listener.ts';
import { type Program, startProgram } from '../support/program.ts';
import { describeRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { draft } from '../support/stories.ts';

describeRedis('ingestors and gateways on one Redis', () => {
  let redis: RedisServer;
  let folder: ReturnType<typeof temporaryFolder>;
  let newsroom: Awaited<ReturnType<typeof openNewsroom>>;
  let programs: Program[];
  let listeners: Listener[];

  beforeEach(async () => {
    redis = await startRedis();
    folder = temporaryFolder();
    newsroom = await openNewsroom({ everyMs: 0, seed: 7 });
    const { sources } = newsroom.sources as { sources: { every?: string }[] };
    const quick = sources.map((source) => ({ ...source, every: '100ms' }));
    writeFileSync(join(folder.path, 'sources.yaml'), JSON.stringify({ sources: quick }));
    programs = [];
    listeners = [];
  });

  afterEach(async () => {
    for (const listener of listeners) listener.close();
    await Promise.all(programs.map((program) => program.kill()));
    await newsroom.close();
    await redis.close();
    folder.remove();
  });

  async function start(role: 'ingest' | 'gateway'): Promise<Program> {
    const settings = { REDIS_URL: redis.url, REDIS_PREFIX: 'roles', ALLOW_PRIVATE_NETWORKS: 'true' };
    const program = await startProgram(role, settings, folder.path);
    programs.push(program);
    return program;
  }

  const keyOf = ({ id, version }: { id: string; version: number }) => `${id} ${version}`;

  test('two of each show every story, change and withdrawal exactly once to every client, in one order', async () => {
    const gateways = await Promise.all([start('gateway'), start('gateway')]);
    for (const { url } of [...gateways, ...gateways, ...gateways]) {
      const listener = await listen(url);
      await listener.subscribe({});
      await listener.ready();
      listeners.push(listener);
    }
    const ingestors = await Promise.all([start('ingest'), start('ingest')]);
    for (const { url } of [...gateways, ...ingestors])
      expect((await fetch(`${url}/readyz`)).status).toBe(200);

    const log = openRedis({ url: redis.url, prefix: 'roles', retention: { stories: 1000, hours: 1 } });
    const total = async () => (await log.head()).last;
    await until(async () => (await total()) >= 48, 'the backlog');
    const kinds = new Set<string>();
    for (
      let published = 0;
      published < 60 && !(kinds.has('withdrawal') && kinds.has('correction'));
      published += 1
    ) {
      const before = await total();
      kinds.add(newsroom.publish().kind);
      await until(async () => (await total()) > before, 'what was published');
    }
    const entries = await log.read({ after: 0, limit: 1000 });
    await log.close();
    expect(kinds).toEqual(new Set(['new', 'update', 'correction', 'withdrawal']));

    const expected = entries.map(({ story }) => keyOf(story));
    expect(new Set(expected).size).toBe(expected.length);
    for (const listener of listeners) {
      await listener.received(expected.length);
      expect(listener.stories.map(keyOf)).toEqual(expected);
    }
    expect(await Promise.all(programs.map((program) => program.stop()))).toEqual([0, 0, 0, 0]);
  }, 90_000);

  test('a client that was on a gateway that was killed goes on at the other with its cursor', async () => {
    const gateways = [await start('gateway'), await start('gateway')];
    const store = openRedis({ url: redis.url, prefix: 'roles', retention: { stories: 1000, hours: 1 } });
    const first = await listen(gateways[0]?.url ?? '');
    listeners.push(first);
    await first.subscribe({});
    await store.append(draft('a'));
    const [story] = await first.received(1);
    await gateways[0]?.kill();
    await store.append(draft('b'));
    const second = await listen(gateways[1]?.url ?? '');
    listeners.push(second);
    expect(await second.subscribe({ after: story?.cursor })).toMatchObject({ ok: true, gap: false });
    await store.append(draft('c'));
    await second.received(2);
    expect(second.ids()).toEqual(['b', 'c']);
    await store.close();
  }, 60_000);

  test('start without Redis, say that they are not ready, and are when it comes', async () => {
    await redis.kill('SIGKILL');
    const gateway = await start('gateway');
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/v1/sources`)).status).toBe(503);
    await redis.restart();
    await until(async () => (await fetch(`${gateway.url}/readyz`)).status === 200, 'readiness');
    expect(await gateway.stop()).toBe(0);
  }, 60_000);
});
