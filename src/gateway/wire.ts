import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Position } from '../core/cursor.ts';
import type { Entry } from '../core/story.ts';
import type { Metrics } from '../metrics.ts';
import type { Following, Read, Store } from '../store/store.ts';

/** Entries in log order; everything up to and including `upTo` has been looked at. */
export interface Page {
  entries: Read[];
  upTo: number;
}

export interface WireEvents {
  /** In log order, once each. Runs to its end before the next one. */
  entry(entry: Entry): void;
  /** The log has jumped: what lay between the last entry and `at` is gone. */
  reset(at: Position): void;
  link(up: boolean): void;
}

/** This process' one following of the log, with the recent entries in memory: clients that come back read from there. */
export interface Wire {
  /** How far this process has come; everything up to there has been handed to `entry`. */
  position(): Position;
  /** Resolves once the log has been reached for the first time. */
  readonly begun: Promise<void>;
  /** Whether the log answers, and this process is at its head. */
  isUp(): boolean;
  /** At most so many of the newest entries, newest last. */
  recent(count: number): readonly Entry[];
  /** Whether everything after this place is in memory. */
  remembers(sequence: number): boolean;
  /** The entries after a place; from memory at once when it has them, otherwise from the log. */
  after(sequence: number, limit: number): Page | Promise<Page>;
  /** The entries before a place, newest first; empty at the log's beginning. */
  before(sequence: number, limit: number): Promise<Read[]>;
  /** The oldest place after which nothing is missing. */
  start(): Promise<number>;
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export interface WireOptions {
  store: Pick<Store, 'head' | 'read' | 'follow'>;
  events: WireEvents;
  metrics: Metrics;
  log: Logger;
  /** How many entries stay in memory. */
  recent?: number;
}

const RECENT = 5_000;
const RETRY_MS = 1_000;

export function openWire({ store, events, metrics, log, recent = RECENT }: WireOptions): Wire {
  let at: Position = { epoch: '', sequence: 0 };
  let up = false;
  let following: Following | undefined;
  const closing = new AbortController();
  /** The newest entries, contiguous, the last one at `at`. Trimmed in halves, so that it costs nothing per entry. */
  let ring: Entry[] = [];
  /** Where the newest version of each story in the ring is. */
  const newest = new Map<string, number>();
  const reads = new Map<string, Promise<Read[]>>();

  function keep(entry: Entry): void {
    ring.push(entry);
    newest.set(entry.story.id, entry.sequence);
    if (ring.length < recent * 2) return;
    for (const old of ring.slice(0, -recent)) {
      if (newest.get(old.story.id) === old.sequence) newest.delete(old.story.id);
    }
    ring = ring.slice(-recent);
  }

  const follower = {
    entry(entry: Entry): void {
      at = { epoch: at.epoch, sequence: entry.sequence };
      keep(entry);
      metrics.logHead(entry.sequence);
      events.entry(entry);
      metrics.logApplied(entry.sequence);
    },
    reset(to: Position): void {
      log.warn({ from: at, to }, 'the log no longer has what comes next; going on where it begins');
      at = to;
      ring = [];
      newest.clear();
      metrics.gap('reported');
      events.reset(to);
    },
    link(now: boolean, err?: Error): void {
      up = now;
      log[now ? 'info' : 'warn']({ err }, now ? 'the log is back' : 'the log cannot be reached');
      events.link(now);
    },
    repaired(entries: number): void {
      log.debug({ entries }, 'read from the log what was not announced');
      metrics.gap('repaired');
    },
  };

  async function begin(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const head = await store.head();
        at = { epoch: head.epoch, sequence: head.last };
        ring = [];
        newest.clear();
        // Memory starts with the log's newest entries, so that a restart does not send everyone to the log.
        const newestFirst = await store.read({ before: head.last + 1, limit: recent, newestFirst: true });
        for (const { current: _, ...entry } of newestFirst.reverse()) keep(entry);
        metrics.logHead(head.last);
        metrics.logApplied(head.last);
        up = true;
        following = await store.follow(at, follower);
        events.link(true);
        return;
      } catch (err) {
        log.warn({ err }, 'the log cannot be reached yet; trying again');
        await wait(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  /** Clients that wait for the same part of the log share one read of it. */
  function readShared(key: string, read: () => Promise<Read[]>): Promise<Read[]> {
    const running = reads.get(key);
    if (running) return running;
    const started = read().finally(() => reads.delete(key));
    reads.set(key, started);
    return started;
  }

  const begun = begin();

  return {
    begun,
    position: () => at,
    isUp: () => up && following !== undefined,

    recent: (count) => ring.slice(-count),
    remembers: (sequence) =>
      sequence >= (ring[0]?.sequence ?? at.sequence + 1) - 1 && sequence <= at.sequence,

    after(sequence, limit) {
      const first = ring[0]?.sequence ?? at.sequence + 1;
      if (sequence >= first - 1) {
        const entries = ring
          .slice(sequence - first + 1, sequence - first + 1 + limit)
          .map((entry) => ({ ...entry, current: newest.get(entry.story.id) === entry.sequence }));
        return { entries, upTo: Math.max(sequence, entries.at(-1)?.sequence ?? at.sequence) };
      }
      return readShared(`after ${sequence} ${limit}`, () => store.read({ after: sequence, limit })).then(
        (read) => {
          // The log may be ahead of this process; what it has not handed out yet will come live.
          const entries = read.filter((entry) => entry.sequence <= at.sequence);
          const full = read.length === limit && entries.length === limit;
          return { entries, upTo: full ? (entries.at(-1)?.sequence ?? sequence) : at.sequence };
        },
      );
    },

    before(sequence, limit) {
      const first = ring[0]?.sequence ?? at.sequence + 1;
      const end = Math.min(sequence, at.sequence + 1) - first;
      if (end > 0) {
        const entries = ring.slice(Math.max(0, end - limit), end).reverse();
        return Promise.resolve(
          entries.map((entry) => ({ ...entry, current: newest.get(entry.story.id) === entry.sequence })),
        );
      }
      return readShared(`before ${sequence} ${limit}`, () =>
        store.read({ before: sequence, limit, newestFirst: true }),
      );
    },

    start: async () => (await store.head()).first - 1,
    catchUp: async () => following?.catchUp(),

    async close() {
      closing.abort();
      await begun;
      await following?.close();
    },
  };
}
