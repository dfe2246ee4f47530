import { Redis } from 'ioredis';
import { open } from 'lmdb';
import { openEmbedded } from '../../src/store/embedded.ts';
import { openRedis } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import type { World } from './measure.ts';
import { sampleDraft, sampleStory } from './sample.ts';

/** Something that is handed numbered stories. */
export interface Writer {
  add(number: number): Promise<unknown>;
  /** A story that was added before. */
  showAgain(number: number): Promise<unknown>;
  close(): Promise<void>;
}

const RETENTION = { stories: 1_000_000, hours: 72 };

/** @throws {Error} from `add` and `showAgain`, when the store takes a story for what it is not. */
function appending(store: Store): Writer {
  const append = async (number: number, expected: string) => {
    const { outcome } = await store.append(sampleDraft(number));
    if (outcome !== expected)
      throw new Error(`Story ${number} was taken to be ${outcome} instead of ${expected}`);
  };
  return {
    add: (number) => append(number, 'new'),
    showAgain: (number) => append(number, 'known'),
    close: store.close,
  };
}

export function openEmbeddedWriter(world: World): Writer {
  return appending(openEmbedded({ path: world.folder('appends'), retention: RETENTION }));
}

export function openRedisWriter(world: World): Writer {
  return appending(openRedis({ url: world.redisUrl, prefix: 'appends', retention: RETENTION }));
}

/** The least that LMDB can be asked for: one put of the story, one get. */
export function openBareLmdb(world: World): Writer {
  const root = open<string, number>({ path: world.folder('bare'), encoding: 'string' });
  return {
    add: (number) => root.put(number, JSON.stringify(sampleStory(number))),
    showAgain: async (number) => root.get(number),
    close: () => root.close(),
  };
}

/** The least that Redis can be asked for: one XADD of the story, one HGET. */
export function openBareRedis(world: World): Writer {
  const client = new Redis(world.redisUrl, { enableAutoPipelining: true });
  return {
    add: (number) => client.xadd('bare:log', '*', 'story', JSON.stringify(sampleStory(number))),
    showAgain: (number) => client.hget('bare:items', String(number)),
    async close() {
      client.disconnect();
    },
  };
}
