import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { WireError } from '../../src/core/errors.ts';
import { type Document, readDocument } from '../../src/ingest/document/document.ts';
import { createFetcher, type Fetcher } from '../../src/ingest/poll/fetch.ts';
import { readHealth } from '../../src/ingest/poll/health.ts';
import { createHosts } from '../../src/ingest/poll/hosts.ts';
import { createPipeline, type Pipeline } from '../../src/ingest/poll/pipeline.ts';
import { createSchedule, type Schedule, type ScheduleDeps } from '../../src/ingest/poll/schedule.ts';
import type { Source } from '../../src/ingest/sources.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { until } from '../support/events.ts';
import { type FeedServer, openFeedServer } from '../support/feed-server.ts';
import { item, rss, source } from '../support/feeds.ts';
import { temporaryFolder } from '../support/folder.ts';

const topics = await loadTopics();
const log = pino({ level: 'silent' });
const metrics = { story: () => {}, fetch: () => {}, lag: () => {} };

let folder: ReturnType<typeof temporaryFolder>;
let server: FeedServer;
let fetcher: Fetcher;
let store: Store;
let schedules: Schedule[];

beforeEach(async () => {
  folder = temporaryFolder();
  server = await openFeedServer();
  fetcher = createFetcher({
    allowPrivateNetworks: true,
    userAgent: 'test',
    timeouts: { headers: 1000, total: 2000 },
  });
  store = openEmbedded({ path: folder.path, retention: { stories: 1000, hours: 72 } });
  schedules = [];
});
afterEach(async () => {
  await Promise.all(schedules.map((schedule) => schedule.close()));
  await fetcher.close();
  await store.close();
  await server.close();
  folder.remove();
});

function feed(id: string, more: Partial<Source> = {}): Source {
  return source({ id, name: id, url: `${server.origin}/${id}`, every: 50, ...more });
}

const read = (document: Document, each: Source) => readDocument(document, each, { topics, now: Date.now });
const pipelineOn = (on: Pick<Store, 'append'>) =>
  createPipeline({ fetcher, read, store: on, now: Date.now, log, metrics });

function start(sources: Source[], more: Partial<ScheduleDeps> = {}): Schedule {
  const schedule = createSchedule({
    sources,
    pipeline: pipelineOn(store),
    hosts: createHosts({ now: Date.now }),
    store,
    member: 'me',
    now: Date.now,
    log,
    random: Math.random,
    ...more,
  });
  schedules.push(schedule);
  schedule.start();
  return schedule;
}

const health = async (id: string) => readHealth(await store.source(id));
const polled = (id: string, times = 1) =>
  until(() => server.count(`/${id}`) >= times, `${times} polls of ${id}`);
const stored = (count: number) => until(async () => (await store.head()).last >= count, `${count} stories`);

/** A pipeline that finds nothing, and says who was read. */
function quiet(
  read: (
    source: Source,
    known: Parameters<Pipeline['read']>[1],
    options: Parameters<Pipeline['read']>[2],
  ) => void | Promise<void>,
) {
  const poll = {
    outcome: 'fetched',
    new: 0,
    updated: 0,
    canceled: 0,
    known: 0,
    lagsMs: [],
    validators: {},
    bodyHash: 'x',
  } as const;
  return {
    read: async (...args: Parameters<Pipeline['read']>) => {
      await read(...args);
      return { ...poll, lagsMs: [] };
    },
  };
}

describe('sources are polled', () => {
  test('at once when they are new, and again and again', async () => {
    server.answer('/a', { body: rss(item('a1')) }, { body: rss(item('a2'), item('a1')) });
    server.answer('/b', { body: rss(item('b1')) });
    start([feed('a'), feed('b')]);
    await stored(3);
    await polled('b', 3);
  });

  test('with what their server gave them to ask by', async () => {
    server.answer('/a', { body: rss(item('a')), etag: '"1"' });
    start([feed('a')]);
    await polled('a', 3);
    const [first, second, third] = server.requests.map(({ headers }) => headers['if-none-match']);
    expect([first, second, third]).toEqual([undefined, '"1"', '"1"']);
  });

  test('one poll of a source at a time, and not more than the limit in all', async () => {
    const running = new Map<string, number>();
    let together = 0;
    let finished = 0;
    const pipeline = quiet(async ({ id }) => {
      running.set(id, (running.get(id) ?? 0) + 1);
      expect(running.get(id)).toBe(1);
      together = Math.max(together, running.size);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.delete(id);
      finished += 1;
    });
    start(
      Array.from({ length: 12 }, (_, n) => feed(`s${n}`)),
      { pipeline, places: { concurrency: 3 } },
    );
    await until(() => finished >= 36, 'three rounds');
    expect(together).toBe(3);
  });

  test('less often when they push, and at once when they are asked to be', async () => {
    server.answer('/a', { body: rss(item('a')) });
    const asked: string[] = [];
    const pushed = async ({ id }: Source) => {
      asked.push(id);
      return 60_000;
    };
    const schedule = start([feed('a')], { pushed });
    const { nextPoll } = await until(() => health('a'), 'the first poll');
    expect(Date.parse(nextPoll ?? '') - Date.now()).toBeGreaterThan(50_000);
    expect(asked).toEqual(['a']);
    schedule.pollSoon('a');
    await polled('a', 2);
  });

  test('even one by one', async () => {
    const seen = new Set<string>();
    start([feed('a'), feed('b'), feed('c')], {
      pipeline: quiet(({ id }) => void seen.add(id)),
      places: { concurrency: 1 },
    });
    await until(() => seen.size === 3, 'all three');
  });

  test('as a whole once a week', async () => {
    let now = Date.parse('2026-06-01T12:00:00Z');
    const wholes: boolean[] = [];
    const pipeline = quiet((_source, _known, options) => void wholes.push(options?.whole ?? false));
    start([feed('a')], { pipeline, now: () => now, longestWaitMs: 10 });
    const next = async () => {
      const count = wholes.length;
      now += 60_000;
      await until(() => {
        // The time of the last poll may not have been learnt when the clock was moved.
        now += 1;
        return wholes.length > count;
      }, 'the next poll');
    };
    await next();
    await next();
    now += 7 * 24 * 3_600_000;
    await next();
    await next();
    expect(wholes).toEqual([false, false, true, false]);
  });
});

