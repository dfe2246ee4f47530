import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createStems } from '../../src/topics/stems.ts';
import { readTokens } from '../../src/topics/tokens.ts';

test('of a word the whole is known first, then its beginnings, the longest first', () => {
  const stems = createStems<string, readonly string[]>((all) => all);
  for (const stem of ['мір', 'мі*', 'м*', 'мір*', 'міра', 'мі', 'мі*'])
    stems.add(stem.replace('*', ''), stem.endsWith('*'), stem);
  const of = (word: string) => [...stems.of(readTokens(word), 0)];
  expect(of('мір')).toEqual(['мір', 'мір*', 'мі*', 'мі*', 'м*']);
  expect(of('мірі')).toEqual(['мір*', 'мі*', 'мі*', 'м*']);
  expect(of('Мі')).toEqual(['мі', 'мі*', 'мі*', 'м*']);
  expect(of('ромір')).toEqual([]);
  stems.add('ром', true, 'ром*');
  expect(of('ромір')).toEqual(['ром*']);
});

test('every stem is found in the words that have it, and in no others', () => {
  const stem = fc.tuple(fc.stringMatching(/^[abc]{1,4}$/), fc.boolean());
  fc.assert(
    fc.property(fc.array(stem, { maxLength: 30 }), fc.stringMatching(/^[abcd]{1,6}$/), (all, word) => {
      const stems = createStems<string, readonly string[]>((all) => all);
      for (const [text, open] of all) stems.add(text, open, `${text}${open ? '*' : ''}`);
      const expected = all
        .filter(([text, open]) => (open ? word.startsWith(text) : word === text))
        .map(([text, open]) => `${text}${open ? '*' : ''}`);
      expect([...stems.of(readTokens(word), 0)].sort()).toEqual(expected.sort());
    }),
  );
});
