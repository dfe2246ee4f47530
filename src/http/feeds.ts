import { type Request, Router } from 'express';
import type { Access } from '../core/access.ts';
import { WireError } from '../core/errors.ts';
import { both, EVERYTHING, parseFilter, reaches, reachOf } from '../core/filter.ts';
import type { Story } from '../core/story.ts';
import { isTopicRef, type TopicId, type TopicRef } from '../core/topic.ts';
import { type Feed, writeAtom, writeJsonFeed, writeRss } from './feed-documents.ts';
import { type Log, readNewest } from './log-reader.ts';
import { bearer } from './query.ts';

const ITEMS = 50;
/** How far back withdrawn stories are still told. */
const WITHDRAWN_AMONG = 2_000;

const FORMATS: Record<string, { type: string; write(feed: Feed): string }> = {
  rss: { type: 'application/rss+xml; charset=utf-8', write: writeRss },
  atom: { type: 'application/atom+xml; charset=utf-8', write: writeAtom },
  json: { type: 'application/feed+json; charset=utf-8', write: writeJsonFeed },
};

export interface FeedsDeps {
  log: Log;
  access(request: Request): Promise<Access>;
  resolveTopic(ref: TopicRef): TopicId;
  nameOf(topic: TopicId, language: string): string;
}

/** `GET /v1/feeds/TOPIC.rss`, `.atom`, `.json`: the wire as a feed again; `all` is every story. Express adds the ETag. */
export function feedsRoutes({ log, access, resolveTopic, nameOf }: FeedsDeps): Router {
  const router = Router();
  router.get('/v1/feeds/:file', async (request, response) => {
    const [, ref = '', extension = ''] = /^(.+)\.([a-z]+)$/.exec(request.params.file) ?? [];
    const format = FORMATS[extension];
    if (!format || !isTopicRef(ref)) {
      throw new WireError('not_found', 'A feed is a topic id with .rss, .atom or .json.');
    }
    const { filter } = await access(request);
    const topic = resolveTopic(ref);
    const expr = both(ref === 'all' ? EVERYTHING : parseFilter(topic), filter);
    const { stories } = await readNewest(log, { expr, before: undefined, limit: ITEMS });
    const withdrawn = newestOnly(
      log
        .recent(WITHDRAWN_AMONG)
        .filter((entry) => reaches(expr, reachOf(entry)))
        .map(({ story }) => story),
    ).filter(({ status }) => status === 'canceled');
    const home = `${request.protocol}://${request.get('host') ?? 'localhost'}`;
    const all = [...stories, ...withdrawn];
    const feed: Feed = {
      title: ref === 'all' ? 'Newswire' : `Newswire: ${nameOf(topic, 'en')}`,
      self: `${home}${request.path}`,
      home,
      stories: all,
      updated:
        all
          .map(({ versionCreated }) => versionCreated)
          .sort()
          .at(-1) ?? '1970-01-01T00:00:00.000Z',
    };
    // What one token lets its bearer read is not for a cache that others share.
    const caching = bearer(request) === undefined ? 'public, max-age=15' : 'private, no-cache';
    response.vary('authorization');
    response.set('cache-control', caching).type(format.type).send(format.write(feed));
  });
  return router;
}

function newestOnly(stories: readonly Story[]): Story[] {
  return [...new Map(stories.map((story) => [story.id, story])).values()];
}
