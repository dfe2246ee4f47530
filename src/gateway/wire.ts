import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { carriedOver, type Lineage, ofLog, type Position, parseCursor } from '../core/cursor.ts';
import type { Entry } from '../core/story.ts';
import type { Metrics } from '../metrics.ts';
import type { Findings, Following, Read, Store } from '../store/store.ts';
import { createLosses, type Losses, type Past } from './losses.ts';
import { createRecent } from './recent.ts';

/** Entries in log order; everything up to and including `upTo` has been looked at. */
export interface Page {
  entries: Read[];
  upTo: number;
}

export interface WireEvents {
  /** In log order, once each. Runs to its end before the next one. */
  entry(entry: Entry): void;
  /** The log has jumped: what lay between the last entry and `at` is gone. `past` is where this process stood. */
  reset(at: Position, past: Past): void;
  /**
   * The log goes on from `at` in a new epoch: what came after it in the old one, up to `past`, is gone from it.
   */
  renewed(at: Position, past: Past): void;
  link(up: boolean): void;
  /** Something was found out about a version of a story. */
  noted(id: string, version: number, findings: Findings): void;
}

/** This process' one following of the log, with the recent entries in memory: clients that come back read from there. */
export interface Wire {
  /** How far this process has come; everything up to there has been handed to `entry`. */
  position(): Position;
  /** Resolves once the log has been reached for the first time. */
  readonly begun: Promise<void>;
  /** Whether the log answers, and this process is at its head. */
  isUp(): boolean;
  /** What the log has lost of what this process had handed out. */
  readonly losses: Pick<Losses, 'placesOf'>;
  /** At most so many of the newest entries, newest last. */
  recent(count: number): readonly Entry[];
  /**
   * Where somebody goes on who has everything up to `cursor`. With `gap` the log does not reach back to it, and
   * `sequence` is its beginning. Rejects with WireError `invalid_cursor` for what is none.
   */
  locate(cursor: unknown): Promise<{ sequence: number; gap: boolean }>;
  /** The entries after a place; from memory at once when it has them, otherwise from the log. */
  after(sequence: number, limit: number): Page | Promise<Page>;
  /**
   * These entries, ascending and after a place, as far as the log has them; and where it begins. What is in memory comes
   * from there; when that is all that comes after the place, `first` is no later than that.
   */
  at(sequences: readonly number[], after: number): Promise<{ entries: Read[]; first: number }>;
  /** The entries before a place, newest first; empty at the log's beginning. */
  before(sequence: number, limit: number): Promise<Read[]>;
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export interface WireOptions {
  store: Pick<Store, 'head' | 'read' | 'readAt' | 'follow'>;
  events: WireEvents;
  metrics: Metrics;
  log: Logger;
  /** How many entries stay in memory. */
  recent?: number;
}

/** Five minutes of a wire that writes fifty stories a second, and something over. */
const RECENT = 20_000;
const RECENT_BYTES = 64 * 1024 * 1024;
const BEGIN_PAGE = 500;
const RETRY_MS = 1_000;

export function openWire({ store, events, metrics, log, recent = RECENT }: WireOptions): Wire {
  let at: Position = { epoch: '', sequence: 0 };
  let lineage: Lineage = [];
  const losses = createLosses();
  let up = false;
  let following: Following | undefined;
  const closing = new AbortController();
  const aborted = new Promise<void>((resolve) => closing.signal.addEventListener('abort', () => resolve()));
  const memory = createRecent({ entries: recent, bytes: RECENT_BYTES });
  const reads = new Map<string, Promise<Read[]>>();

  /** Who waits for this process to come so far. */
  const awaited = new Set<{ sequence: number; reached: () => void }>();

  /** Resolves when this process has come so far, or to the head of a log that does not reach so far. */
  async function comesTo(sequence: number): Promise<void> {
    let reached = () => {};
    const coming = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const waiting = { sequence, reached };
    awaited.add(waiting);
    await Promise.race([following?.catchUp(), coming]);
    awaited.delete(waiting);
  }

  function tellAwaited(): void {
    for (const { sequence, reached } of awaited) if (sequence <= at.sequence) reached();
  }

  const follower = {
    entry(read: Entry): void {
      const entry = losses.widened(read);
      at = { epoch: at.epoch, sequence: entry.sequence };
      memory.keep(entry);
      events.entry(entry);
      metrics.logApplied(entry.sequence);
      if (awaited.size > 0) tellAwaited();
    },
    head: metrics.logHead,
    noted(...note: Parameters<WireEvents['noted']>): void {
      memory.note(...note);
      events.noted(...note);
    },
    reset(to: Position, lives: Lineage): void {
      log.warn({ from: at, to }, 'the log no longer has what comes next; going on where it begins');
      const past = losses.lose(memory.cut(0), at.sequence, at.epoch !== to.epoch);
      at = to;
      lineage = lives;
      metrics.logApplied(to.sequence);
      metrics.gap('reported');
      events.reset(to, past);
    },
    renewed(to: Position, lives: Lineage): void {
      log.warn({ from: at, to }, 'the log goes on in a new epoch');
      const past = losses.lose(memory.cut(to.sequence), at.sequence, false);
      at = to;
      lineage = lives;
      metrics.logApplied(to.sequence);
      events.renewed(to, past);
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
        lineage = head.lineage;
        await remember(head.last);
        metrics.logHead(head.last);
        metrics.logApplied(head.last);
        following = await store.follow(at, follower);
        await Promise.race([following.catchUp(), aborted]);
        up = true;
        events.link(true);
        return;
      } catch (err) {
        log.warn({ err }, 'the log cannot be reached yet; trying again');
        await wait(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  /** Memory starts with the log's newest entries, so that a restart does not send everyone to the log. */
  async function remember(last: number): Promise<void> {
    const newestFirst: Read[] = [];
    while (newestFirst.length < recent) {
      const before = newestFirst.at(-1)?.sequence ?? last + 1;
      const page = await store.read({ before, limit: BEGIN_PAGE, newestFirst: true });
      newestFirst.push(...page);
      if (page.length < BEGIN_PAGE) break;
    }
    memory.clear();
    for (const { current: _, ...entry } of newestFirst.reverse()) memory.keep(entry);
    if (memory.newest(1)[0]?.sequence !== last) memory.clear();
  }

  /** What was read, if the log is still the one that is followed; otherwise nothing, once it is followed on. */
  async function ofSameLog(read: Promise<Read[]>): Promise<Read[] | undefined> {
    const found = await read;
    const { epoch } = at;
    const isOurs = ofLog({ epoch, lineage });
    if (found.every(({ story }) => isOurs(story.cursor))) return found;
    await following?.catchUp();
    return epoch === at.epoch ? found : undefined;
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
  const remembers = (sequence: number) =>
    sequence >= (memory.start() ?? at.sequence) && sequence <= at.sequence;

  return {
    begun,
    position: () => at,
    isUp: () => up && following !== undefined,
    recent: memory.newest,
    losses,

    async locate(cursor) {
      const { epoch, sequence } = parseCursor(cursor);
      // Another node may be ahead of this one, and know of a new epoch before it.
      // It has been there when this process has come so far, however long others keep it busy beyond that.
      if (epoch !== at.epoch) await following?.catchUp();
      else if (sequence > at.sequence) await comesTo(sequence);
      for (;;) {
        const seen = at.epoch;
        const carried = carriedOver({ epoch: seen, lineage }, { epoch, sequence });
        if (carried !== undefined && remembers(carried)) return { sequence: carried, gap: false };
        const start = (await store.head()).first - 1;
        if (at.epoch !== seen) continue;
        const reachable = carried !== undefined && carried >= start && carried <= at.sequence;
        return reachable
          ? { sequence: carried, gap: false }
          : { sequence: Math.min(start, at.sequence), gap: true };
      }
    },

    after(sequence, limit) {
      if (remembers(sequence)) {
        const entries = memory.after(sequence, limit);
        return { entries, upTo: entries.at(-1)?.sequence ?? at.sequence };
      }
      const head = at.sequence;
      const read = () => store.read({ after: sequence, limit });
      return ofSameLog(readShared(`after ${sequence} ${limit} ${head}`, read)).then((found) => {
        if (!found) return { entries: [], upTo: sequence };
        // The log may be ahead of this process; what it has not handed out yet will come live.
        const entries = found.filter((entry) => entry.sequence <= head);
        // A short page says nothing of what follows it: only an empty one is the end.
        return { entries, upTo: entries.at(-1)?.sequence ?? head };
      });
    },

    async at(sequences, after) {
      if (remembers(after)) return { entries: memory.at(sequences), first: after + 1 };
      // A log that has just lost its end lacks what this process had, and nobody may be taken past that as if it had been sent.
      const latest = memory.at(sequences.filter((sequence) => remembers(sequence - 1)));
      const older = sequences.slice(0, sequences.length - latest.length);
      const entries = await readShared(`at ${older.join(' ')}`, () => store.readAt(older));
      // Asked last: what is gone by then may have been missing from what was read.
      return { entries: [...entries, ...latest], first: (await store.head()).first };
    },

    before(sequence, limit) {
      const found = memory.before(Math.min(sequence, at.sequence + 1), limit);
      if (found.length > 0) return Promise.resolve(found);
      const read = () => store.read({ before: sequence, limit, newestFirst: true });
      return readShared(`before ${sequence} ${limit}`, read);
    },

    catchUp: async () => following?.catchUp(),

    async close() {
      closing.abort();
      await begun;
      await following?.close();
    },
  };
}
