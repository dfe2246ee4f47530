import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Content } from '../../src/core/story.ts';
import { tag } from '../../src/ingest/document/tag.ts';
import { type RetagDeps, retag } from '../../src/ingest/retag.ts';
import { openRedis } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { createTagger } from '../../src/topics/tagger.ts';
import type { Topics } from '../../src/topics/topics.ts';
import { parseVocabulary } from '../../src/topics/vocabulary.ts';
import { source } from '../support/feeds.ts';
import { listen } from '../support/listener.ts';
import { describeRedis, startRedis } from '../support/redis.ts';
import { type Service, startService } from '../support/service.ts';
import { content, draft, withdrawal } from '../support/stories.ts';

const TEST = source();
const OLD = topicsOf('1', 'sport: { names: { en: Sport }, keywords: { en: [goalkeeper] } }');
const NEW = topicsOf(
  '2',
  `
sport: { names: { en: Sport } }
football: { parents: [sport], names: { en: Football }, keywords: { en: [goalkeeper] } }
place:kyiv: { names: { en: Kyiv } }
`,
);

let service: Service;
let store: Store;

beforeEach(async () => {
  service = await startService();
  store = service.store;
});

afterEach(() => service.close());

function topicsOf(version: string, text: string): Topics {
  const vocabulary = parseVocabulary([{ name: `${version}.yaml`, text }]);
  return { vocabulary, tagger: createTagger(vocabulary, {}), version };
}

/** A story as its source gave it while these were the topics. */
async function append(id: string, more: Partial<Content> = {}, from: Partial<typeof TEST> = {}, by = OLD) {
  const story = content(id, { sections: [], description: undefined, ...more });
  const { topics, why } = tag(source(from), story, by);
  await store.append({ ...draft(id, { ...story, topics }), why });
}

const appendMany = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => append(String(index), GOALKEEPER)));

const run = (more: Partial<RetagDeps> = {}) =>
  retag({
    store,
    sources: [TEST],
    topics: NEW,
    member: 'a',
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    ...more,
  });
const topicsIn = async (id: string) => (await store.story(`test:${id}`))?.topics;
const get = async (path: string) => (await fetch(`${service.url}${path}`)).json();
const GOALKEEPER = { headline: 'Goalkeeper leaves Kyiv' };

test('stories get the topics of another vocabulary, keep their version, and say why', async () => {
  await append('a', GOALKEEPER);
  await append('b', { headline: 'Nothing of note' });
  expect(await topicsIn('a')).toEqual(['sport']);
  expect(await run()).toBe(1);
  expect(await topicsIn('a')).toEqual(['football', 'place:kyiv', 'sport']);
  expect(await topicsIn('b')).toEqual([]);
  expect(await get('/v1/stories/test:a?why=true')).toMatchObject({
    version: 1,
    why: [
      { topic: 'football', by: 'keyword', words: 'goalkeeper', in: 'headline' },
      { topic: 'place:kyiv', by: 'name', words: 'kyiv', in: 'headline' },
      { topic: 'sport', by: 'parent', words: 'football' },
    ],
  });
});

test('nothing is sent again to those who are connected; what comes next is', async () => {
  const client = await listen(service.url);
  await client.subscribe({});
  await client.ready();
  await append('a', GOALKEEPER);
  await client.received(1);
  expect(await run()).toBe(1);
  await append('b', GOALKEEPER, {}, NEW);
  await client.received(2);
  expect(client.stories.map(({ id, version }) => [id, version])).toEqual([
    ['test:a', 1],
    ['test:b', 1],
  ]);
  client.close();
});

test('lists, feeds, replays and counts follow', async () => {
  await append('a', GOALKEEPER);
  await append('b', GOALKEEPER);
  await run();
  expect(await get('/v1/topics/football')).toMatchObject({ count: 2 });
  expect(await get('/v1/topics/place:kyiv')).toMatchObject({ count: 2 });
  expect(await get('/v1/stories?topics=football')).toMatchObject({
    stories: [{ id: 'test:b' }, { id: 'test:a' }],
  });
  expect(await get('/v1/feeds/place:kyiv.json')).toMatchObject({
    items: [{ id: 'test:b' }, { id: 'test:a' }],
  });
  const client = await listen(service.url);
  await client.subscribe({ filter: 'football', last: 10 });
  await client.received(2);
  client.close();
});

