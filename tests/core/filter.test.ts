import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  both,
  EVERYTHING,
  type Expr,
  type Filter,
  matches,
  parseFilter,
  prepare,
  topicsIn,
} from '../../src/core/filter.ts';
import type { Facets, Flag } from '../../src/core/story.ts';
import { facets } from '../support/stories.ts';

const TOPICS = ['politics', 'sport', 'war-in-ukraine', 'person:rustem-umerov', 'place:kyiv'];
const LANGUAGES = ['uk', 'en', 'pt-br'];
const SOURCES = ['unn-uk', 'bbc-world'];
const FLAGS: Flag[] = ['breaking', 'exclusive'];
const WORDS = ['prisoner', 'exchange', 'обмін', 'Умєров', 'умер', "п'ять", '北京'];

const topic = fc.constantFrom(...TOPICS);
const some = (values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const phrase = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
  .map((words) => words.join(' '));

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  topic,
  some(TOPICS),
  fc.record({ language: some(LANGUAGES) }),
  fc.record({ source: some(SOURCES) }),
  fc.record({ urgency: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ flag: some(FLAGS) }),
  fc.record({ text: phrase }),
  fc.record({ text: phrase.map((words) => `"${words}"`) }),
);

/** Shallow and narrow enough to be within the limits. */
function filter(depth: number): fc.Arbitrary<Filter> {
  if (depth === 0) return leaf;
  const inner = filter(depth - 1);
  const parts = fc.array(inner, { minLength: 1, maxLength: 3 });
  return fc.oneof(leaf, fc.record({ any: parts }), fc.record({ all: parts }), fc.record({ not: inner }));
}

const anyFilter = filter(2);
const anyStory: fc.Arbitrary<Facets> = fc.record({
  topics: fc.uniqueArray(topic),
  language: fc.constantFrom('uk', 'en', 'en-GB', 'pt-BR', 'und'),
  source: fc.constantFrom(...SOURCES).map((id) => ({ id, name: id })),
  urgency: fc.integer({ min: 1, max: 9 }),
  flags: fc.uniqueArray(fc.constantFrom(...FLAGS)),
  headline: fc.array(fc.constantFrom(...WORDS)).map((words) => words.join(', ')),
  description: fc.option(
    fc.array(fc.constantFrom(...WORDS)).map((words) => words.join(' ')),
    { nil: undefined },
  ),
});

