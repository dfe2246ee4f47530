import { articleOf, type Channel, channelOf } from './article.ts';
import { atom } from './atom.ts';
import type { Desk } from './desk.ts';
import type { Edition } from './edition.ts';
import { type Feed, pathOf } from './feeds.ts';
import { jsonFeed } from './json-feed.ts';
import { frontPage, storyPage, withdrawnPage } from './page.ts';
import { pictures } from './picture.ts';
import { rss } from './rss.ts';

/** What lies at a path now. */
export interface Resource {
  status: number;
  type: string;
  body: string;
  /** Milliseconds since 1970; absent when a date cannot say whether it changed. */
  modified?: number;
}

const FORMATS: Record<Feed['format'], { type: string; write(channel: Channel): string }> = {
  rss: { type: 'application/rss+xml; charset=utf-8', write: rss },
  atom: { type: 'application/atom+xml; charset=utf-8', write: atom },
  json: { type: 'application/feed+json; charset=utf-8', write: jsonFeed },
};

const html = (status: number, body: string): Resource => ({
  status,
  type: 'text/html; charset=utf-8',
  body,
});

/** @returns what lies at a path, without its query; `undefined` when nothing does. */
export function siteOf(desk: Desk, url: string): (path: string) => Resource | undefined {
  const images = pictures();
  const feeds = new Map([...desk.editions.values()].map((edition) => [pathOf(edition.feed), edition]));

  const feedAt = (edition: Edition): Resource => {
    const { type, write } = FORMATS[edition.feed.format];
    const modified = edition.changedTwice() ? undefined : edition.changed();
    return { status: 200, type, body: write(channelOf(edition, url)), modified };
  };

  const storyAt = (path: string): Resource | undefined => {
    const [, id = '', slug = ''] = /^\/stories\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    const edition = desk.editions.get(id);
    const story = edition?.stories().find((each) => each.slug === slug);
    if (edition && story) return html(200, storyPage(articleOf(story, url), edition.feed));
    if (edition?.withdrawn().some((each) => each.slug === slug))
      return html(410, withdrawnPage(edition.feed));
    return undefined;
  };

  return (path) => {
    const edition = feeds.get(path);
    if (edition) return feedAt(edition);
    const image = images.get(path);
    if (image !== undefined) return { status: 200, type: 'image/svg+xml', body: image };
    return path === '/' ? html(200, frontPage()) : storyAt(path);
  };
}