describe('a source that fails delays no other', () => {
  test.each([
    ['down', { reset: 'before' as const }, 'network'],
    ['slow', { headersAfter: 60_000 }, 'timeout'],
    ['endless', { body: 'x'.repeat(10_000), trickle: { bytes: 1, pause: 50 } }, 'timeout'],
    ['broken', { body: '<html></html>' }, 'not_a_feed'],
    ['gone', { status: 404 }, 'http_404'],
  ])('%s', async (_what, answer, reason) => {
    server.answer('/bad', answer);
    server.answer('/good', { body: rss(item('a')) }, { body: rss(item('b'), item('a')) });
    start([feed('bad'), feed('good')]);
    await polled('good', 4);
    await stored(2);
    const bad = await until(async () => {
      const known = await health('bad');
      return known?.lastError ? known : undefined;
    }, 'the failure');
    expect(bad).toMatchObject({ lastError: { reason } });
    expect(bad.failures).toBeGreaterThanOrEqual(1);
    expect(bad).not.toHaveProperty('lastSuccess');
  });

  test('even when there are more of them than places', async () => {
    server.answer('/slow', { headersAfter: 60_000 });
    server.answer('/good', { body: rss(item('a')) });
    const slow = Array.from({ length: 5 }, (_, n) =>
      feed(`slow${n}`, { url: `${server.origin}/slow`, every: 60_000 }),
    );
    start([...slow, feed('good')], { places: { concurrency: 6 } });
    await polled('good', 3);
  });

  test('even when all others never answer: after a while they give up their places', async () => {
    server.answer('/slow', { headersAfter: 60_000 });
    server.answer('/good', { body: rss(item('a')) });
    const slow = Array.from({ length: 12 }, (_, n) => feed(`slow${n}`, { url: `${server.origin}/slow` }));
    start([...slow, feed('good')], { places: { concurrency: 2, stragglers: 12, slowMs: 100 } });
    await polled('good', 5);
    expect(server.requests.filter(({ path }) => path === '/slow').length).toBeLessThan(30);
  });

  test('and is forgiven when it works again', async () => {
    server.answer('/a', { status: 500 }, { status: 500 }, { body: rss(item('a')) });
    start([feed('a')], { random: () => 0 });
    await stored(1);
    const known = await until(
      async () => ((await health('a'))?.failures === 0 ? health('a') : undefined),
      'the recovery',
    );
    expect(known).toMatchObject({ failures: 0, lastError: { reason: 'http_500' } });
  });

  test('and is left alone for as long as it asks', async () => {
    server.answer('/a', { status: 429, headers: { 'retry-after': '3600' } });
    start([feed('a')]);
    const known = await until(() => health('a'), 'the first poll');
    expect(Date.parse(known.nextPoll ?? '') - Date.now()).toBeGreaterThan(3_500_000);
  });
});

