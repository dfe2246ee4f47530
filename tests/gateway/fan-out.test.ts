import { describe, expect, test } from '@jest/globals';
import { type Expr, parseFilter, prepare } from '../../src/core/filter.ts';
import type { Story } from '../../src/core/story.ts';
import { createFanOut, type FanOut } from '../../src/gateway/fan-out.ts';
import { createFilterIndex } from '../../src/gateway/filter-index.ts';
import { conditionsOf } from '../../src/gateway/filter-program.ts';
import { comparePairs } from '../core/filter-pairs.ts';
import { entry, facets } from '../support/stories.ts';

const EMPTY = { members: 0, filters: 0, places: 0, conditions: 0 };

function fanOutOf(filters: Record<string, string>): FanOut<string> {
  const fanOut = createFanOut<string>();
  for (const [member, filter] of Object.entries(filters)) fanOut.add(parseFilter(filter), member);
  return fanOut;
}

const got = (fanOut: FanOut<string>, more: Partial<Story>) => [...fanOut.match(entry('a', 1, more))].sort();

/** How many of these filters a story makes candidates of. */
function candidates(filters: Iterable<string>, story: Partial<Story>): number {
  const index = createFilterIndex<Expr>();
  for (const filter of filters) {
    const expr = parseFilter(filter);
    index.add(expr, expr);
  }
  const ready = prepare(facets({ topics: [], ...story }));
  return index.candidates(ready, conditionsOf(ready)).length;
}

const each = (count: number, filter: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => filter(index));

