import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readDocument } from '../../src/ingest/document/document.ts';
import { canonicalLink } from '../../src/ingest/document/link.ts';
import { loadTopics } from '../../src/topics/topics.ts';
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
      title: z.string().nullish(),
      titlePlain: z.string().nullish(),
      guid: z.string().nullish(),
      link: z.string().nullish(),
      isoDate: z.string().nullish(),
      categories: z.array(z.string()),
    })
    .nullable(),
});

/** Documents that we read differently, and why; `as` is what an unprejudiced reader of the document finds. */
const EXCEPTIONS: Record<string, { why: string; as: Record<string, unknown> }> = {
  'bad-incomplete-cdata.rss.xml': { why: 'it breaks off in its only item', as: { refused: true } },
  'json-elastic11.json': {
    why: 'its first item has no id; None is how Python writes that',
    as: { guid: null },
  },
  'old-092-winer.rss.xml': {
    why: 'its 13th and 22nd item are the same to the letter; and items without a title are called by their lede',
    as: { items: 21, headline: expect.stringMatching(/^It's been a few days since .*…$/) },
  },
  'old-093.rss.xml': { why: 'its links are words, not addresses', as: { link: expect.anything() } },
  'old-atom03.atom.xml': { why: 'its links are words, not addresses', as: { link: expect.anything() } },
  'x-bomb-billion-laughs.rss.xml': {
    why: 'its first item has a link; its title is the bomb, so that it is called by that link',
    as: { headline: 'https://news.example/b', link: 'https://news.example/b' },
  },
  'x-xxe-file.rss.xml': {
    why: 'its first item has a link; its title is a file of ours, so that it is called by that link',
    as: { headline: 'https://news.example/x', link: 'https://news.example/x' },
  },
  'x-noguid-nolink-nodate.rss.xml': {
    why: 'its first two items are the same to the letter',
    as: { items: 4 },
  },
  'x-script-description.rss.xml': { why: 'its link is a script', as: { link: undefined } },
};

const topics = await loadTopics();
const documents = (
  existsSync(CORPUS) ? readFileSync(`${CORPUS}EXPECTED.jsonl`, 'utf8').trim().split('\n') : []
).map((line) => expectedSchema.parse(JSON.parse(line)));

const folded = (text: string) => text.replace(/\s+/g, ' ').trim();

if (documents.length === 0) {
  test.skip('no corpus of feeds beside the repository: nothing to check', () => {});
} else {
  describe('a document of the corpus is read as it was meant', () => {
    test.each(documents.map((document) => [document.file, document] as const))(
      '%s',
      async (file, { items, first }) => {
        const as = EXCEPTIONS[file]?.as ?? {};
        const document = { bytes: readFileSync(CORPUS + file), url: 'https://feeds.example/feed.xml' };
        const reading = readDocument(document, source(), { topics, now: Date.now });
        if (file === 'html-page-instead.html' || as.refused) {
          await expect(reading).rejects.toMatchObject({ name: 'ParseError' });
          return;
        }
        const { drafts, guids } = await reading;
        expect(drafts).toHaveLength(Number(as.items ?? items));
        if (first === null) return;
        const [draft] = drafts;
        if (draft?.kind !== 'content') throw new Error('the first is no story');
        const { id, headline, link, published, sections } = draft.content;
        const wanted = first.link?.startsWith('/')
          ? new URL(first.link, link).href
          : (canonicalLink(first.link ?? undefined) ?? undefined);
        expect({
          headline,
          guid: guids.get(id) ?? null,
          link,
          published: published?.slice(0, 19),
          sections,
        }).toEqual({
          headline: as.headline ?? first.titlePlain ?? first.title,
          guid: 'guid' in as ? as.guid : (first.guid ?? null),
          link: 'link' in as ? as.link : wanted,
          published: first.isoDate?.slice(0, 19),
          sections: [...new Set(first.categories.map(folded))],
        });
      },
    );
  });
}
