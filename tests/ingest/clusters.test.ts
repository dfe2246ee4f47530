import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Content } from '../../src/core/story.ts';
import { type Clusters, createClusters } from '../../src/ingest/clusters.ts';
import { readDocument } from '../../src/ingest/document/document.ts';
import { createPipeline } from '../../src/ingest/poll/pipeline.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { rss, source } from '../support/feeds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { content } from '../support/stories.ts';

const HOUR = 3_600_000;
const log = pino({ level: 'silent' });
const topics = await loadTopics();
const folder = temporaryFolder();
let store: Store;
let opened: Clusters[];
let stores = 0;

beforeEach(() => {
  store = openEmbedded({ path: `${folder.path}/${stores++}`, retention: { stories: 1000, hours: 72 } });
  opened = [];
});
afterEach(async () => {
  for (const each of opened) await each.close();
  await store.close();
});
afterAll(() => folder.remove());

function clusters(of: Partial<Store> = {}, max?: number): Clusters {
  const made = createClusters({ store: { ...store, ...of }, now: Date.now, log, max });
  opened.push(made);
  return made;
}

/** One fire, as three newsrooms tell it, and another fire. */
const FIRE = {
  alpha: {
    headline: 'Fire at Lisbon ferry terminal injures nine',
    description:
      'Nine passengers were hurt when a fire broke out in the Cais do Sodre terminal, firefighters said.',
  },
  beta: {
    headline: 'Nine hurt as Lisbon ferry terminal burns',
    description: 'Firefighters put out a blaze at Cais do Sodre in which nine passengers were injured.',
  },
  gamma: {
    headline: 'Lisbon: passengers injured in ferry terminal fire',
    description: 'The fire at Cais do Sodre injured nine people, according to the firefighters.',
  },
  other: {
    headline: 'Fire at Oslo bus depot injures four',
    description: 'Four mechanics were hurt when a fire broke out in the Alnabru depot, firefighters said.',
  },
};
type Telling = keyof typeof FIRE;

function told(from: string, telling: Telling, more: Partial<Content> = {}): Content {
  return content(`${from}-${telling}`, {
    id: `${from}:${telling}`,
    source: { id: from, name: from },
    published: new Date(Date.now() - HOUR).toISOString(),
    topics: [],
    ...FIRE[telling],
    ...more,
  });
}

const draft = (...of: Parameters<typeof told>) => ({ kind: 'content' as const, content: told(...of) });

/** What readers of the store find. */
async function found(id: string): Promise<Pick<Content, 'cluster' | 'alsoReportedBy'>> {
  const story = await store.story(id);
  return { cluster: story?.cluster, alsoReportedBy: story?.alsoReportedBy };
}

async function alsoReportedBy(id: string): Promise<string[] | undefined> {
  return (await found(id)).alsoReportedBy;
}

async function clusterOf(id: string): Promise<string | undefined> {
  return (await found(id)).cluster;
}

