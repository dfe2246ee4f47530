import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { WireError } from '../../src/core/errors.ts';
import { readDocument } from '../../src/ingest/document/document.ts';
import { createFetcher, type Fetcher } from '../../src/ingest/poll/fetch.ts';
import {
  createPipeline,
  type Known,
  type Pipeline,
  type PipelineDeps,
} from '../../src/ingest/poll/pipeline.ts';
import type { Source } from '../../src/ingest/sources.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { type FeedServer, openFeedServer } from '../support/feed-server.ts';
import { atom, item, rss, source } from '../support/feeds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { draft } from '../support/stories.ts';

const NOTHING: Known = { validators: {} };
const topics = await loadTopics();
const folder = temporaryFolder();
let server: FeedServer;
let fetcher: Fetcher;
let store: Store;
let counted: string[];
let stores = 0;

beforeAll(async () => {
  server = await openFeedServer();
  fetcher = createFetcher({ allowPrivateNetworks: true, userAgent: 'test' });
});
beforeEach(() => {
  store = openEmbedded({ path: `${folder.path}/${stores++}`, retention: { stories: 1000, hours: 72 } });
  counted = [];
});
afterEach(() => store.close());
afterAll(async () => {
  await fetcher.close();
  await server.close();
  folder.remove();
});

function pipeline(
  append: Store['append'] = store.append,
  more: Partial<PipelineDeps['store']> = {},
): Pipeline {
  const metrics = {
    story: (id: string, change: string) => counted.push(`story ${id} ${change}`),
    fetch: (id: string, outcome: string) => counted.push(`fetch ${id} ${outcome}`),
    lag: (stage: string) => counted.push(`lag ${stage}`),
  };
  return createPipeline({
    fetcher,
    read: (document, source) => readDocument(document, source, { topics, now: Date.now }),
    store: { append, ...more },
    now: Date.now,
    log: pino({ level: 'silent' }),
    metrics,
  });
}

const at = (path: string): Source => source({ url: server.origin + path });

async function headlines(): Promise<string[]> {
  return (await store.read({ after: 0, limit: 100 })).map(
    ({ story }) => `${story.headline || story.id} ${story.change}`,
  );
}

