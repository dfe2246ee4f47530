import { openEmbedded } from '../../src/store/embedded.ts';
import { openRedis } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';

/** `where` is a folder, or a Redis address and a prefix with a space between. */
export function openStore(where: string): Store {
  const retention = { stories: 200_000, hours: 72 };
  const [url, prefix] = where.split(' ');
  return url && prefix ? openRedis({ url, prefix, retention }) : openEmbedded({ path: where, retention });
}
