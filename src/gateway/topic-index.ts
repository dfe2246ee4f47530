import { setImmediate as breathe } from 'node:timers/promises';
import type { Entry } from '../core/story.ts';
import type { TopicId } from '../core/topic.ts';
import type { Findings, Read, Store } from '../store/store.ts';

/**
 * The topics of the stored window: how many stories have each, and where in the log they are, so that somebody who comes
 * back for a rare topic after days is not read everything in between.
 */
export interface TopicIndex {
  add(entry: Entry): void;
  note(id: string, version: number, findings: Findings): void;
  /** Takes in what is in the log up to `last`, the newest first; stops when `signal` says so. */
  fill(last: number, signal: AbortSignal): Promise<void>;
  /** Entries before this one have left the log. */
  trim(first: number): void;
  clear(): void;
  counts(): ReadonlyMap<TopicId, number>;
  /**
   * Where the newest versions of stories are, withdrawn ones included, that have or had one of these topics: after
   * `after` and up to `end`, at most the first `limit`. Some may have been overtaken by newer versions. `undefined` as
   * long as not all of the log has been taken in, and for a place that lies before it.
   */
  places(topics: readonly TopicId[], after: number, end: number, limit: number): number[] | undefined;
}

interface Known {
  sequence: number;
  version: number;
  topics: readonly TopicId[];
}

const PAGE = 500;

export function createTopicIndex(store: Pick<Store, 'read'>): TopicIndex {
  const stories = new Map<string, Known>();
  const counts = new Map<TopicId, number>();
  /** Many stories have the same topics; each list is there once. */
  const lists = new Map<string, readonly TopicId[]>();
  /** Ascending. */
  let places = new Map<TopicId, number[]>();
  /** Withdrawals of stories that anyone may have. */
  let forAll: number[] = [];
  let isComplete = false;
  /** The first entry that was there to be taken in; memory may reach further back than the log. */
  let first = 1;
  let life = 0;
  /** From here on entries came live. */
  let live = Number.POSITIVE_INFINITY;

  function change(topics: readonly TopicId[], by: number): void {
    for (const topic of topics) {
      const count = (counts.get(topic) ?? 0) + by;
      if (count > 0) counts.set(topic, count);
      else counts.delete(topic);
    }
  }

  function put(id: string, { sequence, version, topics }: Known): void {
    const key = topics.join(' ');
    const list = lists.get(key) ?? topics;
    lists.set(key, list);
    stories.set(id, { sequence, version, topics: list });
    change(list, 1);
  }

  function remove(id: string): void {
    const known = stories.get(id);
    if (!known || !stories.delete(id)) return;
    change(known.topics, -1);
  }

  function count({ sequence, story }: Entry): void {
    if (story.status === 'usable') put(story.id, { sequence, version: story.version, topics: story.topics });
  }

  return {
    add(entry) {
      live = Math.min(live, entry.sequence);
      remove(entry.story.id);
      count(entry);
      const topics = topicsOf(entry);
      if (topics === 'everyone') forAll.push(entry.sequence);
      else for (const topic of topics) push(places, topic, entry.sequence);
    },

    note(id, version, { topics }) {
      const known = stories.get(id);
      if (known?.version !== version || !topics) return;
      remove(id);
      put(id, { ...known, topics });
      for (const topic of topics) {
        const list = places.get(topic) ?? [];
        places.set(topic, list);
        const at = firstAfter(list, known.sequence - 1);
        if (list[at] !== known.sequence) list.splice(at, 0, known.sequence);
      }
    },

    async fill(last, signal) {
      const mine = life;
      const older = new Map<TopicId, number[]>();
      const olderForAll: number[] = [];
      // What came live has its place already, and a second one would spoil the order.
      for (let before = Math.min(last + 1, live); !signal.aborted; ) {
        const page: Read[] = await store.read({ before, limit: PAGE, newestFirst: true });
        if (life !== mine) return;
        for (const entry of page) {
          if (!entry.current) continue;
          // What came live meanwhile is newer than what is read here.
          if (!stories.has(entry.story.id)) count(entry);
          const topics = topicsOf(entry);
          if (topics === 'everyone') olderForAll.push(entry.sequence);
          else for (const topic of topics) push(older, topic, entry.sequence);
        }
        const oldest = page.at(-1);
        if (!oldest) {
          for (const [topic, list] of older)
            places.set(topic, list.reverse().concat(places.get(topic) ?? []));
          forAll = olderForAll.reverse().concat(forAll);
          first = before;
          isComplete = true;
          return;
        }
        before = oldest.sequence;
        await breathe();
      }
    },

    trim(from) {
      first = Math.max(first, from);
      for (const [id, { sequence }] of stories) if (sequence < first) remove(id);
      if (lists.size > 2 * stories.size) lists.clear();
      for (const [topic, list] of places) {
        const gone = firstAfter(list, first - 1);
        if (gone === list.length) places.delete(topic);
        else if (gone > 0) places.set(topic, list.slice(gone));
      }
      forAll = forAll.slice(firstAfter(forAll, first - 1));
    },

    clear() {
      life += 1;
      isComplete = false;
      live = Number.POSITIVE_INFINITY;
      stories.clear();
      counts.clear();
      lists.clear();
      places = new Map();
      forAll = [];
    },

    counts: () => counts,

    places(topics, after, end, limit) {
      if (!isComplete || after + 1 < first) return undefined;
      const found = new Set<number>();
      for (const list of [forAll, ...topics.map((topic) => places.get(topic) ?? [])]) {
        const from = firstAfter(list, after);
        // Of each list no more are wanted than of all together.
        for (const sequence of list.slice(from, from + limit)) if (sequence <= end) found.add(sequence);
      }
      return [...found].sort((a, b) => a - b).slice(0, limit);
    },
  };
}

/** Under which topics somebody may look for it: those of every version that was sent, for a withdrawal. */
function topicsOf({ story, reach }: Entry): ReadonlySet<TopicId> | 'everyone' {
  if (reach === 'everyone') return reach;
  return new Set(reach ? reach.flatMap(({ topics }) => topics) : story.topics);
}

function push(lists: Map<TopicId, number[]>, topic: TopicId, sequence: number): void {
  const list = lists.get(topic);
  if (list) list.push(sequence);
  else lists.set(topic, [sequence]);
}

/** The index of the first number that is greater; the length when none is. */
function firstAfter(ascending: readonly number[], number: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}