describe('a poll', () => {
  test('fails when a story has changed since its document was asked for, and is not taken for read', async () => {
    await store.append(draft('x'));
    const { epoch, last } = await store.head();
    server.answer('/overtaken', { body: rss(item('a')) });
    const here = { epoch, sequence: last };
    let place = here;
    const there = pipeline(store.append, { offer: store.offer, place: () => place });
    expect(await there.read(at('/overtaken'), NOTHING)).toMatchObject({ new: 1 });
    server.answer('/overtaken', { body: rss(item('a').replace('Headline of a', 'Other')) });
    await expect(there.read(at('/overtaken'), NOTHING)).rejects.toMatchObject({ code: 'unavailable' });
    place = { epoch, sequence: last + 1 };
    expect(await there.read(at('/overtaken'), NOTHING)).toMatchObject({ updated: 1 });
  });

  test('puts the stories of a feed into the log, oldest first', async () => {
    server.answer('/a', { body: rss(item('c'), item('b'), item('a')), etag: '"1"' });
    expect(await pipeline().read(at('/a'), NOTHING)).toMatchObject({
      outcome: 'fetched',
      new: 3,
      updated: 0,
      canceled: 0,
      known: 0,
      validators: { etag: '"1"' },
      bodyHash: expect.any(String),
    });
    expect(await headlines()).toEqual(['Headline of a new', 'Headline of b new', 'Headline of c new']);
    expect(counted.filter((each) => !each.startsWith('lag'))).toEqual([
      ...Array(3).fill('story test new'),
      'fetch test fetched',
    ]);
  });

  test('goes by the dates, where every story has one', async () => {
    const dated = (name: string, day: number) => item(name, `<pubDate>2026-03-0${day}T08:00:00Z</pubDate>`);
    server.answer('/dated', { body: rss(dated('b', 2), dated('a', 1), dated('c', 3)) });
    await pipeline().read(at('/dated'), NOTHING);
    expect(await headlines()).toEqual(['Headline of a new', 'Headline of b new', 'Headline of c new']);
  });

  test('hands in only what is new, and what changed', async () => {
    server.answer(
      '/changing',
      { body: rss(item('b'), item('a')) },
      { body: rss(item('c'), item('b').replace('What', 'Now what'), item('a')) },
    );
    const wire = pipeline();
    const first = await wire.read(at('/changing'), NOTHING);
    expect(await wire.read(at('/changing'), first)).toMatchObject({ new: 1, updated: 1, known: 1 });
    expect((await headlines()).slice(2)).toEqual(['Headline of b update', 'Headline of c new']);
  });

  test('tells a correction from an update', async () => {
    server.answer(
      '/corrected',
      { body: rss(item('a')) },
      { body: rss(item('a').replace('Headline', 'Correction: Headline')) },
    );
    const wire = pipeline();
    await wire.read(at('/corrected'), await wire.read(at('/corrected'), NOTHING));
    expect(counted).toContain('story test correction');
  });

  test('withdraws what the publisher withdraws', async () => {
    const entry = '<entry><id>urn:a</id><title>Headline</title></entry>';
    server.answer(
      '/atom',
      { body: atom(entry) },
      { body: atom('<at:deleted-entry ref="urn:a" when="2026-03-03T10:00:00Z"/>') },
    );
    const wire = pipeline();
    expect(await wire.read(at('/atom'), await wire.read(at('/atom'), NOTHING))).toMatchObject({
      canceled: 1,
    });
    expect((await store.read({ after: 1, limit: 1 }))[0]?.story).toMatchObject({
      status: 'canceled',
      change: 'cancel',
    });
  });

  test('asks only whether anything changed, the second time', async () => {
    server.answer('/etag', { body: rss(item('a')), etag: '"1"' });
    const wire = pipeline();
    const first = await wire.read(at('/etag'), NOTHING);
    const second = await wire.read(at('/etag'), first);
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"1"');
    expect(second).toMatchObject({
      outcome: 'unchanged',
      new: 0,
      known: 0,
      validators: first.validators,
      bodyHash: first.bodyHash,
    });
    expect(counted.at(-1)).toBe('fetch test unchanged');
  });

  test('does nothing with the same bytes, of a server that knows no conditions', async () => {
    server.answer('/same', { body: rss(item('a')) });
    const appended: unknown[] = [];
    const wire = pipeline(async (draft) => {
      appended.push(draft);
      return store.append(draft);
    });
    expect(await wire.read(at('/same'), await wire.read(at('/same'), NOTHING))).toMatchObject({
      outcome: 'unchanged',
    });
    expect(appended).toHaveLength(1);
  });

  test('of the whole reads and hands in everything, whatever is known', async () => {
    server.answer('/whole', { body: rss(item('b'), item('a')), etag: '"1"' });
    const wire = pipeline();
    const first = await wire.read(at('/whole'), NOTHING);
    expect(await wire.read(at('/whole'), first, { whole: true })).toMatchObject({
      outcome: 'fetched',
      known: 2,
      new: 0,
    });
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
  });

  test('measures how late a story is, but not the first time', async () => {
    const dated = (name: string) =>
      item(name, `<pubDate>${new Date(Date.now() - 5000).toISOString()}</pubDate>`);
    server.answer('/lag', { body: rss(dated('a')) }, { body: rss(dated('b'), dated('a')) });
    const wire = pipeline();
    const first = await wire.read(at('/lag'), NOTHING);
    expect(first.lagsMs).toEqual([]);
    const { lagsMs } = await wire.read(at('/lag'), first);
    expect(lagsMs).toHaveLength(1);
    expect(lagsMs[0]).toBeGreaterThanOrEqual(5000);
    expect(counted.filter((each) => each === 'lag published_to_fetched')).toHaveLength(1);
    expect(counted.filter((each) => each === 'lag fetched_to_stored')).toHaveLength(2);
  });
});

test('a document that came by itself is read as if it had been polled', async () => {
  const document = { bytes: Buffer.from(rss(item('b'), item('a'))), url: `${server.origin}/pushed` };
  await pipeline().deliver(at('/pushed'), document);
  expect(await headlines()).toEqual(['Headline of a new', 'Headline of b new']);
});

