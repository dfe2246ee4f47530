import { expect, test } from '@jest/globals';
import { tag } from '../../src/ingest/document/tag.ts';
import { createTagger } from '../../src/topics/tagger.ts';
import { parseVocabulary } from '../../src/topics/vocabulary.ts';

const vocabulary = parseVocabulary([
  {
    name: 'topics.yaml',
    text: `
conflict: { names: { en: Conflict, uk: Конфлікт, ru: Конфликт }, medtop: "medtop:16000000" }
war-in-ukraine: { parents: [conflict], names: { en: War in Ukraine, uk: Війна в Україні, ru: Война в Украине }, sections: [Full-scale invasion], keywords: { en: [missile strike*] } }
politics: { names: { en: Politics, uk: Політика, ru: Политика }, medtop: "medtop:11000000" }
`,
  },
]);
const topics = { vocabulary, tagger: createTagger(vocabulary, {}) };
const plain = { language: 'en', headline: 'Something happened' };
const tags = (sections: string[], source = {}, story = {}) =>
  tag({ topics: [], categories: {}, ...source }, { ...plain, sections, ...story }, topics).topics;

test('a source adds its topics to every story', () => {
  expect(tags([], { topics: ['ukraine', 'place:kyiv'] })).toEqual(['ukraine', 'place:kyiv']);
});

test('a section word is what the source maps it to, whatever its case and spaces', () => {
  const categories = { 'Головні  новини': ['top'], politics: ['elections', 'parliament'] };
  expect(tags([' головні новини ', 'POLITICS'], { categories })).toEqual(['top', 'elections', 'parliament']);
});

test('a source may map a word to nothing', () => {
  expect(tags(['News'], { categories: { News: [] } })).toEqual([]);
});

test('else it is the topic that has this name in any language, with its ancestors', () => {
  expect(tags(['Війна в Україні'])).toEqual(['war-in-ukraine', 'conflict']);
  expect(tags(['full-scale invasion'])).toEqual(['war-in-ukraine', 'conflict']);
});

test('else it is its slug', () => {
  expect(tags(['Budget 2026', 'Агроновини'])).toEqual(['budget-2026', expect.stringMatching(/^[a-z-]+$/)]);
});

test('a word without letters, or an address, is no topic', () => {
  expect(tags(['2026', '***', 'https://schemas.example/2007#video'])).toEqual([]);
});

test('Media Topic codes stand for their topics; unknown ones for none', () => {
  expect(tags([], { topics: ['medtop:11000000', 'medtop:99999999'] })).toEqual(['politics']);
});

test('a topic is carried once', () => {
  expect(tags(['Politics', 'Політика', 'politics'], { topics: ['politics'] })).toEqual(['politics']);
});

test('a section that says how a story is made, not what it is about, is no topic', () => {
  expect(tags(['Breaking News', 'Exclusive', 'Ексклюзив', 'Opinion', 'Терміново'])).toEqual([]);
});

test('what the text says comes after what source and sections say, and the ancestors of all come last', () => {
  const story = { headline: 'Missile strikes on Monday', body: '<p>Conflict &amp; politics</p>' };
  expect(tags(['Sundries'], { topics: ['politics'] }, story)).toEqual([
    'politics',
    'sundries',
    'war-in-ukraine',
    'conflict',
  ]);
});

test('every topic comes with the evidence for it, except those that follow from another', () => {
  const source = { topics: ['politics'], categories: { War: ['war-in-ukraine'] } };
  const { why } = tag(source, { ...plain, headline: 'Missile strikes', sections: ['War', 'Budget'] }, topics);
  expect(why).toEqual([
    { topic: 'politics', by: 'source' },
    { topic: 'war-in-ukraine', by: 'category', words: 'War' },
    { topic: 'budget', by: 'section', words: 'Budget' },
  ]);
});

test('no story carries more than 64', () => {
  expect(tags(Array.from({ length: 100 }, (_, n) => `Word ${n}`))).toHaveLength(64);
});
