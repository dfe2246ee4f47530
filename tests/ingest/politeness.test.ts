import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HostsOptions } from '../../src/ingest/poll/hosts.ts';
import type { ScheduleDeps } from '../../src/ingest/poll/schedule.ts';
import type { Source } from '../../src/ingest/sources.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { type Answer, type FeedServer, openFeedServer } from '../support/feed-server.ts';
import { item, rss, source } from '../support/feeds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Ingestor, portOf, startIngestor } from '../support/ingestor.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let folder: ReturnType<typeof temporaryFolder>;
let server: FeedServer;
let store: Store;
let ingestors: Ingestor[];

beforeEach(async () => {
  folder = temporaryFolder();
  server = await openFeedServer();
  store = openEmbedded({ path: folder.path, retention: { stories: 1000, hours: 72 } });
  ingestors = [];
});
afterEach(async () => {
  await Promise.all(ingestors.map((ingestor) => ingestor.close()));
  await store.close();
  await server.close();
  folder.remove();
});

function feed(id: string, more: Partial<Source> = {}): Source {
  return source({ id, url: at(`/${id}`), every: MINUTE, ...more });
}

function at(path: string, host = 'news.example'): string {
  return `http://${host}:${portOf(server)}${path}`;
}

/** Ingest of these sources, each of which has been polled once. */
async function start(
  sources: Source[],
  more: Partial<ScheduleDeps & HostsOptions> & { from?: number } = {},
): Promise<Ingestor> {
  const ingestor = startIngestor(server, store, sources, more);
  ingestors.push(ingestor);
  await ingestor.pass(2000);
  return ingestor;
}

describe('a source is asked', () => {
  const body = rss(item('a'));

  test('once in its interval, and no more often', async () => {
    server.answer('/a', { body });
    const ingestor = await start([feed('a')]);
    expect(server.count('/a')).toBe(1);
    await ingestor.pass(57_000);
    expect(server.count('/a')).toBe(1);
    await ingestor.pass(4_000);
    expect(server.count('/a')).toBe(2);
  });

  test.each<[string, Answer]>([
    ['Cache-Control: max-age', { body, headers: { 'cache-control': 'public, max-age=600' } }],
    ['Expires', { body, headers: { expires: new Date(Date.now() + 600_000).toUTCString() } }],
    ['ttl', { body: rss('<ttl>10</ttl>', item('a')) }],
    [
      'sy:updatePeriod',
      { body: rss('<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>6</sy:updateFrequency>') },
    ],
  ])('not before its time is over: %s of ten minutes', async (_what, answer) => {
    server.answer('/a', answer);
    const ingestor = await start([feed('a')]);
    await ingestor.pass(9 * MINUTE);
    expect(server.count('/a')).toBe(1);
    await ingestor.pass(2 * MINUTE);
    expect(server.count('/a')).toBe(2);
  });

  test('by what a 304 says of its time, and by what the document said', async () => {
    server.answer(
      '/a',
      { body: rss('<ttl>5</ttl>'), etag: '"1"' },
      { body, etag: '"1"', headers: { 'cache-control': 'max-age=1200' } },
    );
    const ingestor = await start([feed('a')]);
    await ingestor.pass(6 * MINUTE);
    expect(server.count('/a')).toBe(2);
    await ingestor.pass(15 * MINUTE);
    expect(server.count('/a')).toBe(2);
    await ingestor.pass(7 * MINUTE);
    expect(server.count('/a')).toBe(3);
  });

  test.each<[string, Answer]>([
    ['no-cache', { body, headers: { 'cache-control': 'no-cache, max-age=600' } }],
    ['max-age=0', { body, headers: { 'cache-control': 'max-age=0' } }],
    ['Expires: 0', { body, headers: { expires: '0' } }],
    ['ttl 0', { body: rss('<ttl>0</ttl>') }],
  ])('at its interval when it says nothing of use: %s', async (_what, answer) => {
    server.answer('/a', answer);
    const ingestor = await start([feed('a')]);
    await ingestor.pass(61_000);
    expect(server.count('/a')).toBe(2);
  });

  test('after an hour however long its time is', async () => {
    server.answer('/a', { body: rss('<ttl>1440</ttl>'), headers: { 'cache-control': 'max-age=31536000' } });
    const ingestor = await start([feed('a')]);
    await ingestor.pass(59 * MINUTE);
    expect(server.count('/a')).toBe(1);
    await ingestor.pass(5 * MINUTE);
    expect(server.count('/a')).toBe(2);
  });

  test('at its interval where the publisher has agreed to that', async () => {
    server.answer('/a', { body: rss('<ttl>60</ttl>'), headers: { 'cache-control': 'max-age=3600' } });
    const ingestor = await start([feed('a', { ignoreHints: true })]);
    await ingestor.pass(61_000);
    expect(server.count('/a')).toBe(2);
  });

  test('not in the hours that it skips', async () => {
    const from = Date.parse('2026-06-01T12:40:00Z');
    server.answer('/a', { body: rss('<skipHours><hour>12</hour></skipHours>') });
    const ingestor = await start([feed('a')], { from });
    await ingestor.pass(19 * MINUTE);
    expect(server.count('/a')).toBe(1);
    await ingestor.pass(2 * MINUTE);
    expect(server.count('/a')).toBe(2);
  });

  test('not on the days that it skips, but once an hour', async () => {
    const from = Date.parse('2026-06-06T12:00:00Z');
    server.answer('/a', { body: rss('<skipDays><day>Saturday</day></skipDays>') });
    const ingestor = await start([feed('a')], { from });
    await ingestor.pass(59 * MINUTE);
    expect(server.count('/a')).toBe(1);
    await ingestor.pass(2 * MINUTE);
    expect(server.count('/a')).toBe(2);
  });

  test('more seldom when it has news seldom', async () => {
    const from = Date.now();
    const story = (name: string, hoursAgo: number) =>
      item(name, `<pubDate>${new Date(from - hoursAgo * HOUR).toUTCString()}</pubDate>`);
    server.answer('/quiet', { body: rss(...[1, 4, 7, 10, 13].map((hours) => story(`q${hours}`, hours))) });
    server.answer('/busy', { body: rss(...[1, 2, 3, 4, 5].map((n) => story(`b${n}`, n / 60))) });
    const ingestor = await start([feed('quiet'), feed('busy')], { from });
    await ingestor.pass(65_000);
    await ingestor.pass(65_000);
    expect([server.count('/busy'), server.count('/quiet')]).toEqual([3, 1]);
    await ingestor.pass(12 * MINUTE);
    expect(server.count('/quiet')).toBe(1);
    await ingestor.pass(2 * MINUTE);
    expect(server.count('/quiet')).toBe(2);
  });
});