describe('stories of one event', () => {
  test('have one cluster from the start, and the sources that came before', async () => {
    const { append } = clusters();
    await append(draft('a', 'alpha'));
    const second = await append(draft('b', 'beta'));
    const first = await clusterOf('a:alpha');
    expect(first).toMatch(/^[\w-]{12}$/);
    expect(second).toMatchObject({ entry: { story: { cluster: first, alsoReportedBy: ['a'] } } });
  });

  test('say of those who came later too, without being sent again', async () => {
    const { append, settled } = clusters();
    await append(draft('a', 'alpha'));
    await append(draft('b', 'beta'));
    await append(draft('c', 'gamma'));
    await settled();
    expect(await alsoReportedBy('a:alpha')).toEqual(['b', 'c']);
    expect(await alsoReportedBy('b:beta')).toEqual(['a', 'c']);
    expect(await alsoReportedBy('c:gamma')).toEqual(['a', 'b']);
    expect((await store.head()).last).toBe(3);
  });

  test('are not what another event of the same kind is', async () => {
    const { append, settled } = clusters();
    await append(draft('a', 'alpha'));
    await append(draft('b', 'other'));
    await settled();
    expect(await clusterOf('b:other')).not.toBe(await clusterOf('a:alpha'));
    expect(await alsoReportedBy('a:alpha')).toBeUndefined();
    expect(await alsoReportedBy('b:other')).toBeUndefined();
  });

  test('are of different sources: what one tells twice stays two', async () => {
    const { append } = clusters();
    await append(draft('a', 'alpha'));
    await append(draft('a', 'beta'));
    await append(draft('b', 'gamma'));
    expect(await clusterOf('a:beta')).not.toBe(await clusterOf('a:alpha'));
    expect([await clusterOf('a:alpha'), await clusterOf('a:beta')]).toContain(await clusterOf('b:gamma'));
  });

  test('are no more than 72 hours apart', async () => {
    const { append } = clusters();
    const published = new Date(Date.now() - 73 * HOUR).toISOString();
    await append(draft('a', 'alpha', { published }));
    await append(draft('b', 'beta'));
    expect(await alsoReportedBy('b:beta')).toBeUndefined();
  });

  test('are told in one language', async () => {
    const { append } = clusters();
    await append(draft('a', 'alpha'));
    await append(draft('b', 'beta', { language: 'de' }));
    expect(await clusterOf('b:beta')).not.toBe(await clusterOf('a:alpha'));
  });

  test('stay together when one is updated, and its new version says so', async () => {
    const { append } = clusters();
    await append(draft('a', 'alpha'));
    await append(draft('b', 'beta'));
    const cluster = await clusterOf('a:alpha');
    const update = { headline: 'Ferries are running again', description: 'The terminal has reopened.' };
    expect(await append(draft('b', 'beta', update))).toMatchObject({
      outcome: 'updated',
      entry: { story: { version: 2, cluster, alsoReportedBy: ['a'] } },
    });
  });

  test('no longer name a source that has withdrawn its own', async () => {
    const { append, settled } = clusters();
    await append(draft('a', 'alpha'));
    await append(draft('b', 'beta'));
    await append(draft('c', 'gamma'));
    await append({ kind: 'withdrawal', id: 'b:beta' });
    await settled();
    expect(await alsoReportedBy('a:alpha')).toEqual(['c']);
    expect(await alsoReportedBy('c:gamma')).toEqual(['a']);
    await append({ kind: 'withdrawal', id: 'c:gamma' });
    await settled();
    expect(await alsoReportedBy('a:alpha')).toEqual([]);
  });

  test('are found although one came before this process began', async () => {
    await clusters().append(draft('a', 'alpha'));
    await opened[0]?.close();
    const { append, settled } = clusters();
    await append(draft('b', 'beta'));
    await settled();
    expect(await alsoReportedBy('b:beta')).toEqual(['a']);
    expect(await alsoReportedBy('a:alpha')).toEqual(['b']);
  });

  test('include one that came by another way, without a cluster', async () => {
    const { append, settled } = clusters();
    await append(draft('a', 'alpha'));
    await store.append(draft('b', 'beta'));
    await settled();
    expect(await found('b:beta')).toEqual({ cluster: await clusterOf('a:alpha'), alsoReportedBy: ['a'] });
    expect(await alsoReportedBy('a:alpha')).toEqual(['b']);
  });

  test('are forgotten, the oldest first, when there are too many', async () => {
    const { append } = clusters({}, 1);
    await append(draft('a', 'alpha'));
    await append(draft('x', 'other'));
    await append(draft('b', 'beta'));
    expect(await alsoReportedBy('b:beta')).toBeUndefined();
  });
});

