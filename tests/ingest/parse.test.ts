import { describe, expect, test } from '@jest/globals';
import { type ParsedItem, ParseError } from '../../src/ingest/document/feed.ts';
import { parseFeed } from '../../src/ingest/document/parse.ts';
import { atom, item, rss } from '../support/feeds.ts';

async function firstItem(document: string): Promise<ParsedItem | undefined> {
  return (await parseFeed(document)).items[0];
}
const problem = (document: string) =>
  parseFeed(document).then(
    () => 'it was read',
    (error: unknown) => {
      expect(error).toBeInstanceOf(ParseError);
      return (error as Error).message;
    },
  );
const titles = async (document: string) => (await parseFeed(document)).items.map(({ title }) => title);

test.each([
  ['AT&T', 'AT&T'],
  ['Fish &', 'Fish &'],
  ['a &amp', 'a &'],
  ['it&#8217', 'it’'],
])('a title may end in a bare ampersand or an entity without its end: %s', async (written, read) => {
  const document = rss(item('a').replace(/<title>.*?<\/title>/, `<title>${written}</title>`), item('b'));
  expect((await titles(document))[0]).toBe(read);
  expect(await titles(document)).toHaveLength(2);
});

describe('RSS', () => {
  test('gives every field of an item', async () => {
    const feed = await parseFeed(
      rss(
        '<language>uk</language>',
        `<item><title>Title</title><link>https://news.example/a</link><guid isPermaLink="false">g-1</guid>
        <description>Lede</description><content:encoded><![CDATA[<p>Story</p>]]></content:encoded>
        <pubDate>Tue, 03 Mar 2026 10:00:00 +0200</pubDate><dc:creator>Olha Koval</dc:creator><dc:creator>Ivan Bondar</dc:creator>
        <category domain="https://news.example/tags">Politics</category><category>War in Ukraine</category><dc:subject>Budget</dc:subject>
        <enclosure url="https://news.example/sound.mp3" type="audio/mpeg" length="1"/>
        <enclosure url="https://news.example/second.jpg" type="image/jpeg" length="1"/>
        <media:content url="https://news.example/small.jpg" medium="image" width="140"/>
        <media:content url="https://news.example/large.jpg" medium="image" width="1200" height="675"><media:description>A hall</media:description></media:content>
        <media:thumbnail url="https://news.example/thumb.jpg" width="75"/></item>`,
      ),
    );
    expect(feed).toEqual({
      format: 'rss',
      title: 'Example News',
      link: 'https://news.example/',
      language: 'uk',
      withdrawn: [],
      truncated: false,
      items: [
        {
          guid: 'g-1',
          link: 'https://news.example/a',
          title: 'Title',
          description: 'Lede',
          content: '<p>Story</p>',
          dates: ['Tue, 03 Mar 2026 10:00:00 +0200'],
          authors: ['Olha Koval', 'Ivan Bondar'],
          categories: ['Politics', 'War in Ukraine', 'Budget'],
          images: [
            { href: 'https://news.example/large.jpg', width: 1200, height: 675, alt: 'A hall' },
            { href: 'https://news.example/small.jpg', width: 140 },
            { href: 'https://news.example/second.jpg' },
            { href: 'https://news.example/thumb.jpg', width: 75 },
          ],
        },
      ],
    });
  });

  test.each([
    ['without a version', '<rss><channel><item><title>A</title></item></channel></rss>'],
    ['of version 0.91', '<rss version="0.91"><channel><item><title>A</title></item></channel></rss>'],
    ['in capitals', '<RSS VERSION="2.0"><CHANNEL><ITEM><TITLE>A</TITLE></ITEM></CHANNEL></RSS>'],
    [
      'with items beside the channel',
      '<rss version="2.0"><channel><title>t</title></channel><item><title>A</title></item></rss>',
    ],
    [
      'with a prefix that nobody declared',
      '<rss rss:version=2.0><rss:channel><rss:item><rss:title>A</rss:title></rss:item></rss:channel></rss>',
    ],
    [
      'with a default namespace',
      '<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><item><title>A</title></item></channel></rss>',
    ],
  ])('%s is read', async (_what, document) => {
    expect(await titles(document)).toEqual(['A']);
  });

  test('dates, in whatever case their element is written', async () => {
    expect(
      (await firstItem(rss('<item><title>A</title><pubdate>2026-03-03</pubdate></item>')))?.dates,
    ).toEqual(['2026-03-03']);
  });

  test.each([
    ['atom:link', '<atom:link href="https://news.example/a"/>'],
    ['a permalink guid', '<guid>https://news.example/a</guid>'],
    ['an empty link beside it', '<link/><guid isPermaLink="true">https://news.example/a</guid>'],
  ])('finds the link in %s', async (_what, elements) => {
    expect((await firstItem(rss(`<item><title>A</title>${elements}</item>`)))?.link).toBe(
      'https://news.example/a',
    );
  });

  test('makes no link of a guid that says it is none', async () => {
    const story = await firstItem(
      rss('<item><title>A</title><guid isPermaLink="false">https://news.example/a</guid></item>'),
    );
    expect(story).not.toHaveProperty('link');
  });

  test('takes the first of several guids, and none of an empty one', async () => {
    expect(
      (await firstItem(rss('<item><guid isPermaLink="false"/><guid>a</guid><guid>b</guid></item>')))?.guid,
    ).toBe('a');
    expect(
      await firstItem(rss('<item><title>A</title><guid isPermaLink="false"/></item>')),
    ).not.toHaveProperty('guid');
  });

  test('items that tell or name nothing are none; items of a guid alone are', async () => {
    const { items } = await parseFeed(
      rss(
        '<item/>',
        '<item><category>x</category></item>',
        '<item>words</item>',
        '<item><guid>a</guid></item>',
      ),
    );
    expect(items.map(({ guid }) => guid)).toEqual(['a']);
  });

  test('an item inside an item costs neither its outer one nor the next', async () => {
    expect(
      await titles(rss('<item><title>A</title><item /></item>', '<item><title>B</title></item>')),
    ).toEqual(['A', 'B']);
  });

  test('names from the language itself are only names', async () => {
    const story = await firstItem(
      rss(
        '<item><__proto__><polluted>1</polluted></__proto__><constructor>x</constructor><title>A</title></item>',
      ),
    );
    expect(story?.title).toBe('A');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('RDF', () => {
  const rdf = (prefix: string, items: string) => `<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns${prefix && `:${prefix}`}="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="de">${items}</rdf:RDF>`;

  test('has its items beside the channel, their dates and subjects in Dublin Core', async () => {
    const feed = await parseFeed(
      rdf(
        '',
        `<channel rdf:about="https://news.example/"><title>t</title><items><rdf:Seq><rdf:li rdf:resource="https://news.example/a"/></rdf:Seq></items></channel>
        <item rdf:about="https://news.example/a"><title>A</title><link>https://news.example/a</link>
        <dc:date>2026-03-03T10:00:00+01:00</dc:date><dc:subject>Kultur</dc:subject></item>`,
      ),
    );
    expect(feed).toMatchObject({ format: 'rdf', language: 'de' });
    expect(feed.items).toMatchObject([
      { guid: 'https://news.example/a', dates: ['2026-03-03T10:00:00+01:00'], categories: ['Kultur'] },
    ]);
  });

  test('may have a prefix for RSS', async () => {
    expect(
      await titles(
        rdf('r', '<r:channel><r:title>t</r:title></r:channel><r:item><r:title>A</r:title></r:item>'),
      ),
    ).toEqual(['A']);
  });

  test('may have its items in the channel', async () => {
    expect(await titles(rdf('', '<channel><title>t</title><item><title>A</title></item></channel>'))).toEqual(
      ['A'],
    );
  });
});

describe('Atom', () => {
  test('gives every field of an entry', async () => {
    const feed = await parseFeed(
      atom(`<entry xml:lang="en" xml:base="https://news.example/en/"><id>urn:a</id><title type="html">A &amp;lt;b&amp;gt;</title>
        <link rel="related" href="https://other.example/"/><link href="a.json" type="application/json"/><link rel="alternate" type="text/html" href="a"/>
        <link rel="enclosure" type="image/png" href="a.png"/>
        <summary>Lede</summary><content type="html">&lt;p&gt;Story&lt;/p&gt;</content>
        <author><name>Olha Koval</name><email>o@news.example</email></author>
        <category term="politics" label="Politics"/><category term="world"/>
        <published>2026-03-03T08:00:00Z</published><updated>2026-03-03T09:00:00Z</updated></entry>`),
    );
    expect(feed).toMatchObject({
      format: 'atom',
      title: 'Приклад',
      language: 'uk',
      link: 'https://news.example/',
    });
    expect(feed.items).toEqual([
      {
        guid: 'urn:a',
        link: 'a',
        title: 'A &lt;b&gt;',
        description: 'Lede',
        content: '<p>Story</p>',
        dates: ['2026-03-03T08:00:00Z', '2026-03-03T09:00:00Z'],
        updated: '2026-03-03T09:00:00Z',
        authors: ['Olha Koval'],
        categories: ['politics', 'world'],
        images: [{ href: 'a.png' }],
        language: 'en',
        base: 'https://news.example/en/',
      },
    ]);
  });

  test.each([
    ['a date that is none', '<published>Yesterday</published>'],
    ['a link as text', '<link>https://news.example/a</link>'],
    ['a link without attributes', '<link/>'],
    ['an empty author', '<author/>'],
  ])('%s does not cost the feed', async (_what, element) => {
    expect(
      await titles(atom(`<entry><title>A</title>${element}</entry>`, '<entry><title>B</title></entry>')),
    ).toEqual(['A', 'B']);
  });

  test('may have a prefix', async () => {
    const document = `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id><a:title>A</a:title></a:entry></a:feed>`;
    expect(await parseFeed(document)).toMatchObject({ format: 'atom', items: [{ guid: '1', title: 'A' }] });
  });

  test('keeps the words of XHTML in their order', async () => {
    const xhtml =
      '<div xmlns="http://www.w3.org/1999/xhtml">One <b>two</b> three <i>four</i> &amp; five</div>';
    expect(
      (await firstItem(atom(`<entry><id>1</id><content type="xhtml">${xhtml}</content></entry>`)))?.content,
    ).toBe(xhtml);
  });

  test('has no story in a picture', async () => {
    expect(
      await firstItem(atom('<entry><id>1</id><content type="image/png">iVBORw0KGgo=</content></entry>')),
    ).not.toHaveProperty('content');
  });

  test('tells what was withdrawn', async () => {
    const { withdrawn } = await parseFeed(
      atom(
        '<at:deleted-entry ref="urn:a" when="2026-03-03T10:00:00Z"><at:comment>x</at:comment></at:deleted-entry>',
        '<at:deleted-entry ref="urn:b"/>',
        '<at:deleted-entry/>',
      ),
    );
    expect(withdrawn).toEqual([{ ref: 'urn:a', when: '2026-03-03T10:00:00Z' }, { ref: 'urn:b' }]);
  });
});

describe('JSON Feed', () => {
  const json = (...items: unknown[]) =>
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'T',
      home_page_url: 'https://news.example/',
      language: 'en',
      items,
    });

  test('gives every field of an item', async () => {
    const feed = await parseFeed(
      json({
        id: 7,
        url: 'https://news.example/a',
        title: 'Title',
        summary: 'Lede <b>',
        content_html: '<p>Story</p>',
        image: 'https://news.example/a.jpg',
        date_published: '2026-03-03T08:00:00Z',
        date_modified: '2026-03-03T09:00:00Z',
        authors: [{ name: 'Olha Koval' }],
        tags: ['Politics', ''],
        language: 'uk',
      }),
    );
    expect(feed).toMatchObject({ format: 'json', title: 'T', link: 'https://news.example/', language: 'en' });
    expect(feed.items).toEqual([
      {
        guid: '7',
        link: 'https://news.example/a',
        title: 'Title',
        description: 'Lede &lt;b&gt;',
        content: '<p>Story</p>',
        dates: ['2026-03-03T08:00:00Z', '2026-03-03T09:00:00Z'],
        updated: '2026-03-03T09:00:00Z',
        authors: ['Olha Koval'],
        categories: ['Politics'],
        images: [{ href: 'https://news.example/a.jpg' }],
        language: 'uk',
      },
    ]);
  });

  test('makes HTML of plain text', async () => {
    expect((await firstItem(json({ id: 'a', content_text: 'One < two\nthree\n\nfour' })))?.content).toBe(
      '<p>One &lt; two<br />three</p><p>four</p>',
    );
  });

  test('a broken item does not cost the others, nor a broken field its item', async () => {
    expect(
      await titles(
        json(
          null,
          5,
          {},
          { id: 'a', title: 'A', tags: 'x', authors: [3], image: {} },
          { id: 'b', title: 'B' },
        ),
      ),
    ).toEqual(['A', 'B']);
  });

  test('may begin with a byte order mark', async () => {
    expect(await titles(`\ufeff${json({ title: 'A' })}`)).toEqual(['A']);
  });
});

describe('a document that is nearly a feed is read', () => {
  test.each([
    ['white space and a byte order mark first', `\ufeff \n ${rss(item('a'))}`],
    [
      'a warning of the server first',
      `<br />\n<b>Warning</b>: something in <b>/index.php</b> on line 3<br />\n${rss(item('a'))}`,
    ],
    ['comments first', `<!-- <html> -->\n<!-- made by hand -->${rss(item('a'))}`],
    [
      'a document type first',
      `<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>${rss(item('a'))}`,
    ],
    ['junk behind it', `${rss(item('a'))}<script>track()</script>`],
    ['control characters', rss(item('a').replace('Headline', 'Head\u0000\u0008\u001fline'))],
    ['no end tag of the root', rss(item('a')).replace('</rss>', '')],
    ['no end tag of the channel', rss(item('a')).replace('</channel>', '')],
  ])('%s', async (_what, document) => {
    expect(await titles(document)).toEqual(['Headline of a']);
  });

  test('with bare ampersands and the entities of HTML', async () => {
    const story = await firstItem(
      rss(
        '<item><title>AT&T &nbsp; R&D &mdash; today</title><link>https://news.example/a?x=1&y=2</link></item>',
      ),
    );
    expect(story).toMatchObject({ title: 'AT&T \u00a0 R&D — today', link: 'https://news.example/a?x=1&y=2' });
  });

  test('with HTML that was not escaped, its tags not even closed', async () => {
    const html = '<p>One <EM>two</em> <b>three<br> four &amp; five';
    const { items } = await parseFeed(
      rss(`<item><title>A <i>b</i> c</title><description>${html}</description></item>`, item('b')),
    );
    expect(items).toMatchObject([{ title: 'A <i>b</i> c', description: html }, { title: 'Headline of b' }]);
  });

  test('with a quoted story that talks of feeds', async () => {
    const html = '<p>Write <title>x</title> &lt;item&gt; <!-- and --> <content> here</p>';
    const { items } = await parseFeed(
      rss(`<item><title>A</title><content:encoded><![CDATA[${html}]]></content:encoded></item>`, item('b')),
    );
    expect(items).toMatchObject([{ content: html }, { title: 'Headline of b' }]);
  });

  test('with the children of media:content in their places', async () => {
    const story = await firstItem(
      rss(
        '<item><title>A</title><media:group><media:content url="https://news.example/a.jpg" type="image/jpeg"><media:title>Alt</media:title></media:content></media:group></item>',
      ),
    );
    expect(story?.images).toEqual([{ href: 'https://news.example/a.jpg', alt: 'Alt' }]);
  });

  test('as far as it goes, when it breaks off', async () => {
    const whole = rss(item('a'), item('b'), item('c'));
    const feed = await parseFeed(whole.slice(0, whole.indexOf('Headline of c')));
    expect(feed.items.map(({ guid }) => guid)).toEqual(['a', 'b']);
    expect(feed.truncated).toBe(true);
    expect((await parseFeed(whole)).truncated).toBe(false);
  });

  test('and Atom too', async () => {
    const feed = await parseFeed(
      atom('<entry><id>a</id></entry>', '<entry><id>b</id></entry>', '<entry><id>c').replace('</feed>', ''),
    );
    expect(feed.items.map(({ guid }) => guid)).toEqual(['a', 'b']);
  });
});

describe('what is no feed is called by its name', () => {
  test.each([
    ['', 'not a feed: an empty document'],
    [' \n\ufeff', 'not a feed: an empty document'],
    ['<!DOCTYPE html><html><body><a href="/rss">RSS</a></body></html>', 'not a feed: an HTML page'],
    ['<!-- x --><HTML><head></head></HTML>', 'not a feed: an HTML page'],
    ['<?xml version="1.0"?><opml version="2.0"><body/></opml>', 'not a feed: an OPML list of feeds'],
    [
      '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>',
      'not a feed: a sitemap that has no news',
    ],
    ['<sitemapindex/>', 'not a feed: an index of sitemaps; read one of the sitemaps that it lists'],
    ['<note>x</note>', 'not a feed: XML or HTML that begins with <note>'],
    ['Service unavailable', 'not a feed: plain text'],
    ['{"items": 5}', 'not a feed: JSON without a list of items'],
    ['{"items": []}', 'not a feed: JSON that is no JSON Feed'],
    ['{"items": [', 'a broken JSON document'],
    [
      '<rss version="2.0"><channel><title>t</title><item><title><![CD',
      'a broken document: it ends before its first item does',
    ],
  ])('%.40j', async (document, words) => {
    expect(await problem(document)).toBe(words);
  });

  test('a feed without items is a feed', async () => {
    expect((await parseFeed(rss())).items).toEqual([]);
    expect((await parseFeed(atom())).items).toEqual([]);
  });

  test('a feed without a channel is a broken one', async () => {
    expect(await problem('<rss version="2.0"></rss>')).toMatch(/^a broken rss document: /);
  });
});

describe('a hostile document', () => {
  test('has no entities of its own: nothing expands, nothing is read from the disk', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
      ${rss('<item><title>&b; &f;</title><guid>1</guid></item>', item('b')).replace(/<\?xml.*?\?>/, '')}`;
    expect(await titles(bomb)).toEqual([undefined, 'Headline of b']);
  });

  const size = 300_000;
  test.each([
    ['elements in elements', rss(`<item><guid>a</guid>${'<x>'.repeat(size / 4)}</item>`)],
    ['titles in titles', rss('<title>'.repeat(size / 7))],
    ['titles around quotations', rss(`${'<title>'.repeat(size / 7)}<![CDATA[]]></title>`)],
    ['titles around escaped tags', rss(`${'<title>'.repeat(size / 20)}${'&lt;'.repeat(size / 8)}</title>`)],
    [
      'tags without ends',
      rss(`<item><guid>a</guid><description>${'&lt;h'.repeat(size / 5)}</description></item>`),
    ],
    ['channels without ends', rss('<channel'.repeat(size / 8))],
    ['comments without ends', rss('<!--'.repeat(size / 4))],
    ['quotations without ends', rss('<![CDATA['.repeat(size / 9))],
    ['attributes without ends', rss('<title a="'.repeat(size / 10))],
    ['instructions', '<?'.repeat(size / 2)],
    ['document types', '<!DOCTYPE x ['.repeat(size / 13)],
    ['namespaces', `<rss ${'xmlns:a="http://news.example/" '.repeat(size / 32)}><channel/></rss>`],
    ['spaces', `<rss xmlns:a="${' '.repeat(size)}`],
    ['declarations without ends', rss(`<item><guid>a</guid></item><!DOCT${'a'.repeat(size)}`)],
    ['a huge attribute', rss(`<item><guid x="${'a'.repeat(size)}">a</guid></item>`)],
    ['ampersands', rss(`<item><title>${'&'.repeat(size)}</title></item>`)],
  ])('takes no more time for its %s than for its length', async (_what, document) => {
    const before = performance.now();
    await parseFeed(document).catch((error: unknown) => expect(error).toBeInstanceOf(ParseError));
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test('gives no more than 2000 stories', async () => {
    expect((await parseFeed(rss('<item><guid>a</guid></item>'.repeat(5000)))).items).toHaveLength(2000);
  });
});

describe('a sitemap of news', () => {
  const news = (more: string, prefix = 'news') =>
    `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:${prefix}="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">${more}</urlset>`;
  const url = (prefix = 'news') => `<url><loc>https://news.example/a</loc><${prefix}:news>
<${prefix}:publication><${prefix}:name>Example</${prefix}:name><${prefix}:language>uk</${prefix}:language></${prefix}:publication>
<${prefix}:publication_date>2026-03-03T10:00:00+02:00</${prefix}:publication_date><${prefix}:title>Рада &amp; бюджет</${prefix}:title>
<${prefix}:keywords>бюджет, Рада</${prefix}:keywords><${prefix}:genres>Opinion</${prefix}:genres></${prefix}:news>
<image:image><image:loc>https://news.example/a.jpg</image:loc></image:image></url>`;

  test.each(['news', 'n'])('is read, whatever its prefix: %s', async (prefix) => {
    const feed = await parseFeed(
      news(`${url(prefix)}<url><loc>https://news.example/about</loc></url>`, prefix),
    );
    expect(feed).toMatchObject({ format: 'sitemap', truncated: false });
    expect(feed.items).toEqual([
      {
        link: 'https://news.example/a',
        title: 'Рада & бюджет',
        dates: ['2026-03-03T10:00:00+02:00'],
        authors: [],
        categories: ['бюджет', 'Рада'],
        genres: ['Opinion'],
        images: [{ href: 'https://news.example/a.jpg' }],
        language: 'uk',
      },
    ]);
  });

  test('may be empty for a while', async () => {
    expect((await parseFeed(news(''))).items).toEqual([]);
  });

  test('that breaks off gives what is whole', async () => {
    const feed = await parseFeed(news(`${url()}<url><loc>https://news`).replace('</urlset>', ''));
    expect(feed).toMatchObject({ truncated: true, items: [{ link: 'https://news.example/a' }] });
  });
});

describe('a document of other times and other servers is read', () => {
  test.each([
    ['in a page', `<!DOCTYPE html><html><body><p>x</p>${rss(item('a'))}</body></html>`],
    ['an item without its end tag', rss(item('a').replace('</item>', ''))],
    ['a title without its end tag', rss(item('a').replace('</title>', ''))],
    ['items before the channel', `<rss version="2.0">${item('a')}<channel><title>T</title></channel></rss>`],
  ])('%s', async (_what, document) => {
    expect((await titles(document))[0]).toMatch(/^Headline of a/);
  });

  test('each item for itself, where none has its end tag', async () => {
    const document = rss(item('a'), item('b'), item('c')).replaceAll('</item>', '');
    expect(await titles(document)).toEqual(['Headline of a', 'Headline of b', 'Headline of c']);
  });

  test('with the harmless entities that it declares', async () => {
    const document = `<!DOCTYPE rss [<!ENTITY euro "€"><!ENTITY nbsp "&#160;">]>${rss('<item><title>5&nbsp;&euro;</title></item>')}`;
    expect(await titles(document)).toEqual(['5\u00a0€']);
  });

  test('with a text in base64, as Atom 0.3 had it', async () => {
    const entry =
      '<entry><title>A</title><content mode="base64" type="text/html">PHA+SGVsbG88L3A+</content></entry>';
    expect(
      (await firstItem(`<feed version="0.3" xmlns="http://purl.org/atom/ns#">${entry}</feed>`))?.content,
    ).toBe('<p>Hello</p>');
  });

  test('as JSON, as far as it goes', async () => {
    const json = JSON.stringify({
      version: 'https://jsonfeed.org/version/1',
      items: [{ id: 'a', tags: ['}'] }, { id: 'b' }, { id: 'c' }],
    });
    const feed = await parseFeed(json.slice(0, json.indexOf('"c"') + 2));
    expect(feed).toMatchObject({ truncated: true, items: [{ guid: 'a' }, { guid: 'b' }] });
  });

  test('without items, when it breaks off before the first', async () => {
    const document = rss('<item>').slice(0, -'<item></channel></rss>'.length);
    expect(await parseFeed(document)).toMatchObject({ truncated: true, items: [] });
  });

  test('as whole, when only the end tag of its root is missing', async () => {
    expect((await parseFeed(rss(item('a')).replace('</rss>', ''))).truncated).toBe(false);
  });
});