describe('a server that wants to be left alone', () => {
  test.each([
    ['429 in seconds', { status: 429, headers: { 'retry-after': '600' } }],
    [
      '503 as a date',
      { status: 503, headers: { 'retry-after': new Date(Date.now() + 600_000).toUTCString() } },
    ],
    ['any other error', { status: 403, headers: { 'retry-after': '600' } }],
  ])('is, with all its sources: %s', async (_what, answer) => {
    server.answer('/a', answer);
    server.answer('/b', { body: rss(item('b')) });
    server.answer('/c', { body: rss(item('c')) });
    const sources = [feed('a'), feed('b'), feed('c', { url: at('/c', 'other.example') })];
    const ingestor = await start(sources);
    const asked = server.count('/b');
    await ingestor.pass(9 * MINUTE);
    expect([server.count('/a'), server.count('/b')]).toEqual([1, asked]);
    expect(server.count('/c')).toBe(2);
    server.answer('/a', { body: rss(item('a')) });
    await ingestor.pass(2 * MINUTE);
    expect([server.count('/a'), server.count('/b')]).toEqual([2, asked + 1]);
  });

  test('is, for eight hours at the most', async () => {
    server.answer('/a', { status: 429, headers: { 'retry-after': '999999' } });
    const ingestor = await start([feed('a')]);
    await ingestor.pass(8 * HOUR - 5 * MINUTE);
    expect(server.count('/a')).toBe(1);
    await ingestor.pass(10 * MINUTE);
    expect(server.count('/a')).toBe(2);
  });

  test('is, by a process that was started meanwhile too', async () => {
    server.answer('/a', { status: 429, headers: { 'retry-after': '600' } });
    server.answer('/b', { body: rss(item('b')) });
    const first = await start([feed('a')]);
    await until(async () => (await first.health('a'))?.failures === 1, 'the failure');
    await first.close();
    const second = await start([feed('a'), feed('b')], { from: first.now() });
    await second.pass(5 * MINUTE);
    expect([server.count('/a'), server.count('/b')]).toEqual([1, 0]);
    await second.pass(6 * MINUTE);
    expect(server.count('/b')).toBe(1);
  });
});

