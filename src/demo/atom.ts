import { element, emptyElement } from '../core/markup.ts';
import type { Article, Channel } from './article.ts';

/** Atom (RFC 4287), with the tombstones of RFC 6721 for what was withdrawn. */
export function atom(channel: Channel): string {
  const { feed } = channel;
  const attributes = `xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<feed ${attributes} xml:lang="${feed.language}">\n`,
    element('id', `tag:${feed.id}.example,2026:feed`),
    element('title', feed.name),
    element('subtitle', feed.about),
    element('updated', time(channel.updated)),
    emptyElement('link', { rel: 'alternate', href: channel.home, type: 'text/html' }),
    emptyElement('link', { rel: 'self', href: channel.self, type: 'application/atom+xml' }),
    ...channel.withdrawn.map(({ guid, when }) =>
      emptyElement('at:deleted-entry', { ref: guid, when: time(when) }),
    ),
    ...channel.articles.map(entry),
    '</feed>\n',
  ].join('');
}

function entry(article: Article): string {
  const { image } = article;
  return [
    '<entry>\n',
    element('id', article.guid),
    element('title', article.headline),
    emptyElement('link', { rel: 'alternate', href: article.link, type: 'text/html' }),
    image
      ? emptyElement('link', {
          rel: 'enclosure',
          href: image.href,
          type: image.type,
          length: String(image.bytes),
          title: image.alt,
        })
      : '',
    element('published', time(article.published)),
    element('updated', time(article.updated)),
    '<author>\n',
    element('name', article.author),
    '</author>\n',
    ...article.categories.map(({ word, kind }) =>
      emptyElement('category', {
        term: word,
        ...(kind && { scheme: `tag:dnipro-wire.example,2026:${kind}` }),
      }),
    ),
    element('summary', article.description),
    element('content', article.html, { type: 'html' }),
    '</entry>\n',
  ].join('');
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
