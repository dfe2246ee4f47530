import { markup } from '../core/markup.ts';
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
<title>${markup(story.headline)}</title>
${story.link ? `<link>${markup(story.link)}</link>\n` : ''}<guid isPermaLink="false">${markup(story.id)}</guid>
<pubDate>${new Date(story.published ?? story.firstCreated).toUTCString()}</pubDate>
${story.by ? `<dc:creator>${markup(story.by)}</dc:creator>\n` : ''}${story.topics.map((topic) => `<category>${markup(topic)}</category>\n`).join('')}<dc:language>${markup(story.language)}</dc:language>
<source url="${markup(self)}">${markup(story.source.name)}</source>
<description>${markup(story.description ?? '')}</description>
${story.body ? `<content:encoded>${markup(story.body)}</content:encoded>\n` : ''}</item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>${markup(title)}</title>
<link>${markup(home)}</link>
<description>${markup(title)}</description>
<atom:link href="${markup(self)}" rel="self" type="application/rss+xml"/>
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
    (story) => `<entry xml:lang="${markup(story.language)}">
<id>${markup(uri(story))}</id>
<title>${markup(story.headline)}</title>
<updated>${markup(story.versionCreated)}</updated>
<published>${markup(story.published ?? story.firstCreated)}</published>
${story.link ? `<link rel="alternate" href="${markup(story.link)}"/>\n` : ''}<author><name>${markup(story.by ?? story.source.name)}</name></author>
${story.topics.map((topic) => `<category term="${markup(topic)}"/>\n`).join('')}<summary>${markup(story.description ?? '')}</summary>
${story.body ? `<content type="html">${markup(story.body)}</content>\n` : ''}</entry>`,
  );
  const withdrawn = stories
    .filter((story) => story.status === 'canceled')
    .map((story) => `<at:deleted-entry ref="${markup(uri(story))}" when="${markup(story.versionCreated)}"/>`);
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
<id>${markup(self)}</id>
<title>${markup(title)}</title>
<updated>${markup(updated)}</updated>
<link rel="self" href="${markup(self)}"/>
<link rel="alternate" href="${markup(home)}"/>
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