describe('one host', () => {
  test('is asked two things at a time, and others meanwhile', async () => {
    for (const name of ['a', 'b', 'c', 'd']) server.answer(`/${name}`, { body: rss(), headersAfter: 300 });
    server.answer('/other', { body: rss() });
    const sources = ['a', 'b', 'c', 'd'].map((name) => feed(name));
    await start([...sources, feed('other', { url: at('/other', 'other.example') })]);
    const counts = () => ['a', 'b', 'c', 'd'].map((name) => server.count(`/${name}`));
    await until(() => counts().every((count) => count === 1), 'all four');
    const times = server.requests
      .filter(({ path }) => /^\/[abcd]$/.test(path))
      .map((request) => request.at)
      .sort((a, b) => a - b);
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(290);
    const other = server.requests.find(({ path }) => path === '/other')?.at ?? 0;
    expect(other - (times[0] ?? 0)).toBeLessThan(200);
  });

  test('is asked one thing a second', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) server.answer(`/${name}`, { body: rss() });
    const ingestor = await start(
      names.map((name) => feed(name)),
      { spacingMs: 1000 },
    );
    const count = () => names.filter((name) => server.count(`/${name}`) > 0).length;
    const before = count();
    expect(before).toBeLessThan(4);
    for (let expected = before + 1; expected <= 5; expected++) {
      await ingestor.pass(950);
      expect(count()).toBe(expected);
    }
  });

  test('is the same with www and without', async () => {
    server.answer('/a', { status: 429, headers: { 'retry-after': '600' } });
    server.answer('/b', { body: rss() });
    const ingestor = await start([
      feed('a'),
      feed('b', { url: at('/b', 'www.news.example'), every: 20 * MINUTE }),
    ]);
    const asked = server.count('/b');
    await ingestor.pass(9 * MINUTE);
    expect(server.count('/b')).toBe(asked);
  });
});

describe('a source that fails', () => {
  test('is asked after twice, four times, eight times its interval, and at least once an hour', async () => {
    server.answer('/a', { status: 500 });
    const ingestor = await start([feed('a')], { random: () => 0.999 });
    for (const [index, minutes] of [2, 4, 8, 16, 32, 60, 60].entries()) {
      await ingestor.pass(minutes * MINUTE - 30_000);
      expect(server.count('/a')).toBe(index + 1);
      await ingestor.pass(30_000);
      expect(server.count('/a')).toBe(index + 2);
    }
  });
});

describe('a permanent redirect', () => {
  const moved = (status: number) => {
    server.answer('/a', { status, headers: { location: '/new' } });
    server.answer('/new', { body: rss(item('a')) });
  };
  const counts = () => [server.count('/a'), server.count('/new')];

  test.each([301, 308])('%d is followed always, and kept after five polls over a day', async (status) => {
    moved(status);
    const ingestor = await start([feed('a', { every: 6 * HOUR })]);
    for (let polls = 2; polls <= 5; polls++) {
      await ingestor.pass(6.1 * HOUR);
      expect(counts()).toEqual([polls, polls]);
    }
    await ingestor.pass(6.1 * HOUR);
    expect(counts()).toEqual([5, 6]);
    expect(await ingestor.health('a')).toMatchObject({ url: at('/a'), movedTo: at('/new') });
  });

  test('is not kept when it was seen often within a day, nor seldom in many', async () => {
    moved(301);
    server.answer('/b', { status: 301, headers: { location: '/new' } });
    const ingestor = await start([feed('a', { every: HOUR }), feed('b', { every: 23 * HOUR })]);
    for (let hours = 0; hours < 22; hours++) await ingestor.pass(1.05 * HOUR);
    expect(server.count('/a')).toBe(23);
    for (let days = 0; days < 2; days++) await ingestor.pass(24 * HOUR);
    expect(server.count('/b')).toBe(4);
  });

  test('counts anew when there was anything else between', async () => {
    moved(301);
    const ingestor = await start([feed('a', { every: 8 * HOUR })]);
    for (let polls = 0; polls < 3; polls++) await ingestor.pass(8.1 * HOUR);
    server.answer('/a', { body: rss(item('a')) });
    await ingestor.pass(8.1 * HOUR);
    moved(301);
    for (let polls = 0; polls < 4; polls++) await ingestor.pass(8.1 * HOUR);
    expect(server.count('/a')).toBe(9);
  });

  test.each([302, 303, 307])('is none: %d is followed and never kept', async (status) => {
    moved(status);
    const ingestor = await start([feed('a', { every: 12 * HOUR })]);
    for (let polls = 0; polls < 8; polls++) await ingestor.pass(12.1 * HOUR);
    expect(counts()).toEqual([9, 9]);
    expect(await ingestor.health('a')).not.toHaveProperty('movedTo');
  });

  test('that was kept is forgotten when the new address fails, or the file has another one', async () => {
    moved(301);
    const first = await start([feed('a', { every: 8 * HOUR })]);
    for (let polls = 0; polls < 6; polls++) await first.pass(8.1 * HOUR);
    expect(counts()).toEqual([5, 7]);
    server.answer('/new', { status: 404 });
    server.answer('/a', { body: rss(item('a')) });
    for (let polls = 0; polls < 3; polls++) await first.pass(9 * HOUR);
    await first.pass(9 * HOUR);
    expect(server.count('/a')).toBe(6);
    await first.close();
    server.answer('/c', { body: rss(item('a')) });
    await start([feed('a', { url: at('/c') })], { from: first.now() });
    expect(server.count('/c')).toBe(1);
  });
});

