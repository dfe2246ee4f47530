import type { Logger } from 'pino';
import type { Store } from '../../store/store.ts';
import type { Source } from '../sources.ts';
import { createClaims } from './claims.ts';
import type { GoneCheck } from './gone.ts';
import { readHealth, recordOf } from './health.ts';
import type { Hosts } from './hosts.ts';
import { spreadOf } from './intervals.ts';
import { addressOf, blame, type Job, jobOf, type Learning, learn } from './job.ts';
import type { Pipeline, Poll } from './pipeline.ts';
import { createPlaces, type PlacesOptions } from './places.ts';
import { createQueue } from './queue.ts';

export interface ScheduleDeps {
  sources: readonly Source[];
  pipeline: Pick<Pipeline, 'read'>;
  hosts: Hosts;
  store: Pick<Store, 'source' | 'sources' | 'saveSource' | 'join' | 'leave' | 'claim' | 'unclaim'>;
  /** For sources that have `checkGone`; without it they are as all others. */
  gone?: GoneCheck;
  /** Told of each poll that succeeded; answers for how many milliseconds the source need not be polled, because it pushes. */
  pushed?: (source: Source, poll: Poll) => Promise<number>;
  /** The name of this process among the ingestors; no other has it. */
  member: string;
  /** Milliseconds since 1970. */
  now: () => number;
  log: Logger;
  /** 0 ≤ n < 1 */
  random: () => number;
  /** How many sources are polled at the same time; the others wait in the order in which they are due. */
  places?: PlacesOptions;
  /** Milliseconds: for how long a claim on a source holds, and how often it is renewed. */
  claims?: { leaseMs?: number; beatMs?: number; holdWhileAway?: boolean };
  /** Milliseconds after which the clock is looked at again: one that was set back must not keep us waiting for longer. */
  longestWaitMs?: number;
  /** Not everything that was read has reached the store: until it has, the store is not told what is known of a source. */
  isBehind?: () => boolean;
  /** Told with each poll how many milliseconds after its time it began. */
  late?: (ms: number) => void;
}

export interface Schedule {
  /** Begins to poll, as soon as the store says which sources are ours and what it remembers of them. */
  start(): void;
  /** Polls a source as soon as its host allows, when it is ours and waits. */
  pollSoon(id: string): void;
  /** Forgets what is known of the documents of all sources that are ours, and reads each of them whole, soon. */
  forget(): void;
  /** Aborts what is being fetched, waits for what is being stored, gives the sources back. */
  close(): Promise<void>;
}

/** A job while it is ours. */
interface Ours extends Job {
  /** Has a place at its host, and `due` is the moment that was booked there. */
  placed: boolean;
  /** When it became due; later than that it is late. */
  since: number;
  /** Somebody else's from now on: once its poll has ended, or at once. */
  fate?: 'leaving' | 'lost';
  /** Is to be polled again as soon as its poll has ended. */
  soon: boolean;
  /** Was forgotten while it was polled: what that poll has learnt is of no use. */
  forgotten: boolean;
  /** When what is known of it was written last, in milliseconds since 1970. */
  savedAt: number;
}

const STORE_RETRY_MS = 1000;
/** A quiet source's stories are shown to the store this often, so that it does not forget that it knows them. */
const WHOLE_EVERY_MS = 7 * 24 * 3_600_000;
/** That a source was polled once more and had nothing is written this often; a restart polls it again sooner, no more. */
const QUIET_SAVE_MS = 5 * 60_000;
/** From so many on, all records are read at once rather than one by one. */
const MANY = 50;

/**
 * Polls each source that is this process' own, at its own pace: at most one poll of a source at a time, not more of a
 * host than is polite, and `places` in all, so that a slow or broken source delays nobody. What it learns of a source
 * it keeps in the store, where the next process that gets the source finds it.
 */
