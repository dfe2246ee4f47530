import { describe, expect, test } from '@jest/globals';
import type { Content } from '../../src/core/story.ts';
import { readDocument } from '../../src/ingest/document/document.ts';
import type { Source } from '../../src/ingest/sources.ts';
import type { Draft } from '../../src/store/store.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { atom, item, rss, source } from '../support/feeds.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const topics = await loadTopics();

async function drafts(
  text: string,
  of: Partial<Source> = {},
  url = 'https://news.example/rss.xml',
): Promise<Draft[]> {
  const document = { bytes: Buffer.from(text), contentType: 'application/rss+xml', url };
  return (await readDocument(document, source(of), { topics, now: () => NOW })).drafts;
}

async function stories(text: string, of: Partial<Source> = {}, url?: string): Promise<Content[]> {
  return (await drafts(text, of, url)).flatMap((draft) => (draft.kind === 'content' ? [draft.content] : []));
}

async function story(elements: string, of: Partial<Source> = {}): Promise<Content> {
  const [only] = await stories(rss(`<item>${elements}</item>`), of);
  if (!only) throw new Error('no story');
  return only;
}

describe('a story', () => {
  test('is what its source says, in our terms', async () => {
    const text = rss(
      '<language>en-us</language>',
      `<item><title>Parliament &lt;b&gt;passes&lt;/b&gt; budget</title><guid isPermaLink="false">g-1</guid>
      <link>https://news.example/a?utm_source=rss</link><description>The &lt;i&gt;Rada&lt;/i&gt; voted.</description>
      <content:encoded><![CDATA[<p onclick="x">The Rada voted. <a href="/b">More</a></p>]]></content:encoded>
      <pubDate>Tue, 03 Mar 2026 10:00:00</pubDate><author>editor@news.example (Olha Koval)</author>
      <category>Політика</category><category> Budget  2026 </category><category>Політика</category>
      <media:content url="/hall.jpg" medium="image" width="1200" height="675"/></item>`,
    );
    const [only] = await stories(text, {
      timezone: 'Europe/Kyiv',
      urgency: 4,
      topics: ['ukraine'],
      allow: 'redistribute',
    });
    expect(only).toEqual({
      id: expect.stringMatching(/^test:[0-9a-f]{20}$/),
      source: { id: 'test', name: 'Test' },
      link: 'https://news.example/a',
      language: 'en-US',
      headline: 'Parliament passes budget',
      description: 'The Rada voted.',
      body: '<p>The Rada voted. <a href="https://news.example/b" rel="noopener nofollow">More</a></p>',
      by: 'Olha Koval',
      urgency: 4,
      flags: [],
      sections: ['Політика', 'Budget 2026'],
      topics: expect.arrayContaining(['ukraine', 'politics', 'budget-2026']),
      image: { href: 'https://news.example/hall.jpg', width: 1200, height: 675 },
      published: '2026-03-03T08:00:00.000Z',
      usageTerms: 'redistribute',
    });
  });

  test('has fields only for what there is', async () => {
    expect(Object.keys(await story('<title>A</title>')).sort()).toEqual(
      ['flags', 'headline', 'id', 'language', 'sections', 'source', 'topics', 'urgency'].sort(),
    );
  });

  test('always has a headline: the beginning of the lede, the link, or what names it', async () => {
    expect((await story(`<description>${'Some words. '.repeat(50)}</description>`)).headline).toMatch(
      /^Some words\. .*…$/,
    );
    expect((await story('<link>https://news.example/a</link>')).headline).toBe('https://news.example/a');
    expect((await story('<guid isPermaLink="false">g-1</guid>')).headline).toBe('g-1');
    expect((await story('<title>&lt;img src="x"&gt;</title><description>Lede</description>')).headline).toBe(
      'Lede',
    );
  });

  test('has as body a description that is a whole story, or has paragraphs', async () => {
    expect((await story('<title>A</title><description>Short.</description>')).body).toBeUndefined();
    expect((await story('<title>A</title><description><![CDATA[<p>Short.</p>]]></description>')).body).toBe(
      '<p>Short.</p>',
    );
    const long = await story(`<title>A</title><description>${'Words and words. '.repeat(200)}</description>`);
    expect(long.body?.length).toBeGreaterThan(3000);
    expect(long.description?.length).toBeLessThanOrEqual(1000);
    expect(long.description).toMatch(/ (?:Words|and|words\.)…$/);
  });

  test('has as lede the beginning of its body, when the source gives none', async () => {
    const { description, body } = await story(
      '<title>A</title><content:encoded><![CDATA[<p>One.</p><p>Two.</p>]]></content:encoded>',
    );
    expect(description).toBe('One. Two.');
    expect(body).toBe('<p>One.</p><p>Two.</p>');
  });

  test('takes an image from its text, when the source names none', async () => {
    const { image } = await story(
      '<title>A</title><description><![CDATA[<img src="//cdn.example/a.jpg?x=1&amp;y=2"> Words]]></description><content:encoded><![CDATA[<p><img src="//cdn.example/a.jpg?x=1&amp;y=2">Words</p>]]></content:encoded>',
    );
    expect(image).toEqual({ href: 'https://cdn.example/a.jpg?x=1&y=2' });
    const inLede = await story(
      '<title>A</title><description><![CDATA[<img src="/a.jpg"> Words]]></description>',
    );
    expect(inLede).toMatchObject({ description: 'Words', image: { href: 'https://news.example/a.jpg' } });
    expect(inLede.body).toBeUndefined();
  });

  test('names authors, not their addresses', async () => {
    expect((await story('<title>A</title><author>news@news.example</author>')).by).toBeUndefined();
    expect(
      (await story('<title>A</title><dc:creator>Olha Koval</dc:creator><dc:creator>Ivan Bondar</dc:creator>'))
        .by,
    ).toBe('Olha Koval, Ivan Bondar');
  });

  test('carries the marks of its publisher', async () => {
    expect(
      (await story('<title>ТЕРМІНОВО: Угоду підписано</title><category>Opinion</category>')).flags,
    ).toEqual(['breaking', 'opinion']);
  });

  test('is a correction when its publisher says so', async () => {
    const text = rss(
      item('a').replace('Headline', 'Correction: Headline'),
      item('b').replace('What', 'Виправлено: What'),
      item('c'),
    );
    expect((await drafts(text)).map((draft) => draft.kind === 'content' && draft.correction)).toEqual([
      true,
      true,
      undefined,
    ]);
  });

  test('has a link only to the web', async () => {
    const { link, body } = await story(
      '<title>A</title><link>javascript:alert(1)</link><description><![CDATA[<p onclick="x()">hi</p><script>alert(1)</script><svg/onload=alert(1)>]]></description>',
    );
    expect(link).toBeUndefined();
    expect(body).toBe('<p>hi</p>');
  });

  test('stays small, whatever its source sends', async () => {
    const huge = 'слово '.repeat(100_000);
    const big = await story(
      `<title>${huge}</title><description>${huge}</description><content:encoded>${huge}</content:encoded><dc:creator>${huge}</dc:creator>
      <link>https://news.example/${'a'.repeat(10_000)}</link>${Array.from({ length: 500 }, (_, n) => `<category>${n} ${huge.slice(0, 5000)}</category>`).join('')}`,
    );
    expect(big.headline.length).toBeLessThanOrEqual(500);
    expect(big.description?.length).toBeLessThanOrEqual(1000);
    expect(Buffer.byteLength(big.body ?? '')).toBeLessThanOrEqual(200_000);
    expect(big.by?.length).toBeLessThanOrEqual(200);
    expect(big.sections.length).toBeLessThanOrEqual(50);
    expect(big.topics.length).toBeLessThanOrEqual(64);
    expect(big.link).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(big))).toBeLessThan(260_000);
  });
});

