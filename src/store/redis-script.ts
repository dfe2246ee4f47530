import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Client } from './redis-connect.ts';

export type Script = (keys: string[], values: string[]) => Promise<unknown>;

/**
 * A Lua file beside this one, called by its hash; its text is sent only to a Redis that does not have it yet.
 */
export function script(client: Client, file: string): Script {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const sha = createHash('sha1').update(text).digest('hex');
  return async (keys, values) => {
    try {
      return await client.evalsha(sha, keys.length, ...keys, ...values);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(text, keys.length, ...keys, ...values);
    }
  };
}
