import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseSources } from '../../src/ingest/sources.ts';
import { loadTopics } from '../../src/topics/topics.ts';

describe('sources.yaml', () => {
  const text = readFileSync(new URL('../../sources.yaml', import.meta.url), 'utf8');
  const sources = parseSources(text, 'sources.yaml');

  test('lists twenty newsrooms or more, each once, and none over a line that others can write on', () => {
    expect(sources.length).toBeGreaterThanOrEqual(20);
    expect(new Set(sources.map(({ id }) => id)).size).toBe(sources.length);
    expect(new Set(sources.map(({ url }) => url)).size).toBe(sources.length);
    expect(sources.filter(({ url }) => !url.startsWith('https://'))).toEqual([]);
  });

  test('speaks Ukrainian, English, Russian and more', () => {
    const languages = [...new Set(sources.flatMap(({ language }) => language ?? []))];
    expect(languages).toEqual(expect.arrayContaining(['uk', 'en', 'ru', 'de', 'fr', 'es']));
    // A tag that is written otherwise than it should be does not come back the same.
    expect(Intl.getCanonicalLocales(languages)).toEqual(languages);
  });

  test('maps to topics that there are', async () => {
    const { vocabulary } = await loadTopics();
    const used = sources.flatMap(({ topics, categories }) => [
      ...topics,
      ...Object.values(categories).flat(),
    ]);
    expect(used.filter((id) => !vocabulary.has(id))).toEqual([]);
  });

  test('asks nobody more often than once a minute, and everybody within five', () => {
    for (const { every } of sources) {
      expect(every).toBeGreaterThanOrEqual(60_000);
      expect(every).toBeLessThanOrEqual(300_000);
    }
  });
});
