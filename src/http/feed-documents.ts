import type { Story } from '../core/story.ts';

/** A topic's newest stories, to be written as a feed. */
export interface Feed {
  title: string;
  /** The feed's own address, and the page it belongs to. */
  self: string;
  home: string;
  language?: string;
  /** Newest first; the withdrawn ones are told apart by their status. */
  stories: readonly Story[];
  updated: string;
}

export function writeRss({ title, self, home, stories, updated }: Feed): string {
  const items = usable(stories).map(
    (story) => `<item>
<title>${xml(story.headline)}</title>
${story.link ? `<link>${xml(story.link)}</link>\n` : ''}<guid isPermaLink="false">${xml(story.id)}</guid>
<pubDate>${new Date(story.published ?? story.firstCreated).toUTCString()}</pubDate>
${story.by ? `<dc:creator>${xml(story.by)}</dc:creator>\n` : ''}${story.topics.map((topic) => `<category>${xml(topic)}</category>\n`).join('')}<dc:language>${xml(story.language)}</dc:language>
<source url="${xml(self)}">${xml(story.source.name)}</source>
<description>${xml(story.description ?? '')}</description>
${story.body ? `<content:encoded>${xml(story.body)}</content:encoded>\n` : ''}</item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>${xml(title)}</title>
<link>${xml(home)}</link>
<description>${xml(title)}</description>
<atom:link href="${xml(self)}" rel="self" type="application/rss+xml"/>
<lastBuildDate>${new Date(updated).toUTCString()}</lastBuildDate>
${items.join('\n')}
</channel>
</rss>
`;
}

/** Withdrawn stories are told by RFC 6721, which the other formats have no word for. */
export function writeAtom({ title, self, home, stories, updated }: Feed): string {
  const uri = (story: Story) => `urn:newswire:${encodeURIComponent(story.id)}`;
  const entries = usable(stories).map(
    (story) => `<entry xml:lang="${xml(story.language)}">
<id>${xml(uri(story))}</id>
<title>${xml(story.headline)}</title>
<updated>${xml(story.versionCreated)}</updated>
<published>${xml(story.published ?? story.firstCreated)}</published>
${story.link ? `<link rel="alternate" href="${xml(story.link)}"/>\n` : ''}<author><name>${xml(story.by ?? story.source.name)}</name></author>
${story.topics.map((topic) => `<category term="${xml(topic)}"/>\n`).join('')}<summary>${xml(story.description ?? '')}</summary>
${story.body ? `<content type="html">${xml(story.body)}</content>\n` : ''}</entry>`,
  );
  const withdrawn = stories
    .filter((story) => story.status === 'canceled')
    .map((story) => `<at:deleted-entry ref="${xml(uri(story))}" when="${xml(story.versionCreated)}"/>`);
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
<id>${xml(self)}</id>
<title>${xml(title)}</title>
<updated>${xml(updated)}</updated>
<link rel="self" href="${xml(self)}"/>
<link rel="alternate" href="${xml(home)}"/>
${[...withdrawn, ...entries].join('\n')}
</feed>
`;
}

export function writeJsonFeed({ title, self, home, stories }: Feed): string {
  const items = usable(stories).map((story) => ({
    id: story.id,
    url: story.link,
    title: story.headline,
    summary: story.description,
    ...(story.body === undefined
      ? { content_text: story.description ?? story.headline }
      : { content_html: story.body }),
    image: story.image?.href,
    date_published: story.published ?? story.firstCreated,
    date_modified: story.versionCreated,
    authors: [{ name: story.by ?? story.source.name }],
    tags: story.topics,
    language: story.language,
  }));
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: home,
    feed_url: self,
    items,
  });
}

function usable(stories: readonly Story[]): Story[] {
  return stories.filter((story) => story.status === 'usable');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for XML 1.0, which has no word for most control characters and for halves of surrogate pairs. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
