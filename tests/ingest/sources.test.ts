import { describe, expect, test } from '@jest/globals';
import { parseSources, SourcesError } from '../../src/ingest/sources.ts';

const url = 'https://news.example/rss.xml';

function problem(yaml: string): string {
  try {
    parseSources(yaml, 'sources.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(SourcesError);
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('it was accepted');
}

describe('a sources file', () => {
  test('gives every field of a source, durations in milliseconds', () => {
    const [source] = parseSources(
      `sources:
  - id: unn-en
    name: UNN
    url: ${url}
    language: en
    topics: [ukraine, "medtop:11000000"]
    categories: { "Війна в Україні": war-in-ukraine, Sport: [sport, football] }
    every: 90s
    timezone: Europe/Kyiv
    urgency: 3
    allow: redistribute
    checkGone: true
    ignoreHints: true`,
      'sources.yaml',
    );
    expect(source).toEqual({
      id: 'unn-en',
      name: 'UNN',
      url,
      language: 'en',
      topics: ['ukraine', 'medtop:11000000'],
      categories: { 'Війна в Україні': ['war-in-ukraine'], Sport: ['sport', 'football'] },
      every: 90_000,
      timezone: 'Europe/Kyiv',
      urgency: 3,
      allow: 'redistribute',
      checkGone: true,
      ignoreHints: true,
    });
  });

  test('needs no more than id and url', () => {
    expect(parseSources(`sources: [{ id: a, url: "${url}" }]`, 'sources.yaml')).toEqual([
      { id: 'a', name: 'a', url, topics: [], categories: {}, every: 60_000, timezone: 'UTC', urgency: 5 },
    ]);
  });

  test('has defaults for what a source leaves out', () => {
    const sources = parseSources(
      `defaults: { every: 5m, timezone: Europe/Kyiv }
sources: [{ id: a, url: "${url}" }, { id: b, url: "${url}", every: 500ms }, { id: c, url: "${url}", every: 1h }]`,
      'sources.yaml',
    );
    expect(sources.map(({ every }) => every)).toEqual([300_000, 500, 3_600_000]);
    expect(sources[1]?.timezone).toBe('Europe/Kyiv');
  });

  test('may be JSON, and may have no source at all', () => {
    expect(parseSources('{"sources": []}', 'sources.json')).toEqual([]);
  });
});

describe('a wrong sources file is refused in one line that names the file, the entry and the line', () => {
  test.each([
    ['another scheme', 'url: ftp://news.example/', 'url must be http or https'],
    ['no address', 'url: news.example', 'url must be an address such as https://news.example/rss.xml'],
    ['a password', 'url: "https://me:secret@news.example/"', 'url must not carry a user name or a password'],
    ['a number for a duration', `url: "${url}", every: 60`, 'every must be a duration such as 60s, 5m or 1h'],
    ['no time between polls', `url: "${url}", every: 0s`, 'every must be between 50ms and 24h'],
    [
      'no topic id',
      `url: "${url}", topics: [Politics]`,
      'topics[0] "Politics" is not a topic id such as politics or place:kyiv',
    ],
    ['an urgency of ten', `url: "${url}", urgency: 10`, 'urgency must be 1 to 9'],
    [
      'no such zone',
      `url: "${url}", timezone: Mars/Olympus`,
      'timezone must be a time zone such as Europe/Kyiv',
    ],
    [
      'no language',
      `url: "${url}", language: "українська"`,
      'language must be a language tag such as uk or pt-BR',
    ],
    ['a word for yes', `url: "${url}", checkGone: sure`, 'checkGone must be true or false'],
    ['a misspelt key', `url: "${url}", topcis: [a]`, 'unknown key "topcis"'],
  ])('%s', (_what, fields, words) => {
    const yaml = `sources:\n- { id: a, url: "${url}" }\n- { id: unn-en, ${fields} }`;
    expect(problem(yaml)).toBe(`sources.yaml: sources[1] (unn-en): ${words} (line 3)`);
  });

  test.each([
    [
      'an id twice',
      `sources:\n- { id: a, url: "${url}" }\n- { id: a, url: "${url}" }`,
      'sources[1] (a): id is taken by sources[0] (line 3)',
    ],
    ['no url', 'sources:\n- { id: a }', 'sources[0] (a): url is missing (line 2)'],
    ['no id', `sources:\n- { url: "${url}" }`, 'sources[0]: id is missing (line 2)'],
    ['an entry that is no entry', 'sources:\n- 5', 'sources[0]: must be keys and values (line 2)'],
    [
      'wrong defaults',
      'sources: []\ndefaults: { every: soon }',
      'defaults: every must be a duration such as 60s, 5m or 1h (line 2)',
    ],
    ['nothing in it', '', 'sources is missing'],
    ['another list', '- a', 'must be keys and values'],
    ['no YAML', 'sources:\n- id: "a', 'line 2: Missing closing "quote'],
    [
      'an alias of nothing',
      'sources: *nothing',
      'Unresolved alias (the anchor must be set before the alias): nothing',
    ],
  ])('%s', (_what, yaml, words) => {
    expect(problem(yaml)).toBe(`sources.yaml: ${words}`);
  });
});