/** What a filter means, said a second time and without any of the canonical form. */
function means(written: Filter, story: Facets): boolean {
  if (typeof written === 'string') return story.topics.includes(written);
  if (Array.isArray(written)) return written.some((each) => story.topics.includes(each));
  if ('any' in written) return written.any.some((each) => means(each, story));
  if ('all' in written) return written.all.every((each) => means(each, story));
  if ('not' in written) return !means(written.not, story);
  if ('language' in written) {
    const tag = story.language.toLowerCase();
    return written.language.some((each) => tag === each || tag.startsWith(`${each}-`));
  }
  if ('source' in written) return written.source.includes(story.source.id);
  if ('urgency' in written) return story.urgency <= written.urgency;
  if ('flag' in written) return story.flags.some((each) => written.flag.includes(each));
  const split = (text: string) =>
    text
      .toLowerCase()
      .split(/[\s,"]+|(?<=北)|(?=京)/)
      .filter(Boolean);
  const asked = written.text.startsWith('"')
    ? [split(written.text)]
    : split(written.text).map((word) => [word]);
  const fields = [split(story.headline), split(story.description ?? '')];
  return asked.every((words) =>
    fields.some((field) => field.some((_, at) => words.every((word, index) => field[at + index] === word))),
  );
}

describe('a filter', () => {
  test('matches what it means, whatever its form', () => {
    fc.assert(
      fc.property(anyFilter, anyStory, (written, story) => {
        expect(matches(parseFilter(written), prepare(story))).toBe(means(written, story));
      }),
      { numRuns: 2_000 },
    );
  });

  test('has a canonical text that parses to itself', () => {
    fc.assert(
      fc.property(anyFilter, (written) => {
        const expr = parseFilter(written);
        expect(parseFilter(expr.text)).toEqual(expr);
      }),
      { numRuns: 2_000 },
    );
  });

  test('has the same canonical text in whatever order its parts are written', () => {
    const shuffled = (written: Filter): Filter => {
      if (typeof written !== 'object') return written;
      if (Array.isArray(written)) return [...written].reverse();
      if ('any' in written)
        return { any: [...written.any].reverse().map(shuffled).concat(written.any.slice(0, 1)) };
      if ('all' in written) return { all: [...written.all].reverse().map(shuffled) };
      return 'not' in written ? { not: shuffled(written.not) } : written;
    };
    fc.assert(
      fc.property(anyFilter, (written) => parseFilter(shuffled(written)).text === parseFilter(written).text),
    );
  });

  test('joined to another lets through what both let through', () => {
    fc.assert(
      fc.property(anyFilter, anyFilter, anyStory, (a, b, story) => {
        const [first, second] = [parseFilter(a), parseFilter(b)];
        const ready = prepare(story);
        expect(matches(both(first, second), ready)).toBe(matches(first, ready) && matches(second, ready));
      }),
    );
    const expr = parseFilter('politics');
    expect([both(EVERYTHING, expr), both(expr, EVERYTHING), both(EVERYTHING, EVERYTHING)]).toEqual([
      expr,
      expr,
      EVERYTHING,
    ]);
  });

  test('never throws anything but invalid_filter, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.string(),
          fc.json().map((json) => JSON.parse(json) as unknown),
        ),
        (input) => {
          try {
            parseFilter(input);
          } catch (error) {
            expect(error).toMatchObject({ name: 'WireError', code: 'invalid_filter' });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, string]>([
    ['politics', 'politics'],
    [
      '(war-in-ukraine OR person:rustem-umerov) AND lang:uk,en AND NOT sport AND "prisoner exchange"',
      '"prisoner exchange" AND NOT sport AND (lang:en OR lang:uk) AND (person:rustem-umerov OR war-in-ukraine)',
    ],
    ['a OR b AND c', 'a OR (b AND c)'],
    ['NOT a AND b', 'NOT a AND b'],
    ['NOT (a AND b)', 'NOT (a AND b)'],
    ['NOT NOT a', 'a'],
    ['a OR a OR (a)', 'a'],
    ['source:unn-uk urgency:3', ''],
    ['urgency:3 AND flag:breaking AND source:unn-uk', 'flag:breaking AND source:unn-uk AND urgency:3'],
    ['text:prisoner', '"prisoner"'],
    ['"Prisoner’s  EXCHANGE!"', '"prisoner\'s exchange"'],
  ])('%s', (text, canonical) => {
    if (canonical === '') expect(() => parseFilter(text)).toThrow('expected AND or OR');
    else expect(parseFilter(text).text).toBe(canonical);
  });

  test.each<[unknown, string]>([
    ['', 'character 1: ends where a topic was expected'],
    ['politics AND', 'character 13: ends where'],
    ['politics sport', 'character 10: expected AND or OR before "sport"'],
    ['(politics', 'character 10: expected ")" for the "(" at character 1'],
    ['politics)', 'character 9'],
    ['a AND "open', 'character 7: a quotation mark is not closed'],
    ['urgency:0', 'character 1: urgency'],
    ['OR a', 'unexpected OR'],
    ['Politics', '"Politics" is not a topic id'],
    ['lang:english!', '"english!" is not a language tag'],
    ['flag:huge', '"huge" is not one of'],
    ['"!!!"', 'no word to look for'],
    [{}, 'expected exactly one of'],
    [{ any: ['a'], all: ['b'] }, 'expected exactly one of'],
    [{ any: [{ not: { urgency: 'x' } }] }, 'at any[0].not.urgency'],
    [{ all: ['a', 5] }, 'at all[1]'],
    [{ language: [] }, 'at language: an empty list'],
    [[['a']], 'a list holds topic ids'],
    [5, 'expected a topic id'],
  ])('%j is refused, saying where', (input, message) => {
    expect(() => parseFilter(input)).toThrow(message);
  });

  test('may nest six deep and name 64 things, and no more', () => {
    const nested = (depth: number): Filter => (depth === 0 ? 'a' : { not: nested(depth - 1) });
    expect(parseFilter(nested(6)).text).toBe('a');
    expect(() => parseFilter(nested(7))).toThrow('deeper than 6');
    expect(() => parseFilter(nested(5_000))).toThrow('deeper than 6');
    const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);
    expect(topicsIn(parseFilter(names(64)))).toHaveLength(64);
    expect(() => parseFilter(names(65))).toThrow('more than 64');
    expect(() => parseFilter('('.repeat(10_000))).toThrow('too many parentheses');
  });

  test('takes a medtop code for the topic that stands for it', () => {
    const resolve = (ref: string) => (ref === 'medtop:11000000' ? 'politics' : ref);
    expect(parseFilter('medtop:11000000 OR sport', resolve).text).toBe('politics OR sport');
    expect(parseFilter(['medtop:99999999'], resolve).text).toBe('medtop:99999999');
  });

  test('finds words and phrases whole, in the headline or in the description', () => {
    const found = (expr: Expr) =>
      matches(expr, prepare(facets({ headline: 'Умєров помер? Ні', description: 'Обмін «1000 на 1000»' })));
    expect(found(parseFilter({ text: 'умєров' }))).toBe(true);
    expect(found(parseFilter({ text: 'умер' }))).toBe(false);
    expect(found(parseFilter({ text: 'ні обмін' }))).toBe(true);
    expect(found(parseFilter({ text: '"ні обмін"' }))).toBe(false);
    expect(found(parseFilter({ text: '"1000 на 1000"' }))).toBe(true);
  });
});
