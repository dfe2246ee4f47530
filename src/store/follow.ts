import { setTimeout as wait } from 'node:timers/promises';
import { carriedOver, type Lineage, ofLog, type Position } from '../core/cursor.ts';
import type { Entry } from '../core/story.ts';
import type { Findings, Follower, Following, Head } from './store.ts';

/** What following needs of a log; the two stores differ only in how they answer. */
export interface Log {
  head(): Promise<Head>;
  entriesAfter(sequence: number, limit: number): Promise<Entry[]>;
}

export interface Follow extends Following {
  /** The log has grown by this entry; it may come late, twice, out of order, or never. */
  hint(epoch: string, entry: Entry): void;
  /** Something was found out about a story. */
  noted(id: string, version: number, findings: Findings): void;
  /** The channel that carries hints is down: until the log answers again nothing is known. */
  lost(error: Error): void;
}

const PAGE = 500;
/** A log that says nothing is asked this often, so that a lost last hint is found too. */
const CHECK_MS = 2_000;
const RETRY_MS = [100, 250, 500, 1_000];

/**
 * Turns hints into the guarantee of `Follower`: an entry is handed over when it is the next one, and everything
 * between is read from the log otherwise. Hints are only ever a shortcut.
 */
export function createFollow(log: Log, after: Position, follower: Follower, checkMs = CHECK_MS): Follow {
  const closing = new AbortController();
  let { epoch, sequence: applied } = after;
  let up = true;
  let running: Promise<void> | undefined;
  let again = false;
  let begun = false;

  function hand(entry: Entry): void {
    applied = entry.sequence;
    follower.entry(entry);
  }

  function resetTo(sequence: number, lineage: Lineage): void {
    applied = sequence;
    follower.reset({ epoch, sequence }, lineage);
  }

  function lost(error: Error): void {
    if (!up || closing.signal.aborted) return;
    up = false;
    follower.link(false, error);
    void catchUp();
  }

  async function readToHead(): Promise<void> {
    const head = await log.head();
    follower.head?.(head.last);
    const carried = carriedOver(head, { epoch, sequence: applied });
    if (head.epoch !== epoch && carried !== undefined && carried >= head.first - 1) {
      epoch = head.epoch;
      applied = carried;
      follower.renewed({ epoch, sequence: applied }, head.lineage);
    } else if (head.epoch !== epoch || head.last < applied || head.first - 1 > applied) {
      epoch = head.epoch;
      resetTo(head.first - 1, head.lineage);
    }
    const isOfThisLog = ofLog(head);
    let read = 0;
    while (applied < head.last && !closing.signal.aborted) {
      const page = await log.entriesAfter(applied, PAGE);
      if (page.length === 0 || closing.signal.aborted) break;
      // Since it was asked for its head, the log may have lost its end and gone on.
      if (!page.every(({ story }) => isOfThisLog(story.cursor)) && (await log.head()).epoch !== epoch) {
        again = true;
        break;
      }
      for (const entry of page) {
        if (entry.sequence !== applied + 1) resetTo(entry.sequence - 1, head.lineage);
        hand(entry);
      }
      read += page.length;
    }
    if (read > 0 && begun) follower.repaired?.(read);
    begun = true;
  }

  async function untilRead(): Promise<void> {
    for (let failures = 0; !closing.signal.aborted; ) {
      again = false;
      try {
        await readToHead();
        failures = 0;
        if (!up && !closing.signal.aborted) {
          up = true;
          follower.link(true);
        }
        if (!again) {
          running = undefined;
          return;
        }
      } catch (error) {
        if (up && !closing.signal.aborted) {
          up = false;
          follower.link(false, error instanceof Error ? error : new Error(String(error)));
        }
        const pause = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
        failures += 1;
        await wait(pause, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  function catchUp(): Promise<void> {
    if (running) again = true;
    running ??= untilRead();
    return running;
  }

  const check = setInterval(() => void catchUp(), checkMs);
  check.unref();

  return {
    hint(hintEpoch, entry) {
      if (closing.signal.aborted) return;
      if (hintEpoch === epoch) follower.head?.(entry.sequence);
      if (!running && up && hintEpoch === epoch && entry.sequence === applied + 1) hand(entry);
      else if (hintEpoch !== epoch || entry.sequence > applied) void catchUp();
    },
    noted(...note) {
      if (!closing.signal.aborted) follower.noted?.(...note);
    },
    lost,
    catchUp,
    async close() {
      closing.abort();
      clearInterval(check);
      await running;
    },
  };
}
