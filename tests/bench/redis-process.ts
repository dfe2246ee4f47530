/** A redis-server of the bench's own, gone with this process. */
import { startRedis } from '../support/redis-server.ts';
import { serve } from './child.ts';

export type RedisApi = Awaited<ReturnType<typeof open>>['api'];

async function open() {
  const server = await startRedis();
  return { api: { url: () => server.url }, close: server.close };
}

await serve(open);
