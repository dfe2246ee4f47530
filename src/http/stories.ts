import { type Request, Router } from 'express';
import type { Access } from '../core/access.ts';
import { WireError } from '../core/errors.ts';
import { both, matches, prepare } from '../core/filter.ts';
import { toNinjs } from '../core/ninjs.ts';
import { compact, type Story } from '../core/story.ts';
import type { TopicId, TopicRef, Why } from '../core/topic.ts';
import { type Log, readAfter, readNewest } from './log-reader.ts';
import { parseStoriesQuery } from './query.ts';

export interface StoriesDeps {
  log: Log;
  story(id: string): Promise<Story | undefined>;
  /** Why it has each of its topics. */
  why(story: Story): Promise<Why[]>;
  views(ids: readonly string[]): Promise<Map<string, number>>;
  access(request: Request): Promise<Access>;
  resolveTopic(ref: TopicRef): TopicId;
  nameOf(topic: TopicId, language: string): string;
}

/** `GET /v1/stories` and `GET /v1/stories/ID`; with `?why=true` a story also has `why`: the evidence for its topics. */
export function storiesRoutes({ log, story, why, views, access, resolveTopic, nameOf }: StoriesDeps): Router {
  const router = Router();

  router.get('/v1/stories', async (request, response) => {
    const { filter } = await access(request);
    const query = parseStoriesQuery(request.query, resolveTopic);
    const expr = both(query.expr, filter);
    const page =
      query.after === undefined
        ? await readNewest(log, { ...query, expr })
        : await readAfter(log, { expr, after: query.after, limit: query.limit });
    const counts = query.view === 'full' ? await views(page.stories.map(({ id }) => id)) : undefined;
    const stories = page.stories.map((each) => (counts ? withViews(each, counts) : compact(each)));
    response.set('cache-control', 'no-cache').json({ ...page, stories });
  });

  router.get('/v1/stories/:id', async (request, response) => {
    const { filter } = await access(request);
    const { id } = request.params;
    const found = await story(id);
    if (!found || found.status === 'withheld' || !matches(filter, prepare(found))) {
      throw new WireError('not_found', `There is no story ${JSON.stringify(id.slice(0, 100))} in the log.`);
    }
    response.set('cache-control', 'no-cache');
    if (request.query.format === 'ninjs') response.json(toNinjs(found, nameOf));
    else if (request.query.view === 'compact') response.json(compact(found));
    else {
      const explained = request.query.why === 'true' ? { why: await why(found) } : {};
      response.json({ ...withViews(found, await views([id])), ...explained });
    }
  });

  return router;
}

function withViews(story: Story, counts: ReadonlyMap<string, number>): Story {
  const views = counts.get(story.id);
  return views === undefined ? story : { ...story, views };
}
