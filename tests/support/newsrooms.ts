import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';

/** A feed as a server would hand it out, and how many stories are in it. */
export interface Feed {
  id: string;
  body: Uint8Array;
  contentType: string;
  stories: number;
}

const text = (id: string, contentType: string, stories: number, body: string, charset = 'utf-8'): Feed => ({
  id,
  contentType,
  stories,
  body: iconv.encode(body, charset),
});

/** Feeds in the shapes of real newsrooms' ones; what they tell is invented. */
export function inventedFeeds(): Feed[] {
  return [
    text(
      'agency-uk',
      'text/xml; charset=utf-8',
      3,
      `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Агенція</title><link>https://agency.example/</link><language>uk</language><atom:link href="https://agency.example/rss/news_uk.xml" rel="self"/>
<item><title>Парламент ухвалив бюджет на мости</title><description><![CDATA[<p>За проголосували <b>301</b> депутат.</p>]]></description><link>https://agency.example/news/biudzhet-na-mosty</link><guid isPermaLink="true">https://agency.example/news/biudzhet-na-mosty</guid><category>Політика</category><enclosure url="https://agency.example/i/1.jpg" type="image/jpeg" length="1"/><pubDate>Tue, 03 Mar 2026 12:10:00 +0200</pubDate></item>
<item><title>Збірна виграла у дощ &amp; вітер</title><description>Рахунок 2:1.</description><link>https://agency.example/news/zbirna</link><guid>https://agency.example/news/zbirna</guid><category>Спорт</category><pubDate>Tue, 03 Mar 2026 12:05:00 +0200</pubDate></item>
<item><title>Повернулися з полону сорок вигаданих людей</title><description>Обмін відбувся вранці.</description><link>https://agency.example/news/obmin</link><guid>https://agency.example/news/obmin</guid><category>Війна в Україні</category><category>Політика</category><pubDate>Tue, 03 Mar 2026 12:00:00 +0200</pubDate></item>
</channel></rss>`,
    ),
    text(
      'pravda-like-ru',
      'text/xml',
      2,
      `<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><title>Вымышленная газета</title><link>http://paper.example/</link>
<item><title>Рынок ответил «нет» – и вырос</title><link>http://paper.example/rus/news/1/</link><description>Биржа удивила.</description><category>Экономика</category><pubDate>Tue, 03 Mar 2026 10:00:00 +0200</pubDate><guid>http://paper.example/rus/news/1/</guid></item>
<item><title>Футбол отложен из-за тумана</title><link>http://paper.example/rus/news/2/</link><description>Матч перенесён.</description><category>Спорт</category><pubDate>Tue, 03 Mar 2026 09:00:00 +0200</pubDate></item>
</channel></rss>`,
      'windows-1251',
    ),
    text(
      'daily-en',
      'application/rss+xml',
      2,
      `<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Daily Invention</title><link>https://daily.example</link><language>en-gb</language>
<item><title>Ministers agree on nothing, in detail</title><link>https://daily.example/a?utm_medium=rss</link><description>&lt;p&gt;Talks ran late.&lt;/p&gt;</description><category domain="https://daily.example/politics">Politics</category><pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate><guid>https://daily.example/a</guid><dc:creator>A. Writer</dc:creator><media:content width="460" url="https://daily.example/a.jpg"/></item>
<item><title>Tennis: a final nobody lost</title><link>https://daily.example/b</link><description>Rain, again.</description><category domain="https://daily.example/sport">Sport</category><pubDate>Tue, 03 Mar 2026 09:30:00 GMT</pubDate><guid>https://daily.example/b</guid></item>
</channel></rss>`,
    ),
    text(
      'rundfunk-de',
      'application/rdf+xml',
      2,
      `<?xml version="1.0" encoding="iso-8859-1"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://funk.example/"><title>Erfundener Rundfunk</title><link>https://funk.example/</link><description>Nichts davon</description></channel>
<item rdf:about="https://funk.example/1"><title>Müller gewinnt die Wahl zum Brückenwart</title><link>https://funk.example/1</link><dc:subject>Politik</dc:subject><dc:date>2026-03-03T10:00:00+01:00</dc:date></item>
<item rdf:about="https://funk.example/2"><title>Straßenfest fällt ins Wasser</title><link>https://funk.example/2</link><dc:subject>Wetter</dc:subject><dc:date>2026-03-03T09:00:00+01:00</dc:date></item>
</rdf:RDF>`,
      'iso-8859-1',
    ),
    text(
      'verge-like-atom',
      'application/atom+xml',
      2,
      `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Gadgets, Allegedly</title><id>https://gadgets.example/</id><updated>2026-03-03T10:00:00Z</updated><link href="https://gadgets.example/"/>
<entry><id>https://gadgets.example/1</id><title type="html">A phone that &lt;em&gt;listens&lt;/em&gt;</title><link rel="alternate" href="https://gadgets.example/1"/><published>2026-03-03T09:00:00Z</published><updated>2026-03-03T10:00:00Z</updated><author><name>B. Reviewer</name></author><category term="technology"/><content type="html">&lt;p&gt;It does.&lt;/p&gt;</content></entry>
<entry><id>https://gadgets.example/2</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Batteries <b>last</b></div></title><link href="/2"/><updated>2026-03-03T08:00:00Z</updated><summary>Longer than the warranty.</summary></entry>
</feed>`,
    ),
    text(
      'notes-json',
      'application/feed+json',
      2,
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'Notes from nowhere',
        home_page_url: 'https://notes.example/',
        language: 'en',
        items: [
          {
            id: 'n1',
            url: 'https://notes.example/1',
            title: 'Parliament, in a note',
            content_text: 'Short.',
            date_published: '2026-03-03T10:00:00Z',
            tags: ['Politics'],
          },
          {
            id: 'n2',
            url: 'https://notes.example/2',
            content_html: '<p>No title here.</p>',
            date_published: '2026-03-03T09:00:00Z',
          },
        ],
      }),
    ),
    text(
      'old-091',
      'text/xml',
      2,
      `<?xml version="1.0"?><rss version="0.91"><channel><title>Old wire</title><link>http://old.example/</link><language>en</language>
<item><title>Sport without dates</title><link>http://old.example/1</link></item><item><title>Weather without guids</title><link>http://old.example/2</link></item></channel></rss>`,
    ),
  ];
}

const corpus = new URL('../../../shared/corpus/', import.meta.url);

/** The captured documents of a corpus that lies beside the project, where there is one. */
export function corpusFeeds(without: readonly string[]): Feed[] {
  if (!existsSync(fileURLToPath(corpus))) return [];
  const read = (name: string) => readFileSync(new URL(name, corpus));
  const expected = new Map<string, number>();
  for (const line of read('EXPECTED.jsonl').toString().trim().split('\n')) {
    const { file, items } = JSON.parse(line) as { file: string; items: number };
    expected.set(file, items);
  }
  const [header = '', ...rows] = read('MANIFEST.tsv').toString().trim().split('\n');
  const columns = header.split('\t');
  return rows.flatMap((row) => {
    const cells = row.split('\t');
    const file = cells[columns.indexOf('file')] ?? '';
    const origin = cells[columns.indexOf('origin')] ?? '';
    const stories = expected.get(file) ?? 0;
    if (!origin.startsWith('captured') || stories === 0 || without.includes(file)) return [];
    const contentType = file.endsWith('.json') ? 'application/feed+json' : 'text/xml';
    return [{ id: file.replace(/[^a-z0-9]+/g, '-'), body: read(file), contentType, stories }];
  });
}
