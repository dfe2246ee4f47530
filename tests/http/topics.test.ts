import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Parser from 'rss-parser';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Service, startService } from '../support/service.ts';
import { draft, withdrawal } from '../support/stories.ts';

interface TopicAnswer {
  id: string;
  name: string;
  names?: Record<string, string>;
  parents: string[];
  children: string[];
  medtop?: string;
  count: number;
}

/** More than a gateway keeps in memory. */
const OLDER = 5_200;
const folder = temporaryFolder();
let store: Store;
let service: Service;

beforeAll(async () => {
  store = openEmbedded({ path: folder.path, retention: { stories: 20_000, hours: 72 } });
  const older = (index: number) =>
    store.append(draft(`old${index}`, { topics: index < 7 ? ['chess', 'sport'] : ['sport'] }));
  await Promise.all(Array.from({ length: OLDER }, (_, index) => older(index)));
  service = await startService({ store });
  await store.append({
    ...draft('war', {
      topics: ['war-in-ukraine', 'place:kyiv', 'armed-conflict', 'conflict', 'place:ukraine'],
    }),
    why: [
      { topic: 'war-in-ukraine', by: 'category', words: 'Війна' },
      { topic: 'place:kyiv', by: 'name', words: 'києві', in: 'headline' },
    ],
  });
  await until(async () => (await topic('sport')).count === OLDER, 'the counts of the whole window');
}, 60_000);

afterAll(async () => {
  await service.close();
  await store.close();
  folder.remove();
});

async function get<T>(path: string): Promise<{ status: number; body: T }> {
  const response = await fetch(`${service.url}${path}`);
  return { status: response.status, body: (await response.json()) as T };
}

const topic = async (id: string) => (await get<TopicAnswer>(`/v1/topics/${id}`)).body;
const search = async (words: string, more = '') =>
  (await get<{ topics: TopicAnswer[] }>(`/v1/topics?q=${encodeURIComponent(words)}${more}`)).body.topics;

describe('GET /v1/topics', () => {
  test.each([
    ['Умєров', 'person:rustem-umerov'],
    ['Умеров', 'person:rustem-umerov'],
    ['umerov', 'person:rustem-umerov'],
    ['Vereinigte Staaten', 'place:united-states'],
    ['Guerre en Ukraine', 'war-in-ukraine'],
    ['Wojna w Ukrainie', 'war-in-ukraine'],
    ['РНБО', 'org:national-security-and-defense-council-of-ukraine'],
    ['обмін пол', 'prisoner-exchange'],
  ])('finds %s', async (words, id) => {
    expect((await search(words))[0]?.id).toBe(id);
  });

  test('gives names in all languages, or in the one that is asked for and otherwise in English', async () => {
    expect((await search('Kyiv'))[0]).toMatchObject({
      id: 'place:kyiv',
      name: 'Kyiv',
      names: { uk: 'Київ', ru: 'Киев', en: 'Kyiv' },
    });
    const [ukrainian] = await search('Kyiv', '&lang=uk');
    expect(ukrainian).toMatchObject({ name: 'Київ' });
    expect(ukrainian).not.toHaveProperty('names');
    expect((await search('Kyiv', '&lang=zz'))[0]).toMatchObject({ name: 'Kyiv' });
  });

  test('without words lists all; what nothing is called finds none', async () => {
    const { topics } = (await get<{ topics: TopicAnswer[] }>('/v1/topics')).body;
    expect(topics.length).toBeGreaterThan(3_000);
    expect(await search('qqqqqq')).toEqual([]);
    expect(await search('?!')).toEqual([]);
  });

  test('says what lies above and below', async () => {
    const [war] = await search('War in Ukraine');
    expect(war).toMatchObject({ id: 'war-in-ukraine', parents: ['armed-conflict'] });
    expect(war?.children).toContain('prisoner-exchange');
  });

  test('counts the stories of the whole stored window, past what a gateway has in memory', async () => {
    expect(await topic('chess')).toMatchObject({ count: 7 });
    await store.append(withdrawal('old0'));
    await store.append(draft('old1', { headline: 'Not about chess', topics: ['sport'] }));
    await until(async () => (await topic('chess')).count === 5, 'the withdrawal and the change to count');
    expect(await topic('sport')).toMatchObject({ count: OLDER - 1 });
    expect(await topic('prisoner-exchange')).toMatchObject({ count: 0 });
  });
});

describe('GET /v1/topics/ID', () => {
  test('answers one topic, by its id or its Media Topic code', async () => {
    expect(await topic('war-in-ukraine')).toMatchObject({ name: 'War in Ukraine', count: 1 });
    expect(await topic('medtop:16000000')).toMatchObject({
      id: 'conflict',
      medtop: 'medtop:16000000',
      count: 1,
      parents: [],
    });
    expect((await get<TopicAnswer>('/v1/topics/place:kyiv?lang=ru')).body).toMatchObject({ name: 'Киев' });
  });

  test.each(['nothing', 'medtop:99999999', 'person:nobody', 'constructor', '%00'])(
    'answers 404 for %s',
    async (id) => {
      expect(await get(`/v1/topics/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  );
});

describe('GET /v1/stories/ID?why=true', () => {
  test('says why a story has each of its topics', async () => {
    const { body } = await get<{ topics: string[]; why: { topic: string }[] }>(
      '/v1/stories/test:war?why=true',
    );
    expect(body.why).toEqual([
      { topic: 'war-in-ukraine', by: 'category', words: 'Війна' },
      { topic: 'place:kyiv', by: 'name', words: 'києві', in: 'headline' },
      { topic: 'armed-conflict', by: 'parent', words: 'war-in-ukraine' },
      { topic: 'conflict', by: 'parent', words: 'armed-conflict' },
      { topic: 'place:ukraine', by: 'parent', words: 'place:kyiv' },
    ]);
    expect(body.why.map((each) => each.topic)).toEqual(body.topics);
  });

  test('is not told to those who did not ask', async () => {
    expect((await get('/v1/stories/test:war')).body).not.toHaveProperty('why');
    const { body } = await get<{ stories: object[] }>('/v1/stories?topics=place:kyiv');
    expect(body.stories[0]).not.toHaveProperty('why');
  });
});

describe('a topic as a feed', () => {
  test.each([
    ['place:kyiv', 'Newswire: Kyiv'],
    ['medtop:16000000', 'Newswire: Conflict, war and peace'],
    ['war-in-ukraine', 'Newswire: War in Ukraine'],
  ])('is there for %s', async (id, title) => {
    const response = await fetch(`${service.url}/v1/feeds/${id}.rss`);
    const feed = await new Parser().parseString(await response.text());
    expect(feed.title).toBe(title);
    expect(feed.items.map(({ link }) => link)).toEqual(['https://news.example/war']);
  });

  test('is empty for a topic that no story has', async () => {
    const response = await fetch(`${service.url}/v1/feeds/person:rustem-umerov.json`);
    expect(await response.json()).toMatchObject({ title: 'Newswire: Rustem Umerov', items: [] });
  });
});