describe('what is kept of a server’s document', () => {
  test('is nothing when its body could not be read', async () => {
    server.answer(
      '/latched',
      { body: '<html></html>', etag: '"bad"' },
      { body: rss(item('a')), etag: '"good"' },
    );
    await expect(pipeline().read(at('/latched'), NOTHING)).rejects.toMatchObject({ name: 'ParseError' });
    expect(await pipeline().read(at('/latched'), NOTHING)).toMatchObject({ validators: { etag: '"good"' } });
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
  });

  test('is replaced by a 304 that brings other validators', async () => {
    server.answer(
      '/moving',
      { body: rss(item('a')), etag: '"1"' },
      { status: 304, headers: { etag: '"2"', 'last-modified': 'today' } },
    );
    const wire = pipeline();
    const first = await wire.read(at('/moving'), NOTHING);
    expect(await wire.read(at('/moving'), first)).toMatchObject({
      outcome: 'unchanged',
      validators: { etag: '"2"', lastModified: 'today' },
      bodyHash: first.bodyHash,
    });
  });

  test('does not hide a change behind an ETag that is always the same', async () => {
    const headers = { etag: '"same"' };
    server.answer(
      '/constant',
      { body: rss(item('a')), headers },
      { body: rss(item('a')), headers },
      { body: rss(item('b'), item('a')), headers },
    );
    const wire = pipeline();
    const first = await wire.read(at('/constant'), NOTHING);
    const second = await wire.read(at('/constant'), first);
    expect(second.outcome).toBe('unchanged');
    expect(await wire.read(at('/constant'), second)).toMatchObject({ outcome: 'fetched', new: 1, known: 1 });
  });

  test('has what it says of when to ask again, and when its stories were published', async () => {
    const dated = item('a', '<pubDate>2026-03-01T08:00:00Z</pubDate>');
    server.answer('/says', {
      body: rss('<ttl>5</ttl>', dated, item('b')),
      headers: { 'cache-control': 'max-age=60', link: '<https://hub.example/>; rel=hub, </says>; rel=self' },
    });
    expect(await pipeline().read(at('/says'), NOTHING)).toMatchObject({
      hints: { everyMs: 300_000 },
      freshForMs: 60_000,
      storyTimes: [Date.parse('2026-03-01T08:00:00Z')],
      links: { hubs: ['https://hub.example/'], self: `${server.origin}/says` },
    });
  });
});

describe('a poll that fails', () => {
  test.each([
    ['because of the server', { status: 503 }, 'FetchError', 'http_503'],
    ['because it is no feed', { body: '<!DOCTYPE html><html></html>' }, 'ParseError', 'not_a_feed'],
  ])('%s says so, and stores nothing', async (what, answer, name, reason) => {
    const path = `/fails/${encodeURIComponent(what)}`;
    server.answer(path, answer);
    await expect(pipeline().read(at(path), NOTHING)).rejects.toMatchObject({ name });
    expect(counted).toEqual([`fetch test ${reason}`]);
    expect(await headlines()).toEqual([]);
  });

  test('because the store is away loses nothing: the next one has it all', async () => {
    server.answer('/outage', { body: rss(item('c'), item('b'), item('a')), etag: '"1"' });
    let left = 1;
    const failing = pipeline(async (draft) => {
      if (left-- <= 0) throw new WireError('unavailable', 'away');
      return store.append(draft);
    });
    await expect(failing.read(at('/outage'), NOTHING)).rejects.toMatchObject({ code: 'unavailable' });
    expect(counted.at(-1)).toBe('fetch test store');
    expect(await pipeline().read(at('/outage'), NOTHING)).toMatchObject({ known: 1, new: 2 });
    expect(await headlines()).toEqual(['Headline of a new', 'Headline of b new', 'Headline of c new']);
  });

  test('because it was stopped stops between two stories', async () => {
    server.answer('/stopped', { body: rss(item('c'), item('b'), item('a')) });
    const stop = new AbortController();
    const wire = pipeline(async (draft) => {
      stop.abort();
      return store.append(draft);
    });
    await expect(wire.read(at('/stopped'), NOTHING, { signal: stop.signal })).rejects.toMatchObject({
      reason: 'aborted',
    });
    expect(await headlines()).toEqual(['Headline of a new']);
  });
});

test('a document that broke off is read as far as it goes, and asked for again without conditions', async () => {
  const whole = rss(item('c'), item('b'), item('a'));
  server.answer(
    '/broken',
    { body: whole.slice(0, whole.indexOf('<guid isPermaLink="false">a')), etag: '"1"' },
    { body: whole, etag: '"1"' },
  );
  const wire = pipeline();
  const first = await wire.read(at('/broken'), NOTHING);
  expect(first).toMatchObject({ new: 2, validators: {} });
  expect(await wire.read(at('/broken'), first)).toMatchObject({ new: 1, known: 2 });
});
