import { setImmediate as breathe } from 'node:timers/promises';
import type { Entry } from '../core/story.ts';
import type { TopicId } from '../core/topic.ts';
import type { Findings, Read, Store } from '../store/store.ts';

/** How many stories of the stored window have each topic, kept up to date as the log grows. */
export interface TopicCounts {
  add(entry: Entry): void;
  note(id: string, version: number, findings: Findings): void;
  /** Counts what is in the log up to `last`, the newest first; stops when `signal` says so. */
  fill(last: number, signal: AbortSignal): Promise<void>;
  /** Entries before this one have left the log. */
  trim(first: number): void;
  clear(): void;
  counts(): ReadonlyMap<TopicId, number>;
}

interface Counted {
  sequence: number;
  version: number;
  topics: readonly TopicId[];
}

const PAGE = 500;

export function createTopicCounts(store: Pick<Store, 'read'>): TopicCounts {
  const stories = new Map<string, Counted>();
  const counts = new Map<TopicId, number>();
  /** Many stories have the same topics; each list is there once. */
  const lists = new Map<string, readonly TopicId[]>();

  function change(topics: readonly TopicId[], by: number): void {
    for (const topic of topics) {
      const count = (counts.get(topic) ?? 0) + by;
      if (count > 0) counts.set(topic, count);
      else counts.delete(topic);
    }
  }

  function put(id: string, { sequence, version, topics }: Counted): void {
    const key = topics.join(' ');
    const list = lists.get(key) ?? topics;
    lists.set(key, list);
    stories.set(id, { sequence, version, topics: list });
    change(list, 1);
  }

  function remove(id: string): void {
    const counted = stories.get(id);
    if (!counted || !stories.delete(id)) return;
    change(counted.topics, -1);
  }

  function count({ sequence, story }: Entry): void {
    if (story.status === 'usable') put(story.id, { sequence, version: story.version, topics: story.topics });
  }

  return {
    add(entry) {
      remove(entry.story.id);
      count(entry);
    },

    note(id, version, { topics }) {
      const counted = stories.get(id);
      if (counted?.version !== version || !topics) return;
      remove(id);
      put(id, { ...counted, topics });
    },

    async fill(last, signal) {
      for (let before = last + 1; !signal.aborted; ) {
        const page: Read[] = await store.read({ before, limit: PAGE, newestFirst: true });
        const oldest = page.at(-1);
        if (!oldest) return;
        // What came live meanwhile is newer than what is read here.
        for (const entry of page) if (entry.current && !stories.has(entry.story.id)) count(entry);
        before = oldest.sequence;
        await breathe();
      }
    },

    trim(first) {
      for (const [id, { sequence }] of stories) if (sequence < first) remove(id);
      if (lists.size > 2 * stories.size) lists.clear();
    },

    clear() {
      stories.clear();
      counts.clear();
      lists.clear();
    },

    counts: () => counts,
  };
}
