import { parseCursor } from '../../src/core/cursor.ts';
import type { Entry } from '../../src/core/story.ts';
import { openRedis } from '../../src/store/redis.ts';
import type { Read } from '../../src/store/store.ts';
import { readHeadline, type Told } from './newsroom.ts';
import { PREFIX } from './world.ts';

const LOOK_MS = 250;
const PAGE = 500;
/** So much longer than others a story is kept in its feed as withdrawn, when the log never had it. */
const UNSEEN_MS = 60_000;

export interface Recorder {
  /** Since when the log says of a story what it says at last; `undefined` while it does not. */
  settledSince(story: Told): number | undefined;
  close(): Promise<void>;
}

interface Latest {
  revision: number;
  withdrawn: boolean;
  since: number;
}

/** Looks at the log itself, and not as its followers do, for what has been stored. */
export function createRecorder(redisUrl: string): Recorder {
  const store = openLog(redisUrl);
  const latest = new Map<number, Latest>();
  const numbers = new Map<string, number>();
  let epoch = '';
  let sequence = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  function keep({ story }: Read): void {
    const told = readHeadline(story.headline);
    if (told) numbers.set(story.id, told.number);
    const number = numbers.get(story.id);
    if (number === undefined) return;
    const revision = told?.revision ?? latest.get(number)?.revision ?? 0;
    latest.set(number, { revision, withdrawn: story.status === 'canceled', since: Date.now() });
  }

  /** Not by the head, which a store may be led to mend: an oracle only looks. */
  async function startOverIfReborn(): Promise<void> {
    const [newest] = await store.read({ before: Number.MAX_SAFE_INTEGER, limit: 1, newestFirst: true });
    const now = newest ? epochOf(newest) : epoch;
    if (now === epoch && (newest?.sequence ?? 0) >= sequence) return;
    epoch = now;
    sequence = 0;
    latest.clear();
  }

  async function look(): Promise<void> {
    try {
      await startOverIfReborn();
      for (let page = await next(); page.length > 0; page = await next()) {
        for (const entry of page) keep(entry);
        sequence = page.at(-1)?.sequence ?? sequence;
      }
    } catch {
      // Redis is away; it is looked at again.
    }
    if (!closed) timer = setTimeout(again, LOOK_MS);
  }

  const next = () => store.read({ after: sequence, limit: PAGE });
  function again(): void {
    looking = look();
  }
  again();

  return {
    settledSince({ number, revisions, withdrawnAt }) {
      const known = latest.get(number);
      // It came and went while nobody looked; who had looked may still come to store it.
      if (!known && withdrawnAt !== undefined) return withdrawnAt + UNSEEN_MS;
      if (!known || known.withdrawn !== (withdrawnAt !== undefined)) return undefined;
      // A withdrawn story's last revision may have come and gone between two polls.
      if (!known.withdrawn && known.revision !== revisions.at(-1)?.revision) return undefined;
      return known.since;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
      await store.close();
    },
  };
}

export interface Stored {
  epoch: string;
  /** The log's own epoch, and those from which it went on. */
  epochs: Set<string>;
  /** All of them, the oldest first. */
  entries: Entry[];
}

/** The whole log. */
export async function readLog(redisUrl: string): Promise<Stored> {
  const store = openLog(redisUrl);
  try {
    const { epoch, lineage } = await store.head();
    const entries: Entry[] = [];
    for (;;) {
      const page = await store.read({ after: entries.at(-1)?.sequence ?? 0, limit: PAGE });
      if (page.length === 0) break;
      entries.push(...page);
    }
    return { epoch, epochs: new Set([epoch, ...lineage.map((life) => life.epoch)]), entries };
  } finally {
    await store.close();
  }
}

function epochOf({ story }: Entry): string {
  return parseCursor(story.cursor).epoch;
}

function openLog(redisUrl: string) {
  return openRedis({ url: redisUrl, prefix: PREFIX, retention: { stories: 1_000_000, hours: 72 } });
}