export function createSchedule(deps: ScheduleDeps): Schedule {
  const {
    sources,
    pipeline,
    hosts,
    store,
    gone,
    pushed,
    member,
    now,
    log,
    random,
    late,
    longestWaitMs = 60_000,
  } = deps;
  const byId = new Map(sources.map((source) => [source.id, source]));
  /** Those that are ours; without a job as long as the store has not said what it remembers. */
  const own = new Map<string, Ours | undefined>();
  const waiting = createQueue<Ours>();
  /** By source: the polls that have not ended yet, also of sources that are ours no more. */
  const running = new Map<string, { stop: AbortController; ended: Promise<void> }>();
  const places = createPlaces(deps.places ?? {}, wake);
  const learning: Learning = { now, random, log };
  let loading = Promise.resolve();
  let isFirst = true;
  let timer: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const claims = createClaims({
    store,
    member,
    // All sources of a host go to one process: what is polite is then kept by all processes together.
    sources: new Map(sources.map(({ id, url }) => [id, hosts.of(url) ?? id])),
    gained(ids) {
      for (const id of ids) own.set(id, undefined);
      loading = loading.then(() => load(ids));
    },
    async handOver(ids) {
      drop(ids, 'leaving');
      await Promise.all(ids.map((id) => running.get(id)?.ended));
    },
    lost(ids) {
      drop(ids, 'lost');
      for (const id of ids) running.get(id)?.stop.abort();
    },
    log,
    ...deps.claims,
  });

  async function load(ids: readonly string[]): Promise<void> {
    if (closed) return;
    try {
      // What was lost and is back may still be storing what it had fetched.
      await Promise.all(ids.map((id) => running.get(id)?.ended));
      const records = await recordsOf(ids);
      const spread = spreadOf(isFirst ? ids.length : 1);
      isFirst = false;
      for (const id of ids) {
        const source = byId.get(id);
        if (!source || !own.has(id) || own.get(id)) continue;
        const job = ours(jobOf(source, records.get(id), now(), spread));
        own.set(id, job);
        if (job.health.retired === undefined) waiting.push(job);
      }
      wake();
    } catch (err) {
      log.warn({ err }, 'the store cannot say what it remembers of the sources; asking again');
      retry = setTimeout(() => {
        loading = loading.then(() => load(ids));
      }, STORE_RETRY_MS);
    }
  }

  async function recordsOf(ids: readonly string[]): Promise<Map<string, unknown>> {
    if (isFirst || ids.length >= MANY) {
      const all = await store.sources();
      if (isFirst) await markRemoved(all);
      return all;
    }
    return new Map(await Promise.all(ids.map(async (id) => [id, await store.source(id)] as const)));
  }

  /** If another process does have such a source, it writes the record anew without the mark. */
  async function markRemoved(records: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [id, record] of records) {
      const health = readHealth(record);
      if (byId.has(id) || !health || health.removed !== undefined) continue;
      await store.saveSource(id, { ...Object(record), removed: new Date(now()).toISOString() });
    }
  }

  function ours(job: Job): Ours {
    const { heldUntil } = job.memory;
    const host = hosts.of(addressOf(job));
    if (host !== undefined && heldUntil !== undefined) hosts.hold(host, Date.parse(heldUntil));
    return { ...job, host, placed: false, since: job.due, soon: false, forgotten: false, savedAt: 0 };
  }

  function drop(ids: readonly string[], fate: 'leaving' | 'lost'): void {
    const dropped = new Set(ids.flatMap((id) => own.get(id) ?? []));
    for (const id of ids) own.delete(id);
    for (const job of dropped) job.fate = fate;
    waiting.keep((job) => !dropped.has(job));
    for (const { host, placed, source } of dropped) {
      if (host !== undefined && placed && !running.has(source.id)) hosts.leave(host);
    }
  }

  function wake(): void {
    clearTimeout(timer);
    while (!closed && places.isFree()) {
      const next = waiting.first();
      if (!next) return;
      const wait = next.due - now();
      if (wait > 0) {
        timer = setTimeout(wake, Math.min(wait, longestWaitMs));
        return;
      }
      waiting.shift();
      if (mayStart(next)) begin(next);
    }
  }

  /** Otherwise it waits for its host: first for a place there, then for its moment. */
  function mayStart(job: Ours): boolean {
    const { host } = job;
    if (host === undefined) return true;
    if (!job.placed) {
      const offer = () => {
        if (closed || job.fate !== undefined) return false;
        place(job, host);
        waiting.push(job);
        wake();
        return true;
      };
      if (!hosts.enter(host, offer)) return false;
      place(job, host);
    } else if (hosts.heldUntil(host) > now()) {
      place(job, host);
    }
    if (job.due <= now()) return true;
    waiting.push(job);
    return false;
  }

  function place(job: Ours, host: string): void {
    job.placed = true;
    job.due = hosts.book(host);
  }

  function begin(job: Ours): void {
    const { host, source } = job;
    const free = places.take();
    const stop = new AbortController();
    late?.(now() - job.since);
    const ended = poll(job, stop.signal).finally(() => {
      running.delete(source.id);
      job.placed = false;
      free();
      if (host !== undefined) hosts.leave(host);
      // While it was being written down.
      if (job.forgotten) forgetPoll(job);
      if (!job.fate && job.health.retired === undefined) {
        again(job, job.soon && !isHeld(job) ? now() : job.due);
      }
      wake();
    });
    running.set(source.id, { stop, ended });
  }

  function again(job: Ours, due: number): void {
    job.host = hosts.of(addressOf(job));
    job.due = due;
    job.since = due;
    job.soon = false;
    waiting.push(job);
  }

  /** Its server has asked to be left alone. */
  function isHeld({ memory: { heldUntil } }: Ours): boolean {
    return heldUntil !== undefined && Date.parse(heldUntil) > now();
  }

  async function poll(job: Ours, signal: AbortSignal): Promise<void> {
    const { source, memory } = job;
    const before = job.health;
    const whole = now() - Date.parse(memory.lastWhole ?? '') >= WHOLE_EVERY_MS;
    let isQuiet = false;
    try {
      const found = await pipeline.read(source, memory, { whole, signal });
      const { gone: checking } = memory;
      const checked = source.checkGone ? await gone?.check(checking, found.shown, signal) : undefined;
      found.canceled += checked?.canceled ?? 0;
      const restMs = (await pushed?.(source, found)) ?? 0;
      learn(job, found, { whole: whole || memory.lastWhole === undefined, restMs }, learning);
      if (checked) job.memory.gone = checked.memory;
      isQuiet = found.outcome === 'unchanged' && before.failures === 0 && !found.movedTo && !source.checkGone;
    } catch (error) {
      if (closed || signal.aborted) return;
      const held = blame(job, error, learning);
      if (held > 0 && job.host !== undefined) hosts.hold(job.host, now() + held);
    }
    if (job.forgotten) {
      isQuiet = false;
      forgetPoll(job);
    }
    if (job.fate === 'lost' || (isQuiet && now() - job.savedAt < QUIET_SAVE_MS)) return;
    if (deps.isBehind?.()) {
      job.savedAt = 0;
      return;
    }
    job.savedAt = now();
    await store.saveSource(source.id, recordOf(job.health, job.memory)).catch((err: unknown) => {
      log.warn({ source: source.id, err }, 'what was learnt of the source could not be kept');
    });
  }

  /** Its document is to be read again, whatever the poll has learnt. */
  function forgetPoll(job: Ours): void {
    job.forgotten = false;
    job.soon = true;
    wipe(job);
  }

  function wipe(job: Ours): void {
    job.memory = { ...job.memory, validators: {}, bodyHash: undefined };
    job.savedAt = 0;
  }

  return {
    start: claims.start,
    forget() {
      const jobs = [...own.values()].filter((job) => job !== undefined);
      const spread = spreadOf(jobs.length);
      const moved = new Set<Ours>();
      for (const job of jobs) {
        wipe(job);
        if (running.has(job.source.id)) job.forgotten = true;
        // One that waits for its host, or that its server wants to wait, is read whole when it comes.
        else if (!job.placed && !isHeld(job) && job.health.retired === undefined) moved.add(job);
      }
      waiting.keep((job) => !moved.has(job));
      for (const job of moved) again(job, Math.min(job.due, now() + random() * spread));
      wake();
    },
    pollSoon(id) {
      const job = own.get(id);
      if (!job || job.health.retired !== undefined || job.due <= now()) return;
      if (running.has(id)) {
        job.soon = true;
        return;
      }
      // One that waits for its host comes next anyway.
      if (job.placed || isHeld(job)) return;
      waiting.keep((each) => each !== job);
      again(job, now());
      wake();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(retry);
      for (const { stop } of running.values()) stop.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
      await claims.close();
      await loading;
      clearTimeout(retry);
    },
  };
}