describe('a source that is gone for good', () => {
  test('is asked once more, and then no more, until it has another address', async () => {
    server.answer('/a', { status: 410 });
    const first = await start([feed('a')]);
    await first.pass(3 * MINUTE);
    expect(server.count('/a')).toBe(2);
    for (let days = 0; days < 3; days++) await first.pass(24 * HOUR);
    expect(server.count('/a')).toBe(2);
    expect(await first.health('a')).toMatchObject({ retired: expect.any(String) });
    await first.close();

    const second = await start([feed('a')], { from: first.now() });
    await second.pass(24 * HOUR);
    expect(server.count('/a')).toBe(2);
    await second.close();

    server.answer('/b', { body: rss(item('a')) });
    const third = await start([feed('a', { url: at('/b') })], { from: second.now() });
    expect(server.count('/b')).toBe(1);
    await until(async () => (await third.health('a'))?.retired === undefined, 'the source to be alive again');
  });

  test('is not when it says so once', async () => {
    server.answer('/a', { status: 410 }, { body: rss(item('a')) }, { status: 410 }, { body: rss(item('a')) });
    const ingestor = await start([feed('a')]);
    for (let polls = 0; polls < 4; polls++) await ingestor.pass(3 * MINUTE);
    expect(server.count('/a')).toBe(5);
  });

  test('is asked again when it was taken out of the sources and put back', async () => {
    server.answer('/a', { status: 410 }, { status: 410 }, { body: rss(item('a')) });
    const first = await start([feed('a')]);
    await first.pass(3 * MINUTE);
    await first.close();
    const without = await start([], { from: first.now() });
    expect(await without.health('a')).toMatchObject({ removed: expect.any(String) });
    await without.close();
    const again = await start([feed('a')], { from: first.now() });
    expect(server.count('/a')).toBe(3);
    await until(async () => (await again.health('a'))?.failures === 0, 'the recovery');
    expect(await again.health('a')).not.toHaveProperty('removed');
  });
});

describe('stories that leave the feed', () => {
  const page = (name: string) => item(name).replaceAll('https://news.example', at('/page'));

  async function leaving(checkGone: boolean): Promise<Ingestor> {
    server.answer(
      '/a',
      { body: rss(page('c'), page('b'), page('a')) },
      { body: rss(page('c')) },
      { body: rss(page('c')) },
    );
    return start([feed('a', { checkGone })]);
  }
  const withdrawn = async () =>
    (await store.read({ after: 0, limit: 100 })).filter(({ story }) => story.status === 'canceled').length;

  test('are nothing', async () => {
    const ingestor = await leaving(false);
    for (let polls = 0; polls < 4; polls++) await ingestor.pass(61_000);
    expect(server.requests.filter(({ method }) => method === 'HEAD')).toEqual([]);
    expect(await withdrawn()).toBe(0);
  });

  test('are withdrawn where that is asked for and their pages are gone, for good or twice', async () => {
    server.answer('/page/b', { status: 410 });
    const ingestor = await leaving(true);
    // The pages are asked for beside the polls, so a poll may have to be awaited more than once.
    const pollUntil = (count: number) =>
      until(async () => {
        await ingestor.pass(61_000);
        return (await withdrawn()) === count;
      }, `${count} withdrawals`);
    await pollUntil(2);
    for (let polls = 0; polls < 3; polls++) await ingestor.pass(61_000);
    expect([server.count('/page/a'), server.count('/page/b')]).toEqual([2, 1]);
  });

  test('are asked for once when their pages are there', async () => {
    server.answer('/page/b', { body: 'the page' });
    server.answer('/page/a', { body: 'the page' });
    const ingestor = await leaving(true);
    for (let polls = 0; polls < 4; polls++) await ingestor.pass(61_000);
    expect([server.count('/page/a'), server.count('/page/b')]).toEqual([1, 1]);
    expect(await withdrawn()).toBe(0);
  });
});
