import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { importMediaTopics } from '../../src/topics/media-topics.ts';
import { shippedTopics } from '../../src/topics/shipped.ts';
import { createVocabulary, parseVocabulary, type Vocabulary } from '../../src/topics/vocabulary.ts';
import { readTopics } from '../../src/topics/vocabulary-file.ts';

const ours = parseVocabulary([
  {
    name: 'ours.yaml',
    text: `
arts: { medtop: "medtop:01000000", names: { en: Arts, fr: Arts }, sections: [Stage] }
sport: { medtop: "medtop:15000000", names: { en: Sport } }
cinema: { parents: [arts], names: { en: Film, fr: Cinéma } }
place:opera: { names: { en: Opera } }
`,
  },
]);

const SCHEME = 'http://cv.iptc.org/newscodes/mediatopic/';
const concept = (code: string, broader: string[], prefLabel: Record<string, string>, more = {}) => ({
  uri: `${SCHEME}${code}`,
  qcode: `medtop:${code}`,
  prefLabel,
  ...(broader.length > 0 ? { broader: broader.map((each) => `${SCHEME}${each}`) } : {}),
  ...more,
});
const exported = (...conceptSet: object[]) =>
  JSON.stringify({ uri: SCHEME, dateReleased: '2026-07-02T12:00:00+00:00', conceptSet });
const read = (text: string, vocabulary: Vocabulary = ours) => importMediaTopics(text, vocabulary);

describe('the export of IPTC', () => {
  test('becomes topics under ours, with language tags that are ones', () => {
    const imported = read(
      exported(
        concept('01000000', [], { 'en-GB': 'arts, culture, entertainment and media' }),
        concept('20000018', ['01000000'], {
          'en-GB': 'music',
          'en-US': 'music',
          se: 'Musik',
          dk: 'musik',
          'no-NB': 'musikk',
          'no-NN': 'musikk',
          'zh-Hans': '音乐',
          'not a language': 'x',
        }),
        concept('20000022', ['20000018'], { 'en-GB': 'classical  music', fr: 'Classique' }),
      ),
    );
    expect(imported).toEqual({
      released: '2026-07-02',
      known: 1,
      retired: 0,
      topics: [
        {
          id: 'music',
          medtop: 'medtop:20000018',
          parents: ['arts'],
          names: { en: 'Music', sv: 'Musik', da: 'Musik', nb: 'Musikk', nn: 'Musikk', 'zh-Hans': '音乐' },
        },
        {
          id: 'classical-music',
          medtop: 'medtop:20000022',
          parents: ['music'],
          names: { en: 'Classical music', fr: 'Classique' },
        },
      ],
    });
  });

  test('loses what is retired, and what stood below it moves up', () => {
    const { topics, retired } = read(
      exported(
        concept('20000001', ['01000000'], { 'en-GB': 'old' }, { retired: '2013-03-07T12:00:00+00:00' }),
        concept('20000002', ['20000001'], { 'en-GB': 'new' }),
        concept('01000000', [], { 'en-GB': 'arts' }),
      ),
    );
    expect(retired).toBe(1);
    expect(topics).toMatchObject([{ id: 'new', parents: ['arts'] }]);
  });

  test('knows a topic of ours by its English name when that has no code of its own', () => {
    const { topics, known } = read(
      exported(
        concept('20000005', ['01000000'], { 'en-GB': 'film' }),
        concept('20000006', ['20000005'], { 'en-GB': 'film festival' }),
      ),
    );
    expect(known).toBe(1);
    expect(topics).toMatchObject([{ id: 'film-festival', parents: ['cinema'] }]);
  });

  test('never takes a name or an id that is another topic’s: those are told apart, translations left out', () => {
    const { topics } = read(
      exported(
        concept('01000000', [], { 'en-GB': 'arts' }),
        concept('20000010', ['01000000'], { 'en-GB': 'stage', de: 'Bühne' }),
        concept('20000011', ['01000000'], { 'en-GB': 'drama', de: 'Bühne', fr: 'Arts' }),
        concept('20000012', ['20000010'], { 'en-GB': 'drama' }),
        concept('20000013', ['20000010'], { 'en-GB': 'drama' }),
        concept('20000014', [], { 'en-GB': 'sport' }),
        concept('20000015', ['01000000'], { 'en-GB': 'opera' }),
        concept('20000016', [], { ar: 'مسرح' }),
        concept('20000017', [], {}),
      ),
    );
    expect(topics.map(({ id, names }) => [id, names])).toEqual([
      ['stage', { en: 'Stage (arts)', de: 'Bühne' }],
      ['drama', { en: 'Drama' }],
      ['drama-stage', { en: 'Drama (stage)' }],
      ['drama-20000013', { en: 'Drama (20000013)' }],
      ['sport-20000014', { en: 'Sport (20000014)' }],
      ['opera', { en: 'Opera (arts)' }],
      ['medtop-20000016', { en: 'مسرح', ar: 'مسرح' }],
      ['medtop-20000017', { en: 'medtop-20000017' }],
    ]);
  });

  test('comes out the same in whatever order its concepts are', () => {
    const concepts = [
      concept('20000002', ['01000000'], { 'en-GB': 'drama' }),
      concept('20000001', ['20000003'], { 'en-GB': 'drama', fr: 'Drame' }),
      concept('20000003', [], { 'en-GB': 'stages', fr: 'drame' }),
    ];
    expect(read(exported(...concepts.toReversed()))).toEqual(read(exported(...concepts)));
  });

  test('may have what is above itself, and parents that are not there', () => {
    const { topics } = read(
      exported(
        concept('20000001', ['20000002'], { 'en-GB': 'a' }, { retired: true }),
        concept('20000002', ['20000001'], { 'en-GB': 'b' }, { retired: true }),
        concept('20000003', ['20000001', '20009999'], { 'en-GB': 'c' }),
      ),
    );
    expect(topics).toMatchObject([{ id: 'c', parents: [] }]);
  });
});

