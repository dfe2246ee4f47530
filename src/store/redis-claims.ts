import type { Client } from './redis-connect.ts';
import { script } from './redis-script.ts';
import type { Store } from './store.ts';

/** Redis does nothing else while a script runs, so a call takes no more ids than this. */
const CHUNK = 1_000;

/** Which ingestor is alive, and whose each source is. */
export function redisClaims(
  client: Client,
  keys: { members: string; claims: string },
): Pick<Store, 'join' | 'leave' | 'claim' | 'unclaim'> {
  const run = script(client, 'claims.lua');
  const call = async (
    action: string,
    member: string,
    ms: number,
    ids: readonly string[] = [],
  ): Promise<string[]> => {
    const answer = await run([keys.members, keys.claims], [action, member, String(Math.round(ms)), ...ids]);
    return Array.isArray(answer) ? answer.map(String) : [];
  };
  const inChunks = async (
    action: string,
    member: string,
    ms: number,
    ids: readonly string[],
  ): Promise<string[]> => {
    const answers: string[] = [];
    for (let from = 0; from < ids.length; from += CHUNK) {
      answers.push(...(await call(action, member, ms, ids.slice(from, from + CHUNK))));
    }
    return answers;
  };

  return {
    join: async (member, ms) => (await call('join', member, ms)).sort(),
    async leave(member) {
      await call('leave', member, 0);
    },
    claim: async (member, ids, ms) => new Set(await inChunks('claim', member, ms, ids)),
    async unclaim(member, ids) {
      await inChunks('unclaim', member, 0, ids);
    },
  };
}
