import { type Expr, reaches, reachOf } from '../core/filter.ts';
import type { Entry } from '../core/story.ts';
import type { TopicId } from '../core/topic.ts';

/** Everyone with the same canonical filter. */
interface Shared<T> {
  expr: Expr;
  members: Set<T>;
}

/**
 * Who asked for a story. Those with the same filter share one entry here, and an index by topic finds the few filters
 * that a story can match at all, so that the work for a story follows those who get it, not all who are connected.
 */
export interface FanOut<T> {
  add(expr: Expr, member: T): void;
  remove(expr: Expr, member: T): void;
  /** Each filter is asked at most once; a member with several matching filters comes up once for each of them. */
  match(entry: Entry): Iterable<T>;
  /** How many members there are, and how many different filters they have. */
  size(): { members: number; filters: number };
}

export function createFanOut<T>(): FanOut<T> {
  const filters = new Map<string, Shared<T>>();
  const byTopic = new Map<TopicId, Set<Shared<T>>>();
  /** Filters that a story of any topic may match. */
  const unindexed = new Set<Shared<T>>();
  let members = 0;

  function* candidates(topics: Iterable<TopicId>): Iterable<Shared<T>> {
    yield* unindexed;
    const seen = new Set<Shared<T>>();
    for (const topic of topics) {
      for (const shared of byTopic.get(topic) ?? []) {
        if (seen.has(shared)) continue;
        seen.add(shared);
        yield shared;
      }
    }
  }

  return {
    add(expr, member) {
      let shared = filters.get(expr.text);
      if (!shared) {
        shared = { expr, members: new Set() };
        filters.set(expr.text, shared);
        const topics = requiredTopics(expr);
        if (!topics) unindexed.add(shared);
        for (const topic of topics ?? []) {
          const indexed = byTopic.get(topic);
          if (indexed) indexed.add(shared);
          else byTopic.set(topic, new Set([shared]));
        }
      }
      if (!shared.members.has(member)) members += 1;
      shared.members.add(member);
    },

    remove(expr, member) {
      const shared = filters.get(expr.text);
      if (!shared?.members.delete(member)) return;
      members -= 1;
      if (shared.members.size > 0) return;
      filters.delete(expr.text);
      unindexed.delete(shared);
      for (const topic of requiredTopics(expr) ?? []) {
        const indexed = byTopic.get(topic);
        if (indexed?.delete(shared) && indexed.size === 0) byTopic.delete(topic);
      }
    },

    *match(entry) {
      const reach = reachOf(entry);
      const found =
        reach === 'everyone'
          ? filters.values()
          : candidates(new Set(reach.flatMap(({ facets }) => facets.topics)));
      for (const shared of found) {
        if (reaches(shared.expr, reach)) yield* shared.members;
      }
    },

    size: () => ({ members, filters: filters.size }),
  };
}

/** Topics of which a matching story has at least one; `undefined` when it may have none of any. */
function requiredTopics(expr: Expr): TopicId[] | undefined {
  switch (expr.kind) {
    case 'topic':
      return [expr.topic];
    case 'any': {
      const parts = expr.of.map(requiredTopics);
      return parts.every((part) => part !== undefined) ? [...new Set(parts.flat())] : undefined;
    }
    case 'all':
      return expr.of
        .map(requiredTopics)
        .filter((part) => part !== undefined)
        .sort((a, b) => a.length - b.length)[0];
    default:
      return undefined;
  }
}