describe('a fan-out', () => {
  test('gives a story to exactly those whose filters mean it, whoever came and went before', () => {
    expect(comparePairs(100_000, 1).matching).toBeGreaterThan(10_000);
  });

  test('keeps all who have the same filter as one group, however they wrote it', () => {
    const fanOut = fanOutOf({ ann: 'a AND lang:uk,en', ben: '(lang:en OR lang:uk) AND a', cem: 'a' });
    expect(fanOut.size()).toMatchObject({ members: 3, filters: 2 });
    const groups = fanOut.groups(entry('x', 1, { topics: ['a'] }));
    expect(groups.map(({ members }) => [...members].sort())).toEqual(
      expect.arrayContaining([['ann', 'ben'], ['cem']]),
    );
    const again = fanOut.groups(entry('y', 2, { topics: ['a', 'b'] }));
    expect(again.every((group) => groups.includes(group))).toBe(true);
  });

  test('finds a filter by whatever it needs', () => {
    const fanOut = fanOutOf({
      topic: 'war',
      source: 'source:unn',
      language: 'lang:pt',
      region: 'lang:pt-br',
      flag: 'flag:breaking',
      urgency: 'urgency:3',
      phrase: '"prisoner exchange"',
      negation: 'NOT sport',
      turned: 'NOT (NOT war AND NOT source:unn)',
      impossible: 'war AND NOT war',
    });
    expect(got(fanOut, { topics: ['war'] })).toEqual(['negation', 'topic', 'turned']);
    const unn = { id: 'unn', name: 'UNN' };
    expect(got(fanOut, { topics: ['sport'], source: unn })).toEqual(['source', 'turned']);
    expect(got(fanOut, { topics: ['sport'], language: 'pt-BR' })).toEqual(['language', 'region']);
    expect(got(fanOut, { topics: ['sport'], language: 'pt-PT' })).toEqual(['language']);
    expect(got(fanOut, { topics: ['sport'], urgency: 2, flags: ['breaking'] })).toEqual(['flag', 'urgency']);
    expect(got(fanOut, { topics: ['sport'], headline: 'A prisoner exchange' })).toEqual(['phrase']);
    expect(got(fanOut, { topics: ['sport'], headline: 'An exchange of a prisoner' })).toEqual([]);
  });

  test('follows a withdrawal to every version that was sent, and to everyone when they are not known', () => {
    const fanOut = fanOutOf({ ann: 'a', ben: 'b OR a', cem: 'c', dee: 'NOT a' });
    const withdrawn = {
      ...entry('x', 1, { topics: ['c'] }),
      reach: [['a'], ['b']].map((topics) => facets({ topics })),
    };
    expect([...fanOut.match(withdrawn)].sort()).toEqual(['ann', 'ben', 'dee']);
    expect([...fanOut.match({ ...withdrawn, reach: [] })]).toEqual([]);
    expect([...fanOut.match({ ...withdrawn, reach: 'everyone' })].sort()).toEqual([
      'ann',
      'ben',
      'cem',
      'dee',
    ]);
  });

  test('may be asked again before an answer has been read to its end', () => {
    const fanOut = fanOutOf({ ann: 'a OR b', ben: 'b', cem: 'a' });
    const first = fanOut.match(entry('x', 1, { topics: ['a', 'b'] }))[Symbol.iterator]();
    const heard = [first.next().value];
    expect(got(fanOut, { topics: ['a'] })).toEqual(['ann', 'cem']);
    for (let next = first.next(); !next.done; next = first.next()) heard.push(next.value);
    expect(heard.sort()).toEqual(['ann', 'ben', 'cem']);
  });

  test('counts a member once for a filter, and frees everything when the last has gone', () => {
    const fanOut = createFanOut<number>();
    const exprs = each(3_000, (index) => {
      const [a, b, c] = [`a${index % 7}`, `b${index % 31}`, `c${index}`];
      return [
        `${a} AND ${b} AND NOT ${c}`,
        `(${a} OR ${c}) AND (${b} OR lang:uk)`,
        `"${a} ${c}" AND urgency:3`,
        `NOT ${c}`,
        `NOT (NOT ${a} AND NOT (flag:live AND source:s${index}))`,
      ][index % 5] as string;
    }).map((text) => parseFilter(text));
    for (const expr of exprs) for (const member of [1, 2, 1]) fanOut.add(expr, member);
    const full = fanOut.size();
    expect(full).toMatchObject({ members: 2 * full.filters });
    for (const expr of exprs) fanOut.remove(expr, 1);
    expect(fanOut.size()).toEqual({ ...full, members: full.filters });
    for (const expr of exprs.toReversed()) for (const member of [2, 2, 3]) fanOut.remove(expr, member);
    expect(fanOut.size()).toEqual(EMPTY);
    expect([...fanOut.match({ ...entry('x', 1), reach: 'everyone' })]).toEqual([]);
    for (const expr of exprs) fanOut.add(expr, 3);
    expect(fanOut.size()).toEqual({ ...full, members: full.filters });
  });

  test('does not split the words of a story unless a filter looks for words', () => {
    let reads = 0;
    const story = Object.defineProperty(entry('x', 1, { topics: ['a'] }), 'story', {
      value: Object.defineProperty({ ...entry('x', 1, { topics: ['a'] }).story }, 'description', {
        get: () => {
          reads += 1;
          return 'A word';
        },
      }),
    });
    const fanOut = fanOutOf({ ann: 'a', ben: 'lang:en AND NOT b', cem: 'NOT c' });
    expect([...fanOut.match(story)].sort()).toEqual(['ann', 'ben', 'cem']);
    expect(reads).toBe(0);
    fanOut.add(parseFilter('"word"'), 'dee');
    expect([...fanOut.match(story)]).toContain('dee');
    expect(reads).toBe(1);
    fanOut.remove(parseFilter('"word"'), 'dee');
    expect([...fanOut.match(story)]).not.toContain('dee');
    expect(reads).toBe(1);
  });
});

describe('the index of filters', () => {
  const popular = { topics: ['war', 'conflict', 'politics', 'c1'], language: 'uk', urgency: 4 };

  test.each<[string, (index: number) => string]>([
    ['a popular topic and a rare one', (index) => `war AND c${index}`],
    [
      'a popular topic, a language and a rare topic',
      (index) => `war AND lang:uk AND (c${index} OR d${index})`,
    ],
    ['a popular topic and a source', (index) => `war AND source:s${index} AND NOT c1`],
    ['a popular topic and a rare phrase', (index) => `war AND "c${index} is news"`],
    ['two topics that many name', (index) => `war AND p${index % 50} AND q${Math.floor(index / 50)}`],
    ['one of two such pairs', (index) => `(war AND c${index}) OR (politics AND d${index})`],
  ])('makes few candidates of filters that ask for %s', (_, filter) => {
    expect(candidates(each(5_000, filter), popular)).toBeLessThan(60);
  });

  test('makes no candidate of filters on other topics', () => {
    const some = each(500, (index) => `a${index % 20} AND b${index % 90}`);
    const story = { topics: ['a1', 'a2', 'b1', 'b2'] };
    const others = each(20_000, (index) => `x${index % 100} AND y${Math.floor(index / 100)}`);
    expect(candidates([...others, ...some], story)).toBe(candidates(some, story));
  });
});
