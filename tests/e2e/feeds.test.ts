import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { matches, parseFilter, prepare } from '../../src/core/filter.ts';
import type { Story } from '../../src/core/story.ts';
import { until } from '../support/events.ts';
import { type FeedServer, openFeedServer } from '../support/feed-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { listen } from '../support/listener.ts';
import { corpusFeeds, type Feed, inventedFeeds } from '../support/newsrooms.ts';
import { type Program, startProgram } from '../support/program.ts';
import { describeRedis, type RedisServer, startRedis } from '../support/redis.ts';

/** Captured feeds that are not read whole today, and why. */
const UNREADABLE: Record<string, string> = {};

const corpus = corpusFeeds(Object.keys(UNREADABLE));
if (corpus.length === 0) process.stderr.write('SKIPPED: no corpus of real feeds lies beside the project\n');

const FILTERS = [
  undefined,
  'politics',
  'sport',
  'economy OR technology',
  'lang:uk,ru',
  'NOT lang:en',
  'politics AND lang:en',
];

interface SourceRow {
  id: string;
  lastSuccess?: string;
  failures: number;
}

/** Every story of the log, the way a reader would list it. */
async function readAll(url: string): Promise<Story[]> {
  const stories: Story[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const response = await fetch(`${url}/v1/stories?limit=500${next && `&before=${next}`}`);
    const page = (await response.json()) as { stories: Story[]; next?: string };
    stories.push(...page.stories);
    next = page.next;
  }
  return stories;
}

/** `npm start` with these feeds, and stock clients that listen before the first one is served. */
async function serveAndListen(feeds: Feed[], settings: Record<string, string>): Promise<void> {
  const folder = temporaryFolder();
  const server: FeedServer = await openFeedServer();
  for (const { id } of feeds) server.answer(`/${id}`, { status: 503 });
  const sources = feeds.map(({ id }) => ({ id, name: id, url: `${server.origin}/${id}`, every: '300ms' }));
  writeFileSync(join(folder.path, 'sources.yaml'), JSON.stringify({ sources }));
  const environment = { ALLOW_PRIVATE_NETWORKS: 'true', LOG_LEVEL: 'warn', ...settings };
  const start = () => startProgram('serve', { ...environment, LOG_LEVEL: 'info' }, folder.path);

  let program: Program = await start();
  const listeners = await Promise.all(
    FILTERS.map(async (filter) => {
      const listener = await listen(program.url);
      expect(await listener.subscribe({ filter })).toMatchObject({ ok: true });
      await listener.ready();
      return { filter, listener };
    }),
  );
  for (const { id, body, contentType } of feeds) {
    server.answer(`/${id}`, { body, headers: { 'content-type': contentType }, etag: '"1"' });
  }
  await until(
    async () => {
      const { sources: rows } = (await (await fetch(`${program.url}/v1/sources`)).json()) as {
        sources: SourceRow[];
      };
      return (
        rows.length === feeds.length &&
        rows.every(({ lastSuccess, failures }) => lastSuccess && failures === 0)
      );
    },
    'every source to be read',
    60_000,
  );

  const stories = await readAll(program.url);
  const counts = (all: Story[]) =>
    Object.fromEntries(feeds.map(({ id }) => [id, all.filter((story) => story.source.id === id).length]));
  expect(counts(stories)).toEqual(Object.fromEntries(feeds.map(({ id, stories }) => [id, stories])));
  expect(stories.every(({ version }) => version === 1)).toBe(true);

  for (const { filter, listener } of listeners) {
    const expr = parseFilter(filter);
    const wanted = stories.filter((story) => matches(expr, prepare(story)));
    const received = await listener.received(wanted.length);
    expect(received.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
    const sequences = received.map(({ cursor }) => Number(cursor.split('.')[1]));
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    listener.close();
  }
  expect(await program.stop()).toBe(0);

  const restarted = Date.now();
  program = await start();
  expect(
    await until(async () => {
      const again = await readAll(program.url);
      return again.length >= stories.length ? again : undefined;
    }, 'the log after the restart'),
  ).toEqual(stories);
  const after = await until(
    async () => {
      const { sources: rows } = (await (await fetch(`${program.url}/v1/sources`)).json()) as {
        sources: (SourceRow & { lastPoll: string })[];
      };
      return (
        rows.every(({ lastSuccess }) => Date.parse(lastSuccess ?? '') > restarted) && readAll(program.url)
      );
    },
    'every source to be read again',
    60_000,
  );
  expect(after).toEqual(stories);
  expect(await program.stop()).toBe(0);

  await server.close();
  folder.remove();
}

describe.each([
  ['feeds in the shapes of real ones', inventedFeeds()],
  ['a corpus of real feeds', corpus],
])('%s', (_name, feeds) => {
  const testWhereThere = feeds.length > 0 ? test : test.skip;

  testWhereThere(
    'reach the clients whose filter they match, once and in order, from the embedded store',
    () => serveAndListen(feeds, {}),
    120_000,
  );

  describeRedis('with Redis', () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.close());

    testWhereThere(
      'reach the clients whose filter they match, once and in order, from Redis',
      () => serveAndListen(feeds, { REDIS_URL: redis.url }),
      120_000,
    );
  });
});
