import type { Source } from '../../src/ingest/sources.ts';

/** A source with whatever a test does not care about filled in. */
export function source(more: Partial<Source> = {}): Source {
  return {
    id: 'test',
    name: 'Test',
    url: 'https://news.example/rss.xml',
    topics: [],
    categories: {},
    every: 60_000,
    timezone: 'UTC',
    urgency: 5,
    ...more,
  };
}

/** An RSS document with these elements in its channel. */
export function rss(...inChannel: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Example News</title><link>https://news.example/</link>${inChannel.join('\n')}</channel></rss>`;
}

/** An RSS item of a name: its guid, link and title are made of it; `more` are further elements. */
export function item(name: string, more = ''): string {
  return `<item><guid isPermaLink="false">${name}</guid><link>https://news.example/${name}</link>
<title>Headline of ${name}</title><description>What happened in ${name}.</description>${more}</item>`;
}

/** An Atom document with these elements. */
export function atom(...inFeed: string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="uk">
<title>Приклад</title><id>urn:example</id><link href="https://news.example/"/><updated>2026-03-03T10:00:00Z</updated>
${inFeed.join('\n')}</feed>`;
}
