import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { words } from '../../src/core/words.ts';
import { createPatterns, isPattern } from '../../src/topics/patterns.ts';
import { createPhrases } from '../../src/topics/phrases.ts';
import { readTokens, said, tokens } from '../../src/topics/tokens.ts';

describe('the words of a text', () => {
  const read = (text: string) => tokens(text).map(({ word, shape }) => `${word} ${shape}`);

  test('are in lower case, and know how they were written', () => {
    expect(read('Секретар РНБО Умєров')).toEqual(['секретар capital', 'рнбо upper', 'умєров capital']);
    expect(read('iPhone 15 of Á')).toEqual(['iphone lower', '15 lower', 'of lower', 'á capital']);
  });

  test('have no possessive, no stress mark, no soft hyphen, one kind of apostrophe, and е for ё', () => {
    expect(read("Zelenskyy's Куп’янськ за\u0301мок Мос\u00adква Ёлкин")).toEqual([
      'zelenskyy capital',
      "куп'янськ capital",
      'замок lower',
      'москва capital',
      'елкин capital',
    ]);
  });

  test('keep abbreviations with points together', () => {
    expect(read('The U.S. and Washington, D.C., say J.D. Vance')).toEqual(
      ['the capital', 'us upper', 'and lower', 'washington capital', 'dc upper', 'say lower'].concat([
        'jd upper',
        'vance capital',
      ]),
    );
  });

  test('say whether a space, a hyphen or a quotation mark is all that parts them', () => {
    const { joined, count } = readTokens('Івано-Франківськ, «Азов» бригада. Київ');
    expect([...joined.subarray(0, count)]).toEqual([0, 1, 0, 1, 0]);
  });

  test('are the same words that filters look for, but for possessives and abbreviations', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[а-яіїєґa-z '’,—-]{0,60}$/u), (text) => {
        fc.pre(!/'s\b/.test(text.replace(/[’]/g, "'")));
        expect(tokens(text).map(({ word }) => word)).toEqual(words(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('are the same with a mark that nobody sees, in a text of any length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(?:[А-Яа-яІіЇїЄєЁёA-Za-z’'«».,-]{1,12} ){0,400}$/u), (text) => {
        expect(tokens(`${text}\u200b`)).toEqual(tokens(text));
      }),
      { numRuns: 300 },
    );
  });

  test('of scripts without spaces are their characters', () => {
    expect(tokens('東京 кіно').map(({ word }) => word)).toEqual(['東', '京', 'кіно']);
  });

  test('of any text are found without harm', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const { word } of tokens(text)) expect(word).not.toBe('');
      }),
    );
  });
});

describe('phrases', () => {
  const phrases = createPhrases<string>();
  for (const phrase of ['Київ', 'Київ Стар', 'США', 'US', 'Washington Post', 'Washington', 'штаб оборони'])
    phrases.add(phrase, phrase);
  const find = (text: string) => phrases.find(readTokens(text)).flatMap(({ values }) => values);

  test('are found where the words stand, the longest first, and its words belong to nothing else', () => {
    expect(find('Про Київ пише Washington Post, а Київ Стар — про Washington')).toEqual([
      'Київ',
      'Washington Post',
      'Київ Стар',
      'Washington',
    ]);
  });

  test('ask for the capitals that they have', () => {
    expect(find('київ, tell us; сша; Us; US')).toEqual(['US']);
    expect(find('КИЇВ, Штаб оборони, ШТАБ ОБОРОНИ')).toEqual(['Київ', 'штаб оборони', 'штаб оборони']);
  });

  test('are found however many there are', () => {
    const many = createPhrases<string>();
    const all = Array.from({ length: 5_000 }, (_, number) => `Name${number} Surname${number % 70}`);
    for (const phrase of all) many.add(phrase, phrase);
    const found = many.find(readTokens(`${all.join(', ')}, Name1 Surname2`));
    expect(found.flatMap(({ values }) => values)).toEqual(all);
  });

  test('are never found within a word', () => {
    expect(find('Київський, США2, Washingtons')).toEqual([]);
  });
});

describe('patterns', () => {
  const find = (pattern: string, text: string) => {
    const patterns = createPatterns<string>();
    patterns.add(pattern, pattern);
    const read = readTokens(text);
    return patterns.find(read).map(({ from, to }) => said(read, from, to));
  };

  test('match words in any case, with any ending where there is a star', () => {
    expect(find('обмін* полонен*', 'Новий Обмін полоненими')).toEqual(['обмін полоненими']);
    expect(find('обмін', 'обмінами обмін')).toEqual(['обмін']);
  });

  test('leave room for up to four words at an ellipsis', () => {
    expect(find('обмін* … полонен*', 'обмін тисячі українських полонених')).toHaveLength(1);
    expect(find('обмін* … полонен*', 'обмін а б в г полонених')).toHaveLength(1);
    expect(find('обмін* … полонен*', 'обмін а б в г ґ полонених')).toEqual([]);
  });

  test('ask for capitals where they have nothing else', () => {
    expect(find('WHO says', 'WHO says; who says')).toEqual(['who says']);
  });

  test.each(['', '*', '…', '?'])('cannot be %j', (pattern) => {
    expect(isPattern(pattern)).toBe(false);
  });
});
