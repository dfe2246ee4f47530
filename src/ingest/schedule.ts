import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { FetchError } from './fetch-error.ts';
import { readHealth, readMemory, recordOf, type SourceHealth, type SourceMemory } from './health.ts';
import { afterFailure, afterSuccess, atStart } from './intervals.ts';
import { type Pipeline, type Poll, reasonOf } from './pipeline.ts';
import type { Source } from './sources.ts';

export interface ScheduleDeps {
  sources: readonly Source[];
  pipeline: Pick<Pipeline, 'read'>;
  store: Pick<Store, 'sources' | 'saveSource'>;
  /** Milliseconds since 1970. */
  now: () => number;
  log: Logger;
  /** 0 ≤ n < 1 */
  random: () => number;
  /** How many sources are polled at the same time, at most; the others wait in the order in which they are due. */
  concurrency?: number;
}

export interface Schedule {
  /** Begins to poll, as soon as the store says what it remembers of the sources. */
  start(): void;
  /** Aborts what is being fetched, waits for what is being stored. */
  close(): Promise<void>;
}

interface Job {
  readonly source: Source;
  health: SourceHealth;
  memory: SourceMemory;
  /** When it is to be polled next, in milliseconds since 1970. */
  due: number;
}

const STORE_RETRY_MS = 1000;
/** A clock that was set back must not keep us waiting for longer than this. */
const LONGEST_WAIT_MS = 60_000;
/** A quiet source's stories are shown to the store this often, so that it does not forget that it knows them. */
const WHOLE_EVERY_MS = 7 * 24 * 3_600_000;
const LAGS_KEPT = 25;

/**
 * Polls each source at its own pace: at most one poll of a source and `concurrency` polls in all at a time, so that a
 * slow or broken source takes one place and delays nobody. What it learns of a source it keeps in the store.
 */
export function createSchedule({
  sources,
  pipeline,
  store,
  now,
  log,
  random,
  concurrency = 16,
}: ScheduleDeps): Schedule {
  /** Those that wait, the first due first; those that are being polled are in `running` instead. */
  const waiting: Job[] = [];
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  let loading = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function load(): Promise<void> {
    try {
      const records = await store.sources();
      if (closing.signal.aborted) return;
      for (const source of sources) enqueue(jobOf(source, records.get(source.id), now()));
      wake();
    } catch (err) {
      log.warn({ err }, 'the store cannot say what it remembers of the sources; asking again');
      if (!closing.signal.aborted) timer = setTimeout(begin, STORE_RETRY_MS);
    }
  }

  function begin(): void {
    loading = load();
  }

  function wake(): void {
    clearTimeout(timer);
    while (!closing.signal.aborted && running.size < concurrency) {
      const next = waiting[0];
      if (!next) return;
      const wait = next.due - now();
      if (wait > 0) {
        timer = setTimeout(wake, Math.min(wait, LONGEST_WAIT_MS));
        return;
      }
      waiting.shift();
      const poll = run(next).then(() => {
        running.delete(poll);
        enqueue(next);
        wake();
      });
      running.add(poll);
    }
  }

  function enqueue(job: Job): void {
    const at = waiting.findLastIndex(({ due }) => due <= job.due);
    waiting.splice(at + 1, 0, job);
  }

  async function run(job: Job): Promise<void> {
    const { source, memory } = job;
    const startedAt = now();
    const whole = startedAt - Date.parse(memory.lastWhole ?? '') >= WHOLE_EVERY_MS;
    try {
      const poll = await pipeline.read(source, memory, { whole, signal: closing.signal });
      succeeded(job, poll, whole || memory.lastWhole === undefined);
    } catch (error) {
      if (closing.signal.aborted) return;
      failed(job, error);
    }
    await store.saveSource(source.id, recordOf(job.health, job.memory)).catch((err: unknown) => {
      log.warn({ source: source.id, err }, 'what was learnt of the source could not be kept');
    });
  }

  function succeeded(job: Job, poll: Poll, whole: boolean): void {
    const at = now();
    const { source, health, memory } = job;
    const wait = afterSuccess(source.every, poll.retryAfterMs, random);
    const lagsMs = [...memory.lagsMs, ...poll.lagsMs].slice(-LAGS_KEPT);
    job.due = at + wait;
    job.memory = {
      validators: poll.validators,
      bodyHash: poll.bodyHash,
      lagsMs,
      lastWhole: memory.lastWhole,
    };
    if (whole && poll.outcome === 'fetched') job.memory.lastWhole = time(at);
    job.health = {
      ...health,
      lastPoll: time(at),
      lastSuccess: time(at),
      nextPoll: time(job.due),
      failures: 0,
    };
    if (poll.new + poll.updated + poll.canceled > 0) job.health.lastStory = time(at);
    if (lagsMs.length > 0) job.health.medianLagMs = medianOf(lagsMs);
    if (poll.movedTo) job.health.movedTo = poll.movedTo;
    if (poll.movedTo && poll.movedTo !== health.movedTo) {
      log.info({ source: source.id, movedTo: poll.movedTo }, 'the feed has moved for good');
    }
    if (health.failures > 0)
      log.info({ source: source.id, failures: health.failures }, 'the source works again');
  }

  function failed(job: Job, error: unknown): void {
    const at = now();
    const { source, health } = job;
    const reason = reasonOf(error);
    // When our store is away the source has done nothing to be left alone for.
    const failures = reason === 'store' ? health.failures : health.failures + 1;
    const retryAfterMs = error instanceof FetchError ? error.retryAfterMs : undefined;
    job.due = at + afterFailure(source.every, reason === 'store' ? 0 : failures, retryAfterMs, random);
    const message = error instanceof Error ? error.message.slice(0, 300) : String(error);
    job.health = {
      ...health,
      failures,
      lastPoll: time(at),
      nextPoll: time(job.due),
      lastError: { at: time(at), reason, message },
    };
    log.warn(
      { source: source.id, reason, failures, nextPoll: job.health.nextPoll, err: error },
      'source not read',
    );
  }

  return {
    start: begin,
    async close() {
      closing.abort();
      clearTimeout(timer);
      await Promise.all([loading, ...running]);
    },
  };
}

function jobOf(source: Source, record: unknown, now: number): Job {
  const { id, name, url, language } = source;
  const health = readHealth(record);
  const memory = readMemory(record);
  const identity = { id, name, url, ...(language === undefined ? {} : { language }) };
  // What is known of another address, or cannot be read, is known of nothing.
  if (!health || !memory || health.url !== url) {
    return { source, health: { ...identity, failures: 0 }, memory: { validators: {}, lagsMs: [] }, due: now };
  }
  const { language: _before, ...rest } = health;
  const wait = atStart(health, source.every, now, phaseOf(id));
  return { source, health: { ...rest, ...identity }, memory, due: now + wait };
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