describe('what is known of a source', () => {
  test('is kept for whoever asks', async () => {
    server.answer('/a', { body: rss(item('a')) });
    start([feed('a', { name: 'A', language: 'uk', every: 60_000 })]);
    const known = await until(() => health('a'), 'the first poll');
    expect(known).toEqual({
      id: 'a',
      name: 'A',
      url: `${server.origin}/a`,
      language: 'uk',
      failures: 0,
      lastPoll: expect.any(String),
      lastSuccess: expect.any(String),
      lastStory: expect.any(String),
      nextPoll: expect.any(String),
    });
    const wait = Date.parse(known.nextPoll ?? '') - Date.now();
    expect(wait).toBeGreaterThan(50_000);
    expect(wait).toBeLessThan(67_000);
  });

  test('has how late its stories are, in the middle', async () => {
    const lags = [1000, 9000, 2000];
    const pipeline = {
      read: async () => ({
        ...(await quiet(() => {}).read(feed('a'), { validators: {} })),
        lagsMs: lags.splice(0, 1),
      }),
    };
    start([feed('a')], { pipeline });
    await until(async () => (await health('a'))?.medianLagMs === 2000, 'the median');
  });

  test('outlives the process: nothing is polled before its time, and then with its validators', async () => {
    server.answer('/a', { body: rss(item('a')), etag: '"1"' });
    const patient = feed('a', { every: 2000 });
    const first = start([patient], { random: () => 0 });
    const { nextPoll } = await until(() => health('a'), 'the first poll');
    await first.close();
    start([patient]);
    await polled('a', 2);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(nextPoll ?? '') - 50);
    expect(server.requests[1]?.headers['if-none-match']).toBe('"1"');
  });

  test.each([
    [
      'it has another address now',
      {
        id: 'a',
        name: 'a',
        url: 'https://old.example/',
        failures: 0,
        nextPoll: '2099-01-01T00:00:00Z',
        memory: { validators: { etag: '"old"' }, lagsMs: [] },
      },
    ],
    ['it was written by something else', { anything: true }],
  ])('counts for nothing when %s', async (_what, record) => {
    await store.saveSource('a', record);
    server.answer('/a', { body: rss(item('a')) });
    start([feed('a')]);
    await polled('a');
    expect(server.requests[0]?.headers).not.toHaveProperty('if-none-match');
  });
});

describe('when the store is away', () => {
  test('at the start, it is asked again until it is there', async () => {
    let asked = 0;
    server.answer('/a', { body: rss(item('a')) });
    const flaky = {
      ...store,
      sources: () => (asked++ === 0 ? Promise.reject(new WireError('unavailable', 'away')) : store.sources()),
    };
    start([feed('a')], { store: flaky });
    await stored(1);
  });

  test('later, nothing is lost, and no source is blamed', async () => {
    let away = true;
    const failing: Pick<Store, 'append'> = {
      append: (draft) => (away ? Promise.reject(new WireError('unavailable', 'away')) : store.append(draft)),
    };
    server.answer('/a', { body: rss(item('a')), etag: '"1"' });
    start([feed('a')], {
      pipeline: pipelineOn(failing),
    });
    await polled('a', 4);
    expect(await health('a')).toMatchObject({ failures: 0, lastError: { reason: 'store' } });
    away = false;
    await stored(1);
  });

  test('what cannot be kept does not stop the polling', async () => {
    server.answer('/a', { body: rss(item('a')) });
    const forgetful = {
      ...store,
      saveSource: () => Promise.reject(new WireError('unavailable', 'away')),
    };
    start([feed('a')], { store: forgetful });
    await polled('a', 3);
  });
});

describe('when the store has lost what it had', () => {
  test('every source is read whole, once and soon, also one that is being polled', async () => {
    const known: (string | undefined)[] = [];
    let polling = () => {};
    let end = () => {};
    const began = new Promise<void>((resolve) => {
      polling = resolve;
    });
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const pipeline = quiet(async ({ id }, { bodyHash }) => {
      known.push(`${id} ${bodyHash}`);
      if (id !== 'slow') return;
      polling();
      await held;
    });
    const schedule = start([feed('a', { every: 60_000 }), feed('slow', { every: 60_000 })], { pipeline });
    await until(() => health('a'), 'the first poll');
    await began;
    schedule.forget();
    end();
    await until(() => known.length >= 4, 'the second polls');
    expect(known.toSorted()).toEqual(['a undefined', 'a undefined', 'slow undefined', 'slow undefined']);
    schedule.pollSoon('a');
    await until(() => known.includes('a x'), 'a poll of what is known again');
  });
});

describe('closing', () => {
  test('ends what is being fetched, without blaming its source', async () => {
    server.answer('/a', { headersAfter: 60_000 });
    const schedule = start([feed('a')]);
    await polled('a');
    await schedule.close();
    expect(await health('a')).toBeUndefined();
  });

  test('waits for what is being stored, and polls no more', async () => {
    server.answer('/a', { body: rss(item('b'), item('a')) });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let appending = 0;
    let done = 0;
    const slow: Pick<Store, 'append'> = {
      append: async (draft) => {
        appending += 1;
        await held;
        const appended = await store.append(draft);
        done += 1;
        return appended;
      },
    };
    const schedule = start([feed('a')], {
      pipeline: pipelineOn(slow),
    });
    await until(() => appending === 1, 'the first append');
    const closed = schedule.close().then(() => done);
    release();
    expect(await closed).toBe(1);
    expect(server.count('/a')).toBe(1);
  });

  test('at once after the start is quiet', async () => {
    const schedule = start([feed('a')]);
    await schedule.close();
    expect(server.requests).toEqual([]);
  });
});
