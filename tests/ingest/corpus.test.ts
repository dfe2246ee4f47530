import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readDocument } from '../../src/ingest/document.ts';
import { canonicalLink } from '../../src/ingest/link.ts';
import { loadVocabulary } from '../../src/topics/vocabulary.ts';
import { source } from '../support/feeds.ts';

/**
 * Documents as real publishers sent them, kept beside the repository because they are not ours to copy into it; with
 * what an independent reader finds in each. Where they are not there, this test says so and checks nothing.
 */
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

const expectedSchema = z.object({
  file: z.string(),
  items: z.number(),
  first: z
    .object({
      titlePlain: z.string().nullish(),
      link: z.string().nullish(),
      isoDate: z.string().nullish(),
      categories: z.array(z.string()),
    })
    .nullable(),
});

/** Documents that we read differently, and why. */
const EXCEPTIONS: Record<string, string> = {};

const vocabulary = await loadVocabulary();
const present = existsSync(CORPUS);
const lines = (name: string) =>
  readFileSync(CORPUS + name, 'utf8')
    .trim()
    .split('\n');
const captured = new Set(
  (present ? lines('MANIFEST.tsv') : [])
    .map((line) => line.split('\t'))
    .filter((columns) => columns[7]?.startsWith('captured'))
    .map(([file]) => file),
);
const documents = (present ? lines('EXPECTED.jsonl') : [])
  .map((line) => expectedSchema.parse(JSON.parse(line)))
  .filter(({ file }) => captured.has(file) && !(file in EXCEPTIONS));

const folded = (text: string) => text.replace(/\s+/g, ' ').trim();

if (documents.length === 0) {
  test.skip('no corpus of captured feeds beside the repository: nothing to check', () => {});
} else {
  describe('a captured document is read as it was meant', () => {
    test.each(documents.map((document) => [document.file, document] as const))(
      '%s',
      async (file, { items, first }) => {
        const document = { bytes: readFileSync(CORPUS + file), url: 'https://feeds.example/feed.xml' };
        const reading = readDocument(document, source(), { vocabulary, now: Date.now });
        if (first === null) {
          await expect(reading).rejects.toMatchObject({ name: 'ParseError' });
          return;
        }
        const { drafts, truncated } = await reading;
        expect(truncated).toBe(false);
        expect(drafts).toHaveLength(items);
        const [draft] = drafts;
        if (draft?.kind !== 'content') throw new Error('the first is no story');
        const { headline, link, published, sections } = draft.content;
        expect(headline).toBe(first.titlePlain);
        expect(published?.slice(0, 19)).toBe(first.isoDate?.slice(0, 19));
        expect(sections).toEqual([...new Set(first.categories.map(folded))]);
        // A relative link is right against the site, which the expectation does not name.
        const path = first.link?.startsWith('/') ? new URL(link ?? '').pathname : link;
        expect(path).toBe(first.link?.startsWith('/') ? first.link : canonicalLink(first.link ?? undefined));
      },
    );
  });
}
