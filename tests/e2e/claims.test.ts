import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../support/events.ts';
import { type FeedServer, openFeedServer } from '../support/feed-server.ts';
import { item, rss } from '../support/feeds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Program, startProgram } from '../support/program.ts';
import { describeRedis, type RedisServer, startRedis } from '../support/redis.ts';

const COUNT = 30;
const EVERY_MS = 200;
/** Within which a killed ingestor's sources are to be polled by the others. */
const HAND_OVER_MS = 15_000;

describeRedis('ingestors on one Redis', () => {
  let redis: RedisServer;
  let folder: ReturnType<typeof temporaryFolder>;
  let server: FeedServer;
  let programs: Program[];

  beforeEach(async () => {
    redis = await startRedis();
    folder = temporaryFolder();
    server = await openFeedServer();
    programs = [];
    const sources = Array.from({ length: COUNT }, (_, n) => {
      const url = server.answer(`/${n}`, { body: rss(item(`story-${n}`)), etag: `"${n}"` });
      return { id: `source-${n}`, url, every: `${EVERY_MS}ms` };
    });
    writeFileSync(join(folder.path, 'sources.yaml'), JSON.stringify({ sources }));
  });
  afterEach(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    await server.close();
    await redis.close();
    folder.remove();
  });

  async function start(name: string): Promise<Program> {
    const program = await startProgram(
      'ingest',
      {
        REDIS_URL: redis.url,
        REDIS_PREFIX: 'claims',
        ALLOW_PRIVATE_NETWORKS: 'true',
        // Each says who it is in its User-Agent.
        PUBLIC_URL: `http://${name}.example`,
        LOG_LEVEL: 'debug',
      },
      folder.path,
    );
    programs.push(program);
    return program;
  }

  const by = (name: string, since: number) =>
    server.requests.filter(
      ({ at, headers }) => at >= since && headers['user-agent']?.includes(`${name}.example`),
    );
  const pathsBy = (name: string, since: number) => new Set(by(name, since).map(({ path }) => path));

  /** Since when each source has been polled by exactly one of both. */
  async function shared(): Promise<number> {
    const begun = performance.now();
    return until(
      () => {
        const since = performance.now() - 1000;
        const [a, b] = [pathsBy('a', since), pathsBy('b', since)];
        const all = new Set([...a, ...b]);
        const isShared = a.size > 0 && b.size > 0 && a.size + b.size === COUNT && all.size === COUNT;
        return since > begun && isShared ? since : undefined;
      },
      'each source to be polled by one of both',
      20_000,
    );
  }

  test('poll no source twice, and take over within 15 s what one had that was killed', async () => {
    const first = await start('a');
    await start('b');
    const since = await shared();

    const ids = new Set([...pathsBy('a', since)].filter((path) => pathsBy('b', since).has(path)));
    expect(ids).toEqual(new Set());
    const lost = pathsBy('a', since);
    const killed = performance.now();
    await first.kill();
    await until(() => [...lost].every((path) => pathsBy('b', killed).has(path)), 'the other', 30_000);
    const last = Math.max(
      ...[...lost].map((path) => by('b', killed).find((request) => request.path === path)?.at ?? 0),
    );
    expect(last - killed).toBeLessThan(HAND_OVER_MS);
    // What the first had learnt is known to the second.
    const taken = by('b', killed).filter(({ path }) => lost.has(path));
    expect(taken.every(({ headers }) => headers['if-none-match'] !== undefined)).toBe(true);
  }, 90_000);

  test('hand over at once when one is stopped, and share again when one comes', async () => {
    const first = await start('a');
    await start('b');
    const since = await shared();
    const lost = pathsBy('a', since);
    const stopped = performance.now();
    expect(await first.stop()).toBe(0);
    await until(() => [...lost].every((path) => pathsBy('b', stopped).has(path)), 'the other', 15_000);
    expect(performance.now() - stopped).toBeLessThan(8_000);
    await start('a');
    await shared();
  }, 90_000);
});
