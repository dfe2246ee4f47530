import { Router } from 'express';
import type { TopicId } from '../core/topic.ts';
import type { Log } from './log-reader.ts';

export interface TopicEntry {
  id: TopicId;
  names: Record<string, string>;
  parents: readonly TopicId[];
  medtop?: string;
}

export interface TopicsDeps {
  log: Log;
  all(): readonly TopicEntry[];
  search(text: string): readonly TopicEntry[];
}

/**
 * `GET /v1/topics?q=&lang=`: the vocabulary, with how many of the recent stories each topic has. With `lang`, names are
 * in that language alone; without, in all.
 */
export function topicsRoutes({ log, all, search }: TopicsDeps): Router {
  const router = Router();
  router.get('/v1/topics', (request, response) => {
    const { q, lang } = request.query;
    const found = typeof q === 'string' && q !== '' ? search(q) : all();
    const counts = countTopics(log);
    const named = (names: Record<string, string>) => (typeof lang === 'string' ? {} : { names });
    const language = typeof lang === 'string' ? lang : 'en';
    response.json({
      topics: found.map(({ id, names, parents, medtop }) => ({
        id,
        name: names[language] ?? names.en ?? id,
        ...named(names),
        parents,
        ...(medtop === undefined ? {} : { medtop }),
        count: counts.get(id) ?? 0,
      })),
    });
  });
  return router;
}

function countTopics(log: Log): Map<TopicId, number> {
  const newest = new Map(log.recent(Number.POSITIVE_INFINITY).map(({ story }) => [story.id, story]));
  const counts = new Map<TopicId, number>();
  for (const story of newest.values()) {
    if (story.status !== 'usable') continue;
    for (const topic of story.topics) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  return counts;
}
