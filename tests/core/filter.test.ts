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
import { facets } from '../support/stories.ts';
import { anyFilter, anyStory, means } from './filter-pairs.ts';

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

  test('has a canonical text that parses to itself, in whatever letters and marks', () => {
    const letters = fc.string({ unit: fc.constantFrom('J', 'Е', 'İ', 'Σ', '北', "'", '1', ' ') });
    const marked = fc.array(
      fc.tuple(letters, fc.constantFrom('\u030c', '\u0308', '\u0301', '\u00ad', '\u0306')),
    );
    fc.assert(
      fc.property(marked, (parts) => {
        const { text } = parseFilter({ text: `"a ${parts.flat().join('')}"` });
        expect(parseFilter(text).text).toBe(text);
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
    ['a OR NOT NOT (b OR a)', 'a OR b'],
    ['b OR (a OR (c OR b))', 'a OR b OR c'],
    ['(b AND a) OR (a AND b)', 'a AND b'],
    ['lang:en,uk', 'lang:en OR lang:uk'],
    ['lang:UK OR (lang:pt-BR)', 'lang:pt-br OR lang:uk'],
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
    ['Politics', 'at character 1: "Politics" is not a topic id'],
    ['a AND (b OR Sport)', 'at character 13: "Sport" is not a topic id'],
    ['a AND lang:english!', 'at character 12: "english!" is not a language tag'],
    ['lang:uk,en, OR a', 'at character 12: "" is not a language tag'],
    ['"a b" AND urgency:3 AND NOT flag:breaking,huge', 'at character 43: "huge" is not one of'],
    ['a OR "!!!"', 'at character 6: "\\"!!!\\"" has no word to look for'],
    ['NOT NOT NOT NOT NOT NOT NOT a', 'at character 29: nested deeper than 6'],
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

  test('is refused when its canonical text would be too long to be read again', () => {
    expect(() => parseFilter({ text: `"${'word '.repeat(4_000)}"` })).toThrow('longer than 16384 characters');
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
