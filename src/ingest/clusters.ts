import { setImmediate as breathe } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Position } from '../core/cursor.ts';
import type { Entry, Story } from '../core/story.ts';
import type { ContentDraft, Draft, Following, Offered, Store } from '../store/store.ts';
import { createEvents } from './clusters/events.ts';

export interface ClustersDeps {
  store: Pick<Store, 'append' | 'offer' | 'head' | 'read' | 'follow' | 'note'>;
  /** Milliseconds since 1970. */
  now: () => number;
  log: Logger;
  /** So many stories are compared with; the oldest are forgotten first. */
  max?: number;
}

export interface Clusters {
  /**
   * Appends as the store does; what it appends says which event it tells, and who else has reported that. The stories
   * of those others are given a note soon after.
   * @param after as of `Store.offer`
   * @throws {WireError} as `Store.append`
   */
  append(draft: Draft, after?: Position): Promise<Offered>;
  /** Resolves when every note has been written that was due when it was called. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Two stories of one event are no further apart. */
const WINDOW_MS = 72 * 60 * 60_000;
const MAX_STORIES = 50_000;
const PAGE = 200;
/** So many stories are taken in between two breaths. */
const CHUNK = 50;
/** The first story waits while those of before are read; not longer than this, the newest first. Taking them in comes on top. */
const LOAD_MS = 10_000;
const EXPIRE_MS = 10 * 60_000;

/**
 * Puts stories of one event together as they come. Each ingestor follows the log, and so knows the stories of all. Who
 * appended the newest entry of a cluster writes its notes, so that no two ever undo each other's. A story that another
 * ingestor appended at the same moment is found when the log shows which came first.
 */
export function createClusters({ store, now, log, max = MAX_STORIES }: ClustersDeps): Clusters {
  const events = createEvents({ now, withinMs: WINDOW_MS, max });
  /** Entries of ours that the log has not shown yet, and the clusters that their stories were in before. */
  const ours = new Map<number, string | undefined>();
  /** The newest entry of each cluster, and the newest of ours. */
  const newest = new Map<string, number>();
  const newestOurs = new Map<string, number>();
  /** What may have notes to be written; bounded by the clusters that there are. */
  const dirty = new Set<string>();
  const closing = new AbortController();
  let following: Following | undefined;
  let beginning: Promise<void> | undefined;
  let writing: Promise<void> | undefined;
  let epoch = '';
  let applied = 0;
  let expiredAt = now();

  async function load(): Promise<void> {
    const head = await store.head();
    const oldest = now() - WINDOW_MS;
    const until = performance.now() + LOAD_MS;
    const found: Pick<Entry, 'story' | 'sequence'>[] = [];
    for (let before = head.last + 1; !closing.signal.aborted; ) {
      const page = await store.read({ before, limit: PAGE, newestFirst: true });
      const recent = page.filter(({ at }) => at >= oldest);
      for (const { story, sequence, current } of recent) {
        if (current && story.status === 'usable') found.push({ story: withoutLongText(story), sequence });
      }
      const last = page.at(-1);
      if (!last || recent.length < page.length || found.length >= max || performance.now() > until) break;
      before = last.sequence;
      await breathe();
    }
    // Oldest first, because the first are forgotten first.
    for (let end = found.length; end > 0 && !closing.signal.aborted; end -= CHUNK) {
      for (const { story, sequence } of found.slice(Math.max(0, end - CHUNK), end).reverse()) {
        events.take(story, sequence);
      }
      await breathe();
    }
    events.loaded();
    await follow({ epoch: head.epoch, sequence: head.last });
  }

  async function follow(from: Position): Promise<void> {
    epoch = from.epoch;
    applied = from.sequence;
    following = await store.follow(from, {
      entry,
      reset(at) {
        if (at.epoch !== epoch) forgetAll();
        epoch = at.epoch;
        applied = at.sequence;
      },
      renewed(at) {
        events.cut(at.sequence);
        ours.clear();
        epoch = at.epoch;
        applied = at.sequence;
      },
      link() {},
      noted(id, version, { cluster, alsoReportedBy }) {
        if (cluster === undefined && alsoReportedBy === undefined) return;
        const before = events.clusterOf(id);
        events.noted(id, version, { cluster, alsoReportedBy });
        const after = events.clusterOf(id);
        if (after !== undefined && isKept(after)) settle(after);
        // Whoever had joined it where it was goes after it.
        if (before === undefined || before === after || !isKept(before)) return;
        for (const left of events.members(before)) complete(left);
      },
    });
    if (closing.signal.aborted) await following.close();
    else await following.catchUp();
  }

  function forgetAll(): void {
    events.clear();
    for (const each of [ours, newest, newestOurs, dirty]) each.clear();
  }

  function forgetOld(): void {
    events.expire();
    for (const cluster of newest.keys()) {
      if (events.members(cluster).length > 0) continue;
      newest.delete(cluster);
      newestOurs.delete(cluster);
    }
  }

  /** A story is placed without those of before it when they cannot be read; the next one tries again. */
  function begin(): Promise<void> {
    beginning ??= load().catch((err: unknown) => {
      beginning = undefined;
      log.warn({ err }, 'stories are not put together with those of before, until these can be read');
    });
    return beginning;
  }

  function isKept(cluster: string): boolean {
    return newestOurs.has(cluster) && newestOurs.get(cluster) === newest.get(cluster);
  }

  function entry({ sequence, story }: Entry): void {
    applied = sequence;
    const before = events.clusterOf(story.id);
    if (story.status === 'usable') events.take(story, sequence);
    else events.withdraw(story.id);
    for (const cluster of [before, events.clusterOf(story.id)]) {
      if (cluster !== undefined) newest.set(cluster, sequence);
    }
    if (ours.has(sequence)) {
      keep(sequence, story.id, ours.get(sequence));
      ours.delete(sequence);
      // Whoever sent it without a cluster knows of none: all see to it, each once, and come to the same.
    } else if (story.status === 'usable' && story.cluster === undefined) complete(story.id);
    if (now() - expiredAt < EXPIRE_MS) return;
    expiredAt = now();
    forgetOld();
  }

  /** What an entry of ours changes for others is for us to note. */
  function keep(sequence: number, id: string, before: string | undefined): void {
    const cluster = complete(id) ?? before;
    if (cluster === undefined) return;
    newestOurs.set(cluster, sequence);
    newest.set(cluster, Math.max(sequence, newest.get(cluster) ?? 0));
    settle(cluster);
  }

  function complete(id: string): string | undefined {
    events.reconsider(id);
    const cluster = events.clusterOf(id);
    if (cluster !== undefined) settle(cluster);
    return cluster;
  }

  function placed(draft: ContentDraft): ContentDraft {
    const { cluster, alsoReportedBy } = events.place(draft.content);
    const others = alsoReportedBy.length > 0 ? { alsoReportedBy } : {};
    return { ...draft, content: { ...draft.content, cluster, ...others } };
  }

  function settle(cluster: string): void {
    dirty.add(cluster);
    writing ??= write();
  }

  async function write(): Promise<void> {
    // What made it due may have more to come in the same breath.
    await breathe();
    try {
      for (const cluster of dirty) {
        dirty.delete(cluster);
        for (const { id, version, placing } of events.missing(cluster)) {
          if (closing.signal.aborted) return;
          if (await store.note(id, version, placing)) events.noted(id, version, placing);
        }
      }
    } catch (err) {
      log.warn({ err }, 'it was not noted who else reports some stories, until the next one of their event');
    } finally {
      writing = undefined;
    }
  }

  return {
    async append(draft, after) {
      await begin();
      const id = draft.kind === 'content' ? draft.content.id : draft.id;
      const before = events.clusterOf(id);
      const known = draft.kind === 'content' ? placed(draft) : draft;
      const appended = await (after ? store.offer(known, after) : store.append(known));
      if (!('entry' in appended) || !following) return appended;
      const { sequence } = appended.entry;
      if (sequence <= applied) keep(sequence, id, before);
      else ours.set(sequence, before);
      return appended;
    },
    async settled() {
      await following?.catchUp();
      while (writing) await writing;
    },
    async close() {
      closing.abort();
      await beginning;
      await following?.close();
      await writing;
    },
  };
}

/** Below the headline one text is enough. */
function withoutLongText(story: Story): Story {
  return story.description ? { ...story, body: undefined } : story;
}
