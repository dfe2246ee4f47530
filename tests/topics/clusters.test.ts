import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { clusterOf, createEventIndex, type Report } from '../../src/topics/similarity/event-index.ts';
import { loadTopics } from '../../src/topics/topics.ts';

const HOUR = 3_600_000;
const EPOCH = Date.parse('2026-11-22T06:00:00Z');
const { tagger } = await loadTopics();

/** By language and family: events, each with its tellings. */
const goldSchema = z.record(z.string(), z.record(z.string(), z.array(z.array(z.string()))));

function gold(name: string): z.infer<typeof goldSchema> {
  return goldSchema.parse(parse(readFileSync(new URL(`./gold/${name}.yaml`, import.meta.url), 'utf8')));
}

function report(id: string, language: string, headline: string, description?: string, hours = 0): Report {
  const text = { language, headline, description };
  const { topics } = tagger.tag(text);
  return { ...text, id, source: { id: `source of ${id}` }, topics, at: EPOCH + hours * HOUR };
}

function told(id: string, language: string, telling: string): Report {
  const [, hours = '0', headline = '', lede] = /^(?:(\d+) \| )?(.*?)(?: \/\/ (.*))?$/s.exec(telling) ?? [];
  return report(id, language, headline, lede, Number(hours));
}

const index = () => createEventIndex({ max: 1000, withinMs: 72 * HOUR });

interface Figures {
  pairs: number;
  recall: number;
  precision: number;
}

/** All stories of a language in one window; each pair of them is right or wrong. */
function measure(families: Record<string, string[][]>, language: string): Figures {
  const events = index();
  const stories = Object.entries(families).flatMap(([family, list]) =>
    list.flatMap((event, number) =>
      event.map((telling, teller) => ({
        family,
        event: `${family} ${number}`,
        report: told(`${family}:${number}-${teller}`, language, telling),
      })),
    ),
  );
  for (const story of stories) events.add(story.report);
  const found = new Set(
    stories.flatMap((story) => events.like(story.report.id).map(({ id }) => `${story.report.id} ${id}`)),
  );
  let [same, right, wrong, pairs] = [0, 0, 0, 0];
  for (const [at, a] of stories.entries()) {
    for (const b of stories.slice(at + 1)) {
      const isFound =
        found.has(`${a.report.id} ${b.report.id}`) || found.has(`${b.report.id} ${a.report.id}`);
      if (a.family === b.family) pairs += 1;
      if (a.event === b.event) same += 1;
      if (isFound && a.event === b.event) right += 1;
      if (isFound && a.event !== b.event) wrong += 1;
    }
  }
  return { pairs, recall: right / same, precision: right / (right + wrong) };
}

describe('the same event', () => {
  describe.each(Object.entries(gold('clusters')))('in the gold set, %s', (language, families) => {
    let figures: Figures;
    beforeAll(() => {
      figures = measure(families, language);
    });

    test('is judged on more than 60 pairs', () => expect(figures.pairs).toBeGreaterThan(60));
    test('is found in four of five pairs', () => expect(figures.recall).toBeGreaterThanOrEqual(0.8));
    test('is hardly ever found where it is not', () =>
      expect(figures.precision).toBeGreaterThanOrEqual(0.98));
  });

  test.each(Object.entries(gold('clusters-held-out')))(
    'in the second set, %s, is found where it is, with few mistakes',
    (language, families) => {
      const { recall, precision } = measure(families, language);
      expect(recall).toBeGreaterThanOrEqual(0.8);
      expect(precision).toBeGreaterThanOrEqual(0.8);
    },
  );

  test.each(['uk', 'ru', 'en'])(
    'is found in no two of the stories that topics are judged on, %s',
    (language) => {
      const events = index();
      const schema = z.array(z.object({ headline: z.string(), description: z.string().optional() }));
      const text = readFileSync(new URL(`./gold/${language}.yaml`, import.meta.url), 'utf8');
      const stories = schema
        .parse(parse(text))
        .map(({ headline, description }, at) => report(String(at), language, headline, description));
      for (const story of stories) events.add(story);
      const pairs = stories.flatMap(({ id, headline }) =>
        events.like(id).map((match) => [headline, stories[Number(match.id)]?.headline]),
      );
      expect(pairs).toEqual([]);
    },
  );
});

describe('the window', () => {
  const fire = report(
    'a',
    'en',
    'Fire at Lisbon ferry terminal injures nine',
    'Firefighters came to Cais do Sodre.',
  );
  const again = { ...fire, id: 'b', source: { id: 'another' } };

  test('finds a story of another source, not of the same one', () => {
    const events = index();
    events.add(fire);
    expect(events.find(again).map(({ id }) => id)).toEqual(['a']);
    expect(events.find({ ...again, source: fire.source })).toEqual([]);
  });

  test('finds nothing across languages, nor further apart than it reaches', () => {
    const events = index();
    events.add(fire);
    expect(events.find({ ...again, language: 'de' })).toEqual([]);
    expect(events.find({ ...again, language: 'en-GB' })).toHaveLength(1);
    expect(events.find({ ...again, at: fire.at + 73 * HOUR })).toEqual([]);
  });

  test('forgets what is old, removed or too much', () => {
    const events = createEventIndex({ max: 2, withinMs: 72 * HOUR });
    events.add(fire);
    expect(events.expire(fire.at + 1)).toEqual(['a']);
    expect(events.find(again)).toEqual([]);
    events.add(fire);
    events.remove('a');
    expect(events.find(again)).toEqual([]);
    for (const id of ['1', '2', '3']) events.add({ ...fire, id });
    expect(events.size).toBe(2);
    expect(events.has('1')).toBe(false);
  });

  test('answers the same whatever came in between and went', () => {
    const [one, two] = [index(), index()];
    one.add(fire);
    for (const id of ['1', '2', '3']) two.add({ ...fire, id });
    two.add(fire);
    for (const id of ['1', '2', '3']) two.remove(id);
    expect(two.find(again)).toEqual(one.find(again));
  });
});

describe('a cluster', () => {
  test('is named by the first story of the event, always the same', () => {
    expect(clusterOf('bbc-world:1')).toMatch(/^[\w-]{12}$/);
    expect(clusterOf('bbc-world:1')).toBe(clusterOf('bbc-world:1'));
    expect(clusterOf('bbc-world:1')).not.toBe(clusterOf('bbc-world:2'));
  });
});