test('a source that is gone keeps what it said, and so does a newsroom’s own story', async () => {
  const gone = { id: 'gone', topics: ['culture'], categories: { Stage: ['theatre'] } };
  await append(
    'a',
    { ...GOALKEEPER, source: { id: 'gone', name: 'Gone' }, sections: ['Stage', 'Kyiv'] },
    gone,
  );
  const own = content('b', { source: { id: 'newsroom', name: 'Newsroom' }, sections: [], ...GOALKEEPER });
  await store.append({
    kind: 'content',
    content: { ...own, topics: ['desk'] },
    why: [{ topic: 'desk', by: 'publisher' }],
  });
  await append('c', { source: { id: 'old', name: 'Old' }, topics: ['x'] });
  expect(await run()).toBe(2);
  expect(await topicsIn('a')).toEqual(['culture', 'theatre', 'place:kyiv', 'football', 'sport']);
  expect(await store.why('test:a')).toMatchObject([
    { topic: 'culture', by: 'source' },
    { topic: 'theatre', by: 'category', words: 'Stage' },
    { topic: 'place:kyiv', by: 'section', words: 'Kyiv' },
    { topic: 'football', by: 'keyword' },
  ]);
  expect(await topicsIn('b')).toEqual(['desk', 'football', 'place:kyiv', 'sport']);
  expect((await store.why('test:b'))?.[0]).toEqual({ topic: 'desk', by: 'publisher' });
});

test('a source that is still there says what it says today', async () => {
  await append('a', { sections: ['Stage'] }, { topics: ['culture'], categories: { Stage: ['theatre'] } });
  await run({ sources: [source({ topics: ['arts'] })] });
  expect(await topicsIn('a')).toEqual(['arts', 'stage']);
});

test('withdrawn stories, and versions that have been replaced, stay as they are', async () => {
  await append('a', GOALKEEPER);
  await append('a', { headline: 'Coach leaves' });
  await append('b', GOALKEEPER);
  await store.append(withdrawal('b'));
  expect(await run()).toBe(0);
  const entries = await store.read({ after: 0, limit: 10 });
  expect(entries.map(({ story }) => story.topics)).toEqual([['sport'], [], ['sport'], ['sport']]);
  expect(await store.story('test:b')).toMatchObject({ status: 'canceled' });
});

test('it is done once for a vocabulary', async () => {
  await append('a', GOALKEEPER);
  expect(await run()).toBe(1);
  await store.note('test:a', 1, { topics: ['by-hand'] });
  expect(await run({ member: 'b' })).toBe(0);
  expect(await topicsIn('a')).toEqual(['by-hand']);
});

test('what was stopped half-way is gone on with at the next start, also by another process', async () => {
  await appendMany(300);
  const stopping = new AbortController();
  let left = 100;
  const stopped: RetagDeps['store'] = {
    ...store,
    note: (...args) => {
      left -= 1;
      if (left === 0) stopping.abort();
      return store.note(...args);
    },
  };
  const before = await run({ store: stopped, signal: stopping.signal });
  expect(before).toBeGreaterThanOrEqual(100);
  expect(before).toBeLessThan(300);
  expect(await run({ member: 'b' })).toBe(300 - before);
  expect(await topicsIn('0')).toEqual(['football', 'place:kyiv', 'sport']);
});

describeRedis('processes that share a store', () => {
  test('leave it to one of them', async () => {
    const redis = await startRedis();
    const open = () => openRedis({ url: redis.url, prefix: 'retag', retention: { stories: 1000, hours: 1 } });
    const stores = [open(), open()];
    [store = store] = stores;
    await appendMany(300);
    const noted: number[] = [];
    const changed = await Promise.all(
      stores.map((each, index) =>
        run({
          member: `member-${index}`,
          store: {
            ...each,
            note: (...args) => {
              noted.push(index);
              return each.note(...args);
            },
          },
        }),
      ),
    );
    expect(changed.toSorted()).toEqual([0, 300]);
    expect(noted).toHaveLength(300);
    expect(await run({ member: 'a-third' })).toBe(0);
    for (const each of stores) await each.close();
    await redis.close();
  });
});
