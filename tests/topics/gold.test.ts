import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { createLexicon } from '../../src/topics/lexicon.ts';
import { readTokens } from '../../src/topics/tokens.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { readIds, readItems, score, share } from './gold/score.ts';

const topics = await loadTopics();

// Below these the tagger would tell readers too much that is wrong, or too little; gold/README.md says how it was measured.
describe.each(['uk', 'ru', 'en'])('the tagger on the gold set in %s', (language) => {
  const scored = readItems(language).then((items) => score(items, language, topics));

  test('names persons, organisations and places rightly, and misses few', async () => {
    const { items, entityPrecision, entityRecall } = await scored;
    expect(items).toBeGreaterThanOrEqual(120);
    expect(entityPrecision.value).toBeGreaterThanOrEqual(0.97);
    expect(entityRecall.value).toBeGreaterThanOrEqual(0.92);
  });

  test('gives the right top-level subjects, to most stories', async () => {
    const { subjectPrecision, subjectCoverage } = await scored;
    expect(subjectPrecision.value).toBeGreaterThanOrEqual(0.9);
    expect(subjectCoverage.value).toBeGreaterThanOrEqual(0.6);
  });
});

describe('a name', () => {
  const entries = z.array(
    z.object({ id: z.string(), uk: z.array(z.string()), ru: z.array(z.string()) }).loose(),
  );

  test.each(['uk', 'ru'] as const)(
    'is found in its case forms in %s, as listed by hand',
    async (language) => {
      const text = await readFile(new URL('./gold/forms.yaml', import.meta.url), 'utf8');
      const ids = await readIds();
      const { names } = createLexicon(topics.vocabulary, language);
      const known = entries
        .parse(parse(text))
        .map((entry) => ({ ...entry, id: ids.get(entry.id) ?? entry.id }))
        .filter(({ id }) => topics.vocabulary.has(id));
      const missed = known.flatMap(({ id, [language]: forms }) =>
        forms
          .filter((form) => {
            const [found] = names.find(readTokens(form));
            return !found?.values.some(({ topic }) => topic?.id === id);
          })
          .map((form) => `${id}: ${form}`),
      );
      const all = known.reduce((total, { [language]: forms }) => total + forms.length, 0);
      const found = share(all - missed.length, all);
      expect(known.length).toBeGreaterThanOrEqual(190);
      expect({ missed, enough: found.value >= 0.98 }).toMatchObject({ enough: true });
    },
  );
});
