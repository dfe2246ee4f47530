import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isTopicId } from '../../src/core/topic.ts';
import { words } from '../../src/core/words.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { parseVocabulary, type Vocabulary } from '../../src/topics/vocabulary.ts';
import { temporaryFolder } from '../support/folder.ts';

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

  test('has the people, organisations and places that a desk meets daily, and the running stories', () => {
    const count = (kind: string) => shipped.all().filter(({ id }) => id.startsWith(kind)).length;
    expect(count('person:')).toBeGreaterThanOrEqual(300);
    expect(count('org:')).toBeGreaterThanOrEqual(150);
    expect(count('place:')).toBeGreaterThanOrEqual(300);
    for (const id of ['war-in-ukraine', 'prisoner-exchange', 'peace-talks', 'sanctions', 'energy'])
      expect(shipped.has(id) ? id : undefined).toBe(id);
  });

  test('names the top level and the one below, where newsrooms use it, in seven languages', () => {
    const top = shipped.all().filter(({ medtop = '' }) => /0{6}$/.test(medtop));
    const below = top.flatMap(({ id }) => shipped.children(id));
    expect(top).toHaveLength(17);
    for (const { id } of top) expect(shipped.children(id).length > 0 ? undefined : id).toBeUndefined();
    expect(below.length).toBeGreaterThan(100);
    const lacking = below.filter((id) => {
      const names = shipped.get(id)?.names ?? {};
      return ['uk', 'ru', 'en', 'de', 'fr', 'es', 'pl'].some((language) => !names[language]);
    });
    expect(lacking).toEqual([]);
  });

  test('has every place within another, up to a country or a continent', () => {
    const lost = shipped
      .all()
      .filter(
        ({ id, parents }) => id.startsWith('place:') && parents.some((each) => !each.startsWith('place:')),
      );
    expect(lost.map(({ id }) => id)).toEqual([]);
    expect(shipped.withAncestors(['place:kharkiv'])).toContain('place:ukraine');
    expect(shipped.withAncestors(['place:washington-dc'])).toContain('place:united-states');
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

  test('finds each topic by each name and section word that is its alone, however they are spaced and capitalised', () => {
    const owners = new Map<string, Set<string>>();
    const plain = (name: string) => words(name).join(' ').replaceAll("'", '');
    for (const { id, names, sections, aliases } of shipped.all()) {
      const others = Object.values(aliases).flatMap((list) => list.map(({ text }) => text));
      for (const name of [...Object.values(names), ...sections, ...others])
        owners.set(plain(name), (owners.get(plain(name)) ?? new Set()).add(id));
    }
    const named = shipped.all().flatMap(({ id, names, sections, aliases }) => {
      const doubtful = Object.values(aliases).flatMap((list) => list.filter(({ needs }) => needs));
      return [...Object.values(names), ...sections]
        .filter((name) => !id.includes(':') || owners.get(plain(name))?.size === 1)
        .filter((name) => doubtful.every(({ text }) => plain(text) !== plain(name)))
        .map((name) => ({ id, name }));
    });
    expect(named.length).toBeGreaterThan(10_000);
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
    expect(found('zelenskyy')[0]).toBe('person:volodymyr-zelenskyy');
    expect(found('Fußba')[0]).toBe('football');
    expect(found('здоров’')[0]).toBe('health');
  });

  test('puts a whole name before a beginning, and that before the inside of a name', () => {
    expect(found('war').slice(0, 1)).toEqual(['armed-conflict']);
    expect(found('tennis')[0]).toBe('tennis');
    expect(found('ennis')[0]).toBe('tennis');
    const within = found('україн', 1000);
    expect(within.indexOf('place:ukraine')).toBeLessThan(within.indexOf('war-in-ukraine'));
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

describe('a user’s own file', () => {
  const SHIPPED = {
    name: 'shipped.yaml',
    text: [
      'sport: { names: { en: Sport }, sections: [Games] }',
      'football: { parents: [sport], names: { en: Football } }',
      'place:kyiv: { names: { en: Kyiv }, aliases: { en: [Kiev] } }',
    ].join('\n'),
  };
  const withOwn = (text: string) => parseVocabulary([SHIPPED], { name: 'topics.yaml', text });

  test('adds topics under those that are shipped', () => {
    const vocabulary = withOwn('futsal: { parents: [football], names: { en: Futsal } }');
    expect(vocabulary.withAncestors(['futsal'])).toEqual(['futsal', 'football', 'sport']);
    expect(vocabulary.children('football')).toEqual(['futsal']);
    expect(vocabulary.byName('futsal')).toBe('futsal');
  });

  test('stands in place of a whole topic with the same id', () => {
    const vocabulary = withOwn('sport: { names: { en: Sports } }');
    expect(vocabulary.all()).toHaveLength(3);
    expect(vocabulary.byName('games')).toBeUndefined();
    expect(vocabulary.byName('sports')).toBe('sport');
    expect(vocabulary.withAncestors(['football'])).toEqual(['football', 'sport']);
  });

  test('frees the names of what it replaces', () => {
    const vocabulary = withOwn(
      'place:kyiv: { names: { en: Kyiv } }\nplace:kiev-west-virginia: { names: { en: Kiev } }',
    );
    expect(vocabulary.byName('Kiev')).toBe('place:kiev-west-virginia');
  });

  test.each([
    [
      'a name of a shipped topic',
      'a: { names: { en: Games } }',
      'topics.yaml, line 1: "Games" already stands for sport',
    ],
    [
      'an unknown parent',
      '\na: { names: { en: A }, parents: [b] }',
      'topics.yaml, line 2: the parent "b" of a',
    ],
    ['one id twice', 'a: { names: { en: A } }\na: { names: { en: B } }', 'topics.yaml, line 2: '],
  ])('is refused with its own name and line for %s', (_, text, says) => {
    expect(() => withOwn(text)).toThrow(says);
  });

  test('is read with the shipped topics, and changes their version with its text', async () => {
    const folder = temporaryFolder();
    const file = join(folder.path, 'topics.yaml');
    const load = async (text: string) => {
      await writeFile(file, text);
      return loadTopics(file);
    };
    const first = await load(
      'river-levels: { names: { en: River levels }, keywords: { en: [water level*] } }',
    );
    expect(first.vocabulary.has('politics')).toBe(true);
    expect(first.tagger.tag({ language: 'en', headline: 'Water levels are falling' }).topics).toEqual([
      'river-levels',
    ]);
    const second = await load('river-levels: { names: { en: River levels }, keywords: { en: [flood*] } }');
    const versions = [(await loadTopics()).version, first.version, second.version];
    expect(new Set(versions).size).toBe(3);
    expect((await loadTopics(file)).version).toBe(second.version);
    folder.remove();
  });
});
