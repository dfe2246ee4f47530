import { type Note, nextNote, parseNote, parseWhy } from './notes.ts';
import type { Client } from './redis-connect.ts';
import { script } from './redis-script.ts';
import type { Store } from './store.ts';

/** A message on the channel that is a note and no entry begins so; no epoch does. */
export const NOTE = 'note ';

export interface RedisNotes extends Pick<Store, 'note' | 'why'> {
  /** What is noted of each of these stories, in their order. */
  notesOf(ids: readonly string[]): Promise<(Note | undefined)[]>;
}

/** What was found out about stories, in a hash beside the log; `append.lua` forgets it with the version. */
export function redisNotes(
  client: Client,
  keys: { items: string; notes: string; why: string },
  channel: string,
): RedisNotes {
  const note = script(client, 'note.lua');

  const parse = (json: string | null | undefined): unknown => {
    try {
      return json == null ? undefined : JSON.parse(json);
    } catch {
      return undefined;
    }
  };

  return {
    async note(id, version, findings, why) {
      for (;;) {
        const before = await client.hget(keys.notes, id);
        const next = JSON.stringify(nextNote(parseNote(parse(before)), version, findings));
        const evidence = why ? JSON.stringify(why) : '';
        const announcement = `${NOTE}${JSON.stringify({ id, version, findings })}`;
        const answer = await note(
          [keys.items, keys.notes, keys.why],
          [channel, id, String(version), before ?? '', next, evidence, announcement],
        );
        if (answer !== -1) return answer === 1;
      }
    },

    why: async (id) => parseWhy(parse(await client.hget(keys.why, id))),

    async notesOf(ids) {
      const found = ids.length === 0 ? [] : await client.hmget(keys.notes, ...ids);
      return ids.map((_, index) => parseNote(parse(found[index])));
    },
  };
}
