import { heldSchema, heldText } from './held.ts';
import type { Client } from './redis-connect.ts';
import type { Store } from './store.ts';

/** Stories that wait for their time: a sorted set says when, a hash has them. `append.lua` takes them out. */
export function redisHeld(
  client: Client,
  keys: { held: string; drafts: string },
): Pick<Store, 'hold' | 'held' | 'unhold' | 'due'> {
  const parse = (json: string | null | undefined) => {
    try {
      return heldSchema.safeParse(JSON.parse(json ?? 'null')).data;
    } catch {
      return undefined;
    }
  };

  return {
    async hold(draft, at) {
      const { id } = draft.content;
      await client.multi().hset(keys.drafts, id, heldText(draft)).zadd(keys.held, at, id).exec();
    },

    held: async (id) => parse(await client.hget(keys.drafts, id))?.content,

    async unhold(id) {
      const answers = await client.multi().hdel(keys.drafts, id).zrem(keys.held, id).exec();
      return Number(answers?.[0]?.[1] ?? 0) > 0;
    },

    async due(now, limit) {
      const [ids, later] = await Promise.all([
        client.zrangebyscore(keys.held, '-inf', now, 'LIMIT', 0, limit),
        client.zrangebyscore(keys.held, `(${now}`, '+inf', 'WITHSCORES', 'LIMIT', 0, 1),
      ]);
      const drafts = ids.length === 0 ? [] : await client.hmget(keys.drafts, ...ids);
      const next = later[1] === undefined ? {} : { next: Number(later[1]) };
      return { drafts: drafts.flatMap((json) => parse(json) ?? []), ...next };
    },
  };
}
