import { expect, test } from '@jest/globals';
import { languageTag } from '../../src/ingest/document/language.ts';

test.each([
  ['en-us', 'en-US'],
  ['EN', 'en'],
  ['pt_BR', 'pt-BR'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['ua', 'uk'],
  ['ua-UA', 'uk-UA'],
  [' uk ', 'uk'],
  ['iw', 'he'],
])('%s is %s', (declared, tag) => {
  expect(languageTag(declared)).toBe(tag);
});

test.each([undefined, '', 'rss_0', 'українська', 'en us', 'x', 'english language'])(
  '%s is no language',
  (declared) => {
    expect(languageTag(declared)).toBeUndefined();
  },
);
