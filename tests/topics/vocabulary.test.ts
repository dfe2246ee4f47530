import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isTopicId } from '../../src/core/topic.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { parseVocabulary, type Vocabulary } from '../../src/topics/vocabulary.ts';

let shipped: Vocabulary;
beforeAll(async () => {
  shipped = (await loadTopics()).vocabulary;
});

describe('the shipped vocabulary', () => {
  test('names every topic in Ukrainian, Russian and English', () => {
    const unnamed = shipped.all().filter(({ names }) => !names.uk || !names.ru || !names.en);
    expect(unnamed.map(({ id }) => id)).toEqual([]);
  });

  test('has valid ids, known parents, and no topic above itself', () => {
    for (const { id, parents } of shipped.all()) {
      expect(isTopicId(id)).toBe(true);
      expect(parents.filter((parent) => !shipped.has(parent))).toEqual([]);
      expect(shipped.withAncestors(parents)).not.toContain(id);
    }
  });

  test('has the 17 top-level Media Topics, with names in seven languages', () => {
    const top = Array.from(
      { length: 17 },
      (_, index) => `medtop:${String(index + 1).padStart(2, '0')}000000`,
    );
    const topics = top.map((code) => shipped.get(shipped.resolve(code)));
    for (const topic of topics) {
      expect(Object.keys(topic?.names ?? {})).toEqual(['uk', 'ru', 'en', 'de', 'fr', 'es', 'pl']);
    }
    expect(topics.map((topic) => topic?.id)).toEqual([
      'arts',
      'crime',
      'disaster',
      'economy',
      'education',
      'environment',
      'health',
      'human-interest',
      'labour',
      'lifestyle',
      'politics',
      'religion',
      'science',
      'society',
      'sport',
      'conflict',
      'weather',
    ]);
  });

  test('puts the war in Ukraine under conflict', () => {
    expect(shipped.withAncestors(['war-in-ukraine'])).toEqual([
      'war-in-ukraine',
      'armed-conflict',
      'conflict',
    ]);
  });

  test('puts every subject and event under a top-level Media Topic', () => {
    const loose = shipped
      .all()
      .filter(({ id }) => !id.includes(':'))
      .filter(
        ({ id }) =>
          !shipped.withAncestors([id]).some((each) => /0{6}$/.test(shipped.get(each)?.medtop ?? '')),
      );
    expect(loose.map(({ id }) => id)).toEqual([]);
  });

  test('says whose the Media Topics are', async () => {
    for (const name of ['subjects', 'events']) {
      const file = new URL(`../../src/topics/vocabulary/${name}.yaml`, import.meta.url);
      expect(await readFile(file, 'utf8')).toContain('IPTC Media Topic NewsCodes © IPTC, CC BY 4.0');
    }
  });

  test.each([
    // What a Ukrainian agency printed under a story.
    ['War in Ukraine', 'war-in-ukraine'],
    ['Politics', 'politics'],
    ['Rustem Umerov', 'person:rustem-umerov'],
    [
      'National Security and Defense Council of Ukraine',
      'org:national-security-and-defense-council-of-ukraine',
    ],
    ['Washington, D.C.', 'place:washington-dc'],
    ['Volodymyr Zelenskyy', 'person:volodymyr-zelenskyy'],
    ['Ukraine', 'place:ukraine'],
    // Sections of others.
    ['Війна в Україні', 'war-in-ukraine'],
    ['Політика', 'politics'],
    ['Policy', 'politics'],
    ['Політика і влада', 'politics'],
    ['Общество', 'society'],
    ['Спорт', 'sport'],
    ['Wirtschaft', 'economy'],
    ['Économie', 'economy'],
    ['Deportes', 'sport'],
    ['Wojna', 'armed-conflict'],
    ['Київ', 'place:kyiv'],
  ])('knows the section %s as %s', (section, id) => {
    expect(shipped.byName(section)).toBe(id);
  });

  test.each(['Події', 'World', 'News', 'Мир', ''])('does not guess what %j means', (section) => {
    expect(shipped.byName(section)).toBeUndefined();
  });

  test('finds each topic by each of its names and section words, however they are spaced and capitalised', () => {
    const named = shipped
      .all()
      .flatMap(({ id, names, sections }) =>
        [...Object.values(names), ...sections].map((name) => ({ id, name })),
      );
    const gap = fc.constantFrom(' ', '  ', '\t', '\u00a0');
    const apostrophe = fc.constantFrom("'", '’', 'ʼ', '`', '');
    const change = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toLowerCase(),
      (text) => text.toUpperCase(),
      (text) => text.normalize('NFD'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...named),
        gap,
        apostrophe,
        change,
        ({ id, name }, space, mark, changed) => {
          // ß is SS in capitals: another spelling, not another case.
          fc.pre(!name.includes('ß'));
          const written = `${space}${changed(name).replaceAll(' ', space).replaceAll("'", mark)}${space}`;
          expect(shipped.byName(written)).toBe(id);
        },
      ),
      { numRuns: 1000 },
    );
    expect(named.filter(({ id, name }) => shipped.byName(name) !== id)).toEqual([]);
  });
});

