import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Source } from '../sources.ts';
import { FetchError } from './fetch-error.ts';
import { readHealth, readMemory, type SourceHealth, type SourceMemory } from './health.ts';
import { afterFailure, afterSuccess, atStart, LONGEST_RETRY_AFTER_MS } from './intervals.ts';
import { isKept, sighted } from './moves.ts';
import { type Poll, reasonOf } from './pipeline.ts';

/** A source that is this process' to poll, and what is known of it. */
export interface Job {
  readonly source: Source;
  health: SourceHealth;
  memory: SourceMemory;
  /** When it is to be polled next, in milliseconds since 1970. */
  due: number;
  /** What it is kept polite to, together with others; absent where that does not matter. */
  host?: string;
}

export interface Learning {
  now: () => number;
  random: () => number;
  log: Logger;
}

const LAGS_KEPT = 25;
/** After so many failures in a row at an address to which it has moved, a source is read at its own again. */
const FAILURES_AT_KEPT_ADDRESS = 3;
const GONE_TIMES = 2;

/** @param spread over how many milliseconds the sources that are overdue are spread */
export function jobOf(source: Source, record: unknown, now: number, spread: number): Job {
  const { id, name, url, language } = source;
  const health = readHealth(record);
  const memory = readMemory(record);
  const identity = { id, name, url, ...(language === undefined ? {} : { language }) };
  // What is known of another address, or cannot be read, is known of nothing.
  const isNew = !health || !memory || health.url !== url;
  const { language: _before, removed, ...rest } = isNew ? { failures: 0, removed: undefined } : health;
  const job: Job = {
    source,
    health: { ...rest, ...identity },
    memory: isNew ? { validators: {}, lagsMs: [] } : memory,
    due: now + atStart(rest, source.every, now, phaseOf(id), spread),
  };
  // Who puts a source back among the others wants it to be tried again.
  if (removed !== undefined) delete job.health.retired;
  return job;
}

export function addressOf({ source, memory }: Job): string {
  return memory.address ?? source.url;
}

/**
 * @param whole everything was read, whatever was known of it
 * @param restMs how long it need not be polled, because it pushes
 */
export function learn(
  job: Job,
  poll: Poll,
  { whole, restMs }: { whole: boolean; restMs: number },
  { now, random, log }: Learning,
): void {
  const at = now();
  const { source, health, memory } = job;
  const lagsMs = [...memory.lagsMs, ...poll.lagsMs].slice(-LAGS_KEPT);
  const isRead = poll.outcome === 'fetched';
  const storyTimes = poll.storyTimes ?? memory.storyTimes;
  const hints = isRead ? poll.hints : memory.hints;
  const { goneTimes: _gone, heldUntil: _held, move: _move, ...kept } = memory;
  job.memory = { ...kept, validators: poll.validators, bodyHash: poll.bodyHash, lagsMs, storyTimes, hints };
  if (whole && isRead) job.memory.lastWhole = time(at);

  const wait = afterSuccess(
    {
      every: source.every,
      retryAfterMs: poll.retryAfterMs,
      // Where politeness does not matter, it is asked as often as it is configured.
      storyTimes: job.host === undefined ? undefined : storyTimes,
      ...(job.host === undefined || source.ignoreHints ? {} : { freshForMs: poll.freshForMs, hints }),
    },
    at,
    random,
  );
  job.due = at + Math.max(wait, restMs);
  job.health = { ...health, lastPoll: time(at), lastSuccess: time(at), nextPoll: time(job.due), failures: 0 };
  if (poll.new + poll.updated + poll.canceled > 0) job.health.lastStory = time(at);
  if (lagsMs.length > 0) job.health.medianLagMs = medianOf(lagsMs);
  if (health.failures > 0)
    log.info({ source: source.id, failures: health.failures }, 'the source works again');
  follow(job, poll.movedTo, memory, at, log);
}

/** Keeps to a new address when it has been seen for long enough. */
function follow(job: Job, movedTo: string | undefined, before: SourceMemory, at: number, log: Logger): void {
  const { source, health } = job;
  const move = sighted(before.move, movedTo, at);
  if (!move) {
    if (before.address === undefined) delete health.movedTo;
    return;
  }
  const from = addressOf(job);
  if (health.movedTo !== move.to) {
    log.info({ source: source.id, movedTo: move.to }, 'the feed says that it has moved for good');
  }
  health.movedTo = move.to;
  if (isKept(move, from, at)) {
    job.memory.address = move.to;
    log.info({ source: source.id, movedTo: move.to }, 'the feed is read at its new address from now on');
  } else {
    job.memory.move = move;
  }
}

/** @returns for how long the source's host is to be left alone, in milliseconds */
export function blame(job: Job, error: unknown, { now, random, log }: Learning): number {
  const at = now();
  const { source, health, memory } = job;
  const reason = reasonOf(error);
  // When our store is away the source has done nothing to be left alone for.
  const isOurs = reason === 'store';
  const failures = isOurs ? health.failures : health.failures + 1;
  const retryAfterMs = error instanceof FetchError ? error.retryAfterMs : undefined;
  job.due = at + afterFailure(source.every, isOurs ? 0 : failures, retryAfterMs, random);
  const message = error instanceof Error ? error.message.slice(0, 300) : String(error);
  job.health = {
    ...health,
    failures,
    lastPoll: time(at),
    nextPoll: time(job.due),
    lastError: { at: time(at), reason, message },
  };
  const held = Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  if (!isOurs) {
    const goneTimes = reason === 'http_410' ? (memory.goneTimes ?? 0) + 1 : 0;
    // Permanent redirects count only when nothing comes between.
    const { move: _move, heldUntil: _held, ...kept } = memory;
    job.memory = { ...kept, goneTimes, ...(held > 0 ? { heldUntil: time(at + held) } : {}) };
    if (goneTimes > 0 || failures >= FAILURES_AT_KEPT_ADDRESS) delete job.memory.address;
    if (goneTimes >= GONE_TIMES) {
      job.health.retired = time(at);
      delete job.health.nextPoll;
      log.warn({ source: source.id }, 'the feed is gone for good, says its server; it is polled no more');
      return held;
    }
  }
  const { nextPoll } = job.health;
  log.warn({ source: source.id, reason, failures, nextPoll, err: error }, 'source not read');
  return held;
}

function phaseOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