describe('two ingestors of one log', () => {
  test('know each other’s stories', async () => {
    const [one, two] = [clusters(), clusters()];
    await one.append(draft('x', 'other'));
    await two.append(draft('y', 'other'));
    await one.append(draft('a', 'alpha'));
    await two.append(draft('b', 'beta'));
    await one.append(draft('c', 'gamma'));
    await one.settled();
    await two.settled();
    expect(await alsoReportedBy('a:alpha')).toEqual(['b', 'c']);
    expect(await alsoReportedBy('b:beta')).toEqual(['a', 'c']);
    expect(await alsoReportedBy('c:gamma')).toEqual(['a', 'b']);
  });

  test('come to one cluster when they append at the same moment', async () => {
    const [one, two] = [clusters(), clusters()];
    await one.append(draft('x', 'other'));
    await two.append(draft('y', 'other'));
    const appended = await Promise.all([
      one.append(draft('a', 'alpha')),
      two.append(draft('b', 'beta')),
      two.append(draft('c', 'gamma')),
    ]);
    expect(appended.map(({ outcome }) => outcome)).toEqual(['new', 'new', 'new']);
    await one.settled();
    await two.settled();
    await one.settled();
    const names = await Promise.all(['a:alpha', 'b:beta', 'c:gamma'].map(clusterOf));
    expect(new Set(names).size).toBe(1);
    expect(await alsoReportedBy('a:alpha')).toEqual(['b', 'c']);
    expect(await alsoReportedBy('b:beta')).toEqual(['a', 'c']);
    expect(await alsoReportedBy('c:gamma')).toEqual(['a', 'b']);
  });
});

describe('the store', () => {
  test('may answer that a version is not there any more', async () => {
    const { append, settled } = clusters({ note: async () => false });
    await append(draft('a', 'alpha'));
    await append(draft('b', 'beta'));
    await settled();
    expect(await alsoReportedBy('a:alpha')).toBeUndefined();
    expect(await alsoReportedBy('b:beta')).toEqual(['a']);
  });

  test('may fail to be read at first: stories are appended all the same, and put together from then on', async () => {
    let failures = 1;
    const { append, settled } = clusters({
      head: async () => {
        failures -= 1;
        if (failures >= 0) throw new Error('not now');
        return store.head();
      },
    });
    expect(await append(draft('a', 'alpha'))).toMatchObject({ outcome: 'new' });
    await append(draft('b', 'beta'));
    await settled();
    expect(await alsoReportedBy('b:beta')).toEqual(['a']);
    expect(await alsoReportedBy('a:alpha')).toEqual(['b']);
  });
});

describe('the pipeline', () => {
  test('groups what two feeds tell', async () => {
    const { append, settled } = clusters();
    const pipeline = createPipeline({
      fetcher: { fetch: () => Promise.reject(new Error('nothing is polled here')) },
      read: (document, each) => readDocument(document, each, { topics, now: Date.now }),
      store: { append },
      now: Date.now,
      log,
      metrics: { story: () => {}, fetch: () => {}, lag: () => {} },
    });
    const feed = ({ headline, description }: (typeof FIRE)[Telling]) => ({
      bytes: Buffer.from(
        rss(
          '<language>en</language>',
          `<item><guid isPermaLink="false">1</guid><title>${headline}</title><description>${description}</description></item>`,
        ),
      ),
      contentType: 'application/rss+xml',
      url: 'https://news.example/rss.xml',
    });
    await pipeline.deliver(source({ id: 'one' }), feed(FIRE.alpha));
    await pipeline.deliver(source({ id: 'two' }), feed(FIRE.beta));
    await pipeline.deliver(source({ id: 'three' }), feed(FIRE.other));
    await settled();
    const stories = (await store.read({ after: 0, limit: 10 })).map(({ story }) => story);
    expect(stories.map((story) => story.alsoReportedBy)).toEqual([['two'], ['one'], undefined]);
    expect(stories[1]?.cluster).toBe(stories[0]?.cluster);
    expect(stories[2]?.cluster).not.toBe(stories[0]?.cluster);
  });
});
