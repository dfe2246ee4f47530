import { once } from 'node:events';
import { createServer } from 'node:http';
import { element, emptyElement } from '../../src/core/markup.ts';
import type { Told } from './newsroom.ts';

export interface Feed {
  readonly id: string;
  readonly language: string;
  readonly urgency: number;
}

export const FEEDS: readonly Feed[] = [
  { id: 'wire-en', language: 'en', urgency: 5 },
  { id: 'wire-uk', language: 'uk', urgency: 3 },
  { id: 'wire-ru', language: 'ru', urgency: 7 },
  { id: 'flash-en', language: 'en', urgency: 2 },
];

export interface FeedServer {
  addressOf(feed: number): string;
  /** A story of a feed is new there, or is no longer what it was. */
  changed(story: Told): void;
  /** Takes a story out of its feed, as feeds do when there are newer ones. */
  forget(story: Told): void;
  /** The stories that a feed has now, withdrawn ones too. */
  listed(feed: number): readonly Told[];
  close(): Promise<void>;
}

/** Serves stories as Atom, with an ETag; withdrawn ones as tombstones. */
export async function openFeedServer(): Promise<FeedServer> {
  const feeds = FEEDS.map(() => ({ stories: new Set<Told>(), edition: 0, document: '' }));

  const server = createServer((request, response) => {
    const feed = feeds[Number(request.url?.slice(1))];
    if (!feed) {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${feed.edition}"`;
    const headers = { etag, 'content-type': 'application/atom+xml; charset=utf-8' };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const { id, language } = FEEDS[feeds.indexOf(feed)] ?? { id: '', language: '' };
    if (feed.document === '') feed.document = atom(id, language, [...feed.stories]);
    response.writeHead(200, headers).end(feed.document);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the feed server has no port');
  const { port } = address;

  const of = ({ feed }: Told) => {
    const found = feeds[feed ?? -1];
    if (!found) throw new Error('a story of no feed');
    found.edition += 1;
    found.document = '';
    return found.stories;
  };

  return {
    addressOf: (feed) => `http://127.0.0.1:${port}/${feed}`,
    changed(story) {
      const stories = of(story);
      stories.delete(story);
      stories.add(story);
    },
    forget: (story) => of(story).delete(story),
    listed: (feed) => [...(feeds[feed]?.stories ?? [])],
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function atom(id: string, language: string, oldestFirst: readonly Told[]): string {
  const stories = oldestFirst.toReversed();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="${language}">\n`,
    element('id', `tag:chaos.example,2026:${id}`),
    element('title', id),
    element('updated', time(Date.now())),
    ...stories.flatMap(({ number, withdrawnAt }) =>
      withdrawnAt === undefined
        ? []
        : emptyElement('at:deleted-entry', { ref: guid(number), when: time(withdrawnAt) }),
    ),
    ...stories.filter(({ withdrawnAt }) => withdrawnAt === undefined).map(entry),
    '</feed>\n',
  ].join('');
}

function entry({ number, revisions }: Told): string {
  const [first, last] = [revisions[0], revisions.at(-1)];
  if (!first || !last) return '';
  return [
    '<entry>\n',
    element('id', guid(number)),
    element('title', last.headline),
    emptyElement('link', { rel: 'alternate', href: `https://news.example/${number}`, type: 'text/html' }),
    element('published', time(first.at)),
    element('updated', time(last.at)),
    emptyElement('category', { term: last.section }),
    element('summary', last.description),
    '</entry>\n',
  ].join('');
}

function guid(number: number): string {
  return `tag:chaos.example,2026:story-${number}`;
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