describe('the language of a story is', () => {
  test.each([
    ['its own', '<language>ru</language>', '<dc:language>uk_UA</dc:language>', 'en', 'uk-UA'],
    ['that of its source', '<language>ru</language>', '', 'EN', 'en'],
    ['that of the feed', '<language>ua</language>', '', undefined, 'uk'],
    ['not known', '', '', undefined, 'und'],
  ])('%s', async (_what, inFeed, inItem, ofSource, expected) => {
    const [only] = await stories(rss(inFeed, `<item><title>A</title>${inItem}</item>`), {
      language: ofSource,
    });
    expect(only?.language).toBe(expected);
  });
});

describe('relative addresses are relative', () => {
  test('to xml:base, before the site, before the document', async () => {
    const entry = '<entry xml:base="/en/"><id>1</id><title>A</title><link href="a"/></entry>';
    expect((await stories(atom(entry)))[0]?.link).toBe('https://news.example/en/a');
    const plain = '<entry><id>1</id><title>A</title><link href="a"/></entry>';
    expect((await stories(atom(plain)))[0]?.link).toBe('https://news.example/a');
    const homeless = atom(plain).replace('<link href="https://news.example/"/>', '');
    expect((await stories(homeless, {}, 'https://feeds.example/x/feed.xml'))[0]?.link).toBe(
      'https://feeds.example/x/a',
    );
  });
});

describe('a document', () => {
  test('tells a story once that it lists twice', async () => {
    expect(await stories(rss(item('a'), item('b'), item('a')))).toHaveLength(2);
  });

  test('tells of ten stories under one guid', async () => {
    const items = Array.from({ length: 10 }, (_, n) =>
      item(`s${n}`).replace(/<guid.*<\/guid>/, '<guid>the-same</guid>'),
    );
    expect(new Set((await stories(rss(...items))).map(({ id }) => id)).size).toBe(10);
  });

  const entry = (updated: string) => `<entry><id>urn:a</id><title>A</title>${updated}</entry>`;
  const tombstone = (when: string) => `<at:deleted-entry ref="urn:a"${when}/>`;

  test('withdraws the story that its entry told', async () => {
    const [told] = await drafts(atom(entry('')));
    const [gone] = await drafts(atom(tombstone(' when="2026-03-03T10:00:00Z"')));
    expect(told).toMatchObject({ kind: 'content' });
    expect(gone).toEqual({ kind: 'withdrawal', id: told?.kind === 'content' && told.content.id });
  });

  test.each([
    [
      'ignored for an entry that was changed after it',
      '<updated>2026-03-03T11:00:00Z</updated>',
      ' when="2026-03-03T10:00:00Z"',
      'content',
    ],
    [
      'heeded for one that was changed before it',
      '<updated>2026-03-03T09:00:00Z</updated>',
      ' when="2026-03-03T10:00:00Z"',
      'withdrawal',
    ],
    ['heeded for one that does not say', '', ' when="2026-03-03T10:00:00Z"', 'withdrawal'],
    [
      'ignored without a date, while the entry is there',
      '<updated>2026-03-03T09:00:00Z</updated>',
      '',
      'content',
    ],
  ])('whose tombstone stands beside the entry: %s', async (_what, updated, when, kind) => {
    expect((await drafts(atom(tombstone(when), entry(updated)))).map((draft) => draft.kind)).toEqual([kind]);
  });
});