describe('ancestors', () => {
  const family = () =>
    parseVocabulary([
      {
        name: 'family.yaml',
        text: [
          'a: { names: { en: A } }',
          'b: { names: { en: B }, parents: [a] }',
          'c: { names: { en: C }, parents: [a] }',
        ]
          .concat('d: { names: { en: D }, parents: [b, c] }')
          .join('\n'),
      },
    ]);

  test('come once each, after the given topics, the nearest first', () => {
    expect(family().withAncestors(['d', 'a', 'd'])).toEqual(['d', 'a', 'b', 'c']);
  });

  test('of unknown topics are none, and the unknown topics stay', () => {
    expect(family().withAncestors(['person:nobody', 'c'])).toEqual(['person:nobody', 'c', 'a']);
  });

  test('of ancestors add nothing', () => {
    const ids = fc.array(fc.oneof(fc.constantFrom(...shipped.all().map(({ id }) => id)), fc.string()));
    fc.assert(
      fc.property(ids, (given) => {
        const once = shipped.withAncestors(given);
        expect(shipped.withAncestors(once)).toEqual(once);
        expect(new Set(once).size).toBe(once.length);
        expect(once.slice(0, new Set(given).size)).toEqual([...new Set(given)]);
      }),
    );
  });
});

describe('a topic', () => {
  test('is found by its id', () => {
    expect(shipped.has('place:kyiv')).toBe(true);
    expect(shipped.get('place:kyiv')).toMatchObject({ id: 'place:kyiv', parents: ['place:ukraine'] });
  });

  test('that nobody wrote down is not there', () => {
    for (const id of ['nothing', 'constructor', '__proto__']) {
      expect(shipped.has(id)).toBe(false);
      expect(shipped.get(id)).toBeUndefined();
    }
  });

  test('stands for its Media Topic code; other references stay what they are', () => {
    expect(shipped.resolve('medtop:11000000')).toBe('politics');
    expect(shipped.resolve('medtop:99999999')).toBe('medtop:99999999');
    expect(shipped.resolve('politics')).toBe('politics');
    expect(shipped.resolve('nothing')).toBe('nothing');
  });
});

describe('a search', () => {
  const found = (text: string, limit?: number) => shipped.search(text, limit).map(({ id }) => id);

  test('finds the beginning of a name in any language, the closest name first', () => {
    expect(found('Укр')[0]).toBe('place:ukraine');
    expect(found('zelen')).toEqual(['person:volodymyr-zelenskyy']);
    expect(found('Fuß')).toEqual(['football']);
    expect(found('здоров’')[0]).toBe('health');
  });

  test('puts a whole name before a beginning, and that before the inside of a name', () => {
    expect(found('war').slice(0, 1)).toEqual(['armed-conflict']);
    const tennis = found('ennis');
    expect(tennis).toEqual(['tennis']);
    expect(found('україн').indexOf('place:ukraine')).toBeLessThan(found('україн').indexOf('war-in-ukraine'));
  });

  test('gives at most the limit, 20 unless told', () => {
    expect(found('a')).toHaveLength(20);
    expect(found('a', 3)).toEqual(found('a').slice(0, 3));
    expect(found('a', 0)).toEqual([]);
  });

  test('for nothing finds nothing', () => {
    expect(found('')).toEqual([]);
    expect(found(' ?! ')).toEqual([]);
    expect(found('qqqqqq')).toEqual([]);
  });
});
