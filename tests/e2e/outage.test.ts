import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedis } from '../../src/store/redis.ts';
import { until } from '../support/events.ts';
import { type FeedServer, openFeedServer } from '../support/feed-server.ts';
import { item, rss } from '../support/feeds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Listener, listen } from '../support/listener.ts';
import { type Program, startProgram } from '../support/program.ts';
import { describeRedis, type RedisServer, startRedis } from '../support/redis.ts';

const TOKEN = 'newsroom-token';
/** What the feed shows at a time: what was published during an outage has left it before the end of it. */
const WINDOW = 3;
/** Longer than a claim on a source lasts, so that nobody could have one any more. The run in docs/operations.md has 60. */
const OUTAGE_MS = Number(process.env.OUTAGE_SECONDS ?? 11) * 1_000;
const BACK_MS = 5_000;
const DEGRADED_MS = 3_000;

describeRedis('when Redis is away', () => {
  let redis: RedisServer;
  let folder: ReturnType<typeof temporaryFolder>;
  let server: FeedServer;
  let programs: Program[];
  let listeners: Listener[];
  let published: string[];

  beforeEach(async () => {
    redis = await startRedis('--appendfsync', 'always');
    folder = temporaryFolder();
    server = await openFeedServer();
    const url = server.answer('/feed', { body: rss() });
    const sources = [{ id: 'feed', url, every: '100ms' }];
    writeFileSync(join(folder.path, 'sources.yaml'), JSON.stringify({ sources }));
    programs = [];
    listeners = [];
    published = [];
  });
  afterEach(async () => {
    for (const listener of listeners) listener.close();
    await Promise.all(programs.map((program) => program.kill()));
    await server.close();
    await redis.close();
    folder.remove();
  });

  async function start(role: 'ingest' | 'gateway'): Promise<Program> {
    const program = await startProgram(
      role,
      {
        REDIS_URL: redis.url,
        REDIS_PREFIX: 'outage',
        ALLOW_PRIVATE_NETWORKS: 'true',
        PUBLISH_TOKEN: TOKEN,
      },
      folder.path,
    );
    programs.push(program);
    return program;
  }

  async function connect(gateway: Program): Promise<Listener> {
    const listener = await listen(gateway.url);
    listeners.push(listener);
    await listener.subscribe({});
    await listener.ready();
    return listener;
  }

  /** Publishes in the feed, and waits until an ingestor has read it. */
  async function publish(name: string): Promise<void> {
    published.push(name);
    const shown = published.slice(-WINDOW).reverse();
    server.answer('/feed', { body: rss(...shown.map((each) => item(each))) });
    const before = server.count('/feed');
    await until(() => server.count('/feed') > before + 1, `a poll that sees ${name}`);
  }

  const headline = (name: string) => `Headline of ${name}`;
  const headlines = (listener: Listener) => listener.stories.map((story) => story.headline);
  const codes = (listener: Listener) => listener.notices.map(({ code }) => code);

  function onDisk(): string {
    const spool = join(folder.path, 'data', 'spool');
    const files = readdirSync(spool, { recursive: true, encoding: 'utf8' });
    return files
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => readFileSync(join(spool, name), 'utf8'))
      .join('');
  }

  async function post(gateway: Program, story: object): Promise<number> {
    const response = await fetch(`${gateway.url}/v1/stories`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(story),
    });
    return response.status;
  }

  test(
    'what feeds bring meanwhile arrives once, in order, within 5 s of its return, and clients are told',
    async () => {
      const [gateway] = await Promise.all([start('gateway'), start('ingest'), start('ingest')]);
      const listener = await connect(gateway);
      await publish('before');
      await listener.received(1);

      const lost = performance.now();
      await redis.kill('SIGKILL');
      await until(() => codes(listener).includes('degraded'), 'degraded');
      const degraded = performance.now() - lost;
      expect(degraded).toBeLessThan(DEGRADED_MS);

      for (let n = 1; performance.now() - lost < OUTAGE_MS; n++) {
        await publish(`away-${n}`);
        await until(() => onDisk().includes(headline(`away-${n}`)), 'it on disk');
      }
      const asked = performance.now();
      expect(await post(gateway, { id: 'mine', headline: 'Mine' })).toBe(503);
      expect(performance.now() - asked).toBeLessThan(6_000);

      await redis.restart();
      const back = performance.now();
      await listener.received(published.length);
      const arrived = performance.now() - back;
      if (process.env.OUTAGE_SECONDS)
        process.stdout.write(
          `degraded after ${degraded.toFixed(0)} ms; away for ${((back - lost) / 1000).toFixed(1)} s; all ${published.length - 1} stories ` +
            `of that time with the client ${arrived.toFixed(0)} ms after the return\n`,
        );
      expect(arrived).toBeLessThan(BACK_MS);
      await until(() => codes(listener).includes('restored'), 'restored');
      await publish('after');
      await listener.received(published.length);
      expect(headlines(listener)).toEqual(published.map(headline));
      expect(listener.stories.every(({ version }) => version === 1)).toBe(true);
    },
    80_000 + OUTAGE_MS,
  );

  test('a kill of the ingestor loses nothing of what it had kept', async () => {
    const [gateway, ingestor] = await Promise.all([start('gateway'), start('ingest')]);
    const listener = await connect(gateway);
    await publish('before');
    await listener.received(1);
    await redis.kill('SIGKILL');
    for (let n = 1; n <= 2 * WINDOW; n++) await publish(`away-${n}`);
    await until(() => onDisk().includes(headline(published.at(-1) ?? '')), 'all on disk');
    await ingestor?.kill();
    await start('ingest');
    await redis.restart();
    const back = performance.now();
    await listener.received(published.length);
    expect(performance.now() - back).toBeLessThan(2 * BACK_MS);
    await publish('after');
    await listener.received(published.length);
    // The next ingestor may read what is in the feed before it takes what the other one left.
    expect(headlines(listener).toSorted()).toEqual(published.map(headline).toSorted());
  }, 90_000);

  test.each([
    ['empty', 'all'],
    ['without what it wrote last', 'last'],
  ])(
    'and comes back %s, what was in feeds or was published is there again',
    async (_how, what) => {
      const [gateway] = await Promise.all([start('gateway'), start('ingest')]);
      const listener = await connect(gateway);
      for (const name of ['a', 'b', 'c', 'd', 'e']) await publish(name);
      await listener.received(5);
      const client = new Redis(redis.url);
      const [, dir = ''] = (await client.config('GET', 'dir')) as string[];
      const parts = readdirSync(join(dir, 'appendonlydir')).filter((name) => name.endsWith('.incr.aof'));
      const file = join(dir, 'appendonlydir', parts.at(-1) ?? '');
      const before = statSync(file).size;
      expect(await post(gateway, { id: 'mine', headline: 'Mine' })).toBe(201);
      expect(await post(gateway, { id: 'mine', headline: 'Mine, changed' })).toBe(200);
      await publish('f');
      await listener.received(8);
      if (what === 'all') await client.flushall();
      client.disconnect();
      await redis.kill('SIGKILL');
      if (what === 'last') truncateSync(file, before);
      await redis.restart();

      const expected = [...published.map(headline), 'Mine, changed'];
      const log = openRedis({ url: redis.url, prefix: 'outage', retention: { stories: 1000, hours: 1 } });
      const shown = async () => {
        const entries = await log.read({ after: 0, limit: 500 }).catch(() => []);
        return entries.map(({ story }) => story.headline).filter((text) => text !== 'Mine');
      };
      await until(async () => (await shown()).length >= expected.length, 'all of them');
      expect((await shown()).toSorted()).toEqual(expected.toSorted());
      await log.close();
      await until(async () => (await fetch(`${gateway.url}/readyz`)).status === 200, 'the gateway');
      const next = await connect(gateway);
      await publish('after');
      await next.received(1);
      expect(headlines(next)).toEqual([headline('after')]);
    },
    90_000,
  );
});
