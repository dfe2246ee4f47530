import { Router } from 'express';
import { WireError } from '../core/errors.ts';
import type { TopicId, TopicRef } from '../core/topic.ts';

export interface TopicEntry {
  id: TopicId;
  names: Record<string, string>;
  parents: readonly TopicId[];
  medtop?: string;
}

export interface TopicsDeps {
  all(): readonly TopicEntry[];
  /** Best first. */
  search(text: string): readonly TopicEntry[];
  get(id: TopicId): TopicEntry | undefined;
  resolve(ref: TopicRef): TopicId;
  children(id: TopicId): readonly TopicId[];
  /** How many stories of the stored window have each topic. */
  counts(): ReadonlyMap<TopicId, number>;
}

/**
 * `GET /v1/topics?q=&lang=`: the vocabulary, with how many stories of the stored window have each topic, and what lies
 * below it. With `lang`, names are in that language alone; without, in all. `GET /v1/topics/ID`: one of them.
 */
export function topicsRoutes({ all, search, get, resolve, children, counts }: TopicsDeps): Router {
  const router = Router();

  const shown = ({ id, names, parents, medtop }: TopicEntry, lang: unknown) => ({
    id,
    name: names[typeof lang === 'string' ? lang : 'en'] ?? names.en ?? id,
    ...(typeof lang === 'string' ? {} : { names }),
    parents,
    children: children(id),
    ...(medtop === undefined ? {} : { medtop }),
    count: counts().get(id) ?? 0,
  });

  router.get('/v1/topics', (request, response) => {
    const { q, lang } = request.query;
    const found = typeof q === 'string' && q !== '' ? search(q) : all();
    response.json({ topics: found.map((topic) => shown(topic, lang)) });
  });

  router.get('/v1/topics/:id', (request, response) => {
    const { id } = request.params;
    const topic = get(resolve(id));
    if (!topic) throw new WireError('not_found', `There is no topic ${JSON.stringify(id.slice(0, 100))}.`);
    response.json(shown(topic, request.query.lang));
  });

  return router;
}