test('a plain list is read too; what is stale in it counts as retired', () => {
  const list = [
    { id: 'medtop:01000000', parent: null, name: { en: 'arts' }, release: '2026-07-02' },
    { id: 'medtop:20000002', parent: 'medtop:01000000', name: { en: 'dance' }, release: '2019-04-06' },
    { id: 'medtop:20000003', parent: 'medtop:01000000', name: { en: 'fan dance' }, stale: true },
    { id: 'subj:01000000', parent: null, name: { en: 'of another scheme' } },
  ];
  expect(read(JSON.stringify(list))).toEqual({
    released: '2026-07-02',
    known: 1,
    retired: 1,
    topics: [{ id: 'dance', medtop: 'medtop:20000002', parents: ['arts'], names: { en: 'Dance' } }],
  });
});

test.each([
  ['YAML', 'topics: []', /is no JSON/],
  ['another object', '{}', /is no export of Media Topics: conceptSet/],
  ['another list', '[{"id":1}]', /is no list of Media Topics: 0\.id/],
  ['a string', '"x"', /is no export/],
  ['an empty list', '[]', /has no Media Topic in it/],
  [
    'another vocabulary',
    exported({ qcode: 'genre:Interview', prefLabel: { 'en-GB': 'Interview' } }),
    /has no Media Topic in it/,
  ],
])('%s is refused', (_, text, says) => {
  expect(() => read(text)).toThrow(says);
});

/** IPTC's topics are kept beside the repository; where they are not there, this checks nothing. */
const REFERENCE = fileURLToPath(new URL('../../../shared/reference/mediatopics.json', import.meta.url));

(existsSync(REFERENCE) ? test : test.skip)(
  'all of the Media Topics can stand beside the shipped topics',
  async () => {
    const shipped = await shippedTopics();
    const text = readFileSync(REFERENCE, 'utf8');
    const { topics, known, retired } = read(text, createVocabulary(shipped));
    expect(topics.length + known + retired).toBe((JSON.parse(text) as unknown[]).length);
    const file = stringify(Object.fromEntries(topics.map(({ id, ...topic }) => [id, topic])));
    const all = createVocabulary(shipped, readTopics({ name: 'imported', text: file }));
    for (const { id, medtop } of topics) {
      expect(all.resolve(medtop)).toBe(id);
      // Under one of the 17.
      expect(all.withAncestors([id]).some((each) => /0{6}$/.test(all.get(each)?.medtop ?? ''))).toBe(true);
    }
  },
);
