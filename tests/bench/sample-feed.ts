const LEDE =
  'Lawmakers met late on Thursday to settle the last open points of next year’s budget, after two weeks of talks.';
const BODY =
  '<p>The vote is expected on Monday. Both of the larger parties said that they would support the compromise, which ' +
  'leaves spending on schools &amp; hospitals as it was and puts off the new road levy by a year.</p><p>“Nobody got ' +
  'all that they asked for,” the speaker told <a href="https://news.example/who?utm_source=rss">reporters</a>.</p>';

/** An RSS document as newsrooms have them, of which the newest story is number `newest`. */
export function sampleFeed(newest: number, items: number): string {
  const start = Date.parse('2026-03-03T00:00:00Z');
  const stories = Array.from({ length: items }, (_, index) => {
    const number = newest + items - index;
    const link = `https://news.example/politics/${number}?utm_source=rss`;
    return `<item><title>Parliament agrees on the budget, reading ${number}</title><link>${link}</link>
<guid isPermaLink="false">story-${number}</guid><pubDate>${new Date(start + number * 60_000).toUTCString()}</pubDate>
<dc:creator>Ann Other</dc:creator><category>Politics</category><category>Economy</category>
<description>${LEDE}</description><content:encoded><![CDATA[${BODY}]]></content:encoded>
<media:content url="https://news.example/${number}.jpg" medium="image" width="1200" height="675"/></item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Example News</title><link>https://news.example/</link><language>en</language>
${stories.join('\n')}</channel></rss>`;
}
