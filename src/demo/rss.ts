import { element, emptyElement, markup } from '../core/markup.ts';
import type { Article, Channel } from './article.ts';
import type { Feed } from './feeds.ts';

const NAMESPACES = [
  'xmlns:atom="http://www.w3.org/2005/Atom"',
  'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:media="http://search.yahoo.com/mrss/"',
].join(' ');

/** RSS 2.0. */
export function rss(channel: Channel): string {
  const { feed } = channel;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" ${NAMESPACES}>
<channel>
${element('title', feed.name)}${element('link', channel.home)}${element('description', feed.about)}${element('language', feed.language)}${element('lastBuildDate', dateOf(channel.updated, feed))}${emptyElement('atom:link', { rel: 'self', href: channel.self, type: 'application/rss+xml' })}${channel.articles.map((article) => item(article, feed)).join('')}</channel>
</rss>
`;
}

function item(article: Article, feed: Feed): string {
  return [
    '<item>\n',
    element('guid', article.guid, { isPermaLink: 'false' }),
    element('title', article.headline),
    element('link', article.link),
    element('pubDate', dateOf(article.published, feed)),
    element('atom:updated', new Date(article.updated).toISOString()),
    element('dc:creator', article.author),
    ...article.categories.map(({ word, kind }) => element('category', word, kind ? { domain: kind } : {})),
    element('description', article.description),
    element('content:encoded', article.html),
    imageOf(article, feed),
    '</item>\n',
  ].join('');
}

function imageOf({ image }: Article, feed: Feed): string {
  if (!image) return '';
  const { href, type, bytes, width, height, alt } = image;
  if (feed.picture !== 'media') {
    return emptyElement('enclosure', { url: href, type, length: String(bytes) });
  }
  const size = { width: String(width), height: String(height) };
  const attributes = `url="${markup(href)}" medium="image" type="${type}" width="${size.width}" height="${size.height}"`;
  return `<media:content ${attributes}>${element('media:description', alt).trimEnd()}</media:content>\n`;
}

/** RFC 822, or for feeds that leave out their zone `2026-01-31 18:05:00`. */
function dateOf(time: number, feed: Feed): string {
  if (!feed.timezone) return new Date(time).toUTCString();
  // Sweden writes dates as ISO 8601 does.
  return new Date(time).toLocaleString('sv-SE', { timeZone: feed.timezone });
}
