import { expect, test } from '@jest/globals';
import { tag } from '../../src/ingest/document/tag.ts';
import { parseVocabulary } from '../../src/topics/vocabulary.ts';

const vocabulary = parseVocabulary([
  {
    name: 'topics.yaml',
    text: `
conflict: { names: { en: Conflict, uk: Конфлікт, ru: Конфликт }, medtop: "medtop:16000000" }
war-in-ukraine: { parents: [conflict], names: { en: War in Ukraine, uk: Війна в Україні, ru: Война в Украине }, aliases: [Full-scale invasion] }
politics: { names: { en: Politics, uk: Політика, ru: Политика }, medtop: "medtop:11000000" }
`,
  },
]);
const tags = (sections: string[], source = {}) =>
  tag({ topics: [], categories: {}, ...source }, sections, vocabulary);

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

test('no story carries more than 64', () => {
  expect(tags(Array.from({ length: 100 }, (_, n) => `Word ${n}`))).toHaveLength(64);
});
