import { describe } from '@jest/globals';
import { hasRedis } from './redis-server.ts';

export { type RedisServer, startRedis } from './redis-server.ts';

/** A suite that needs a redis-server on PATH. Without one it is skipped, visibly; with REQUIRE_REDIS it fails. */
export const describeRedis: typeof describe | typeof describe.skip =
  hasRedis || process.env.REQUIRE_REDIS === '1' ? describe : describe.skip;

if (!hasRedis && process.env.REQUIRE_REDIS !== '1') {
  process.stderr.write('SKIPPED: no redis-server on PATH, so the suites that need Redis do not run\n');
}
