import type { Logger } from 'pino';
import type { Store } from '../../store/store.ts';

export interface EmbargoDeps {
  store: Pick<Store, 'due' | 'append'>;
  /** Milliseconds since 1970. Every process that releases must have the right time. */
  now: () => number;
  log: Logger;
  metrics: { story(source: string, change: string): void };
}

export interface Embargo {
  start(): void;
  /** Something was held that may be due before anything that was known of. */
  wake(): void;
  /** Waits for what is being appended. */
  close(): Promise<void>;
}

/** Another process may hold a story that is due sooner than any that this one knows of. */
const LOOK_MS = 1000;
const BATCH = 100;

/**
 * Appends held stories when their time has come: never before, by this process' clock, and within a second of it by
 * whichever process looks first. Any number of processes may run this; the store lets one of them release a story.
 */
export function createEmbargo({ store, now, log, metrics }: EmbargoDeps): Embargo {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let closed = false;
  let failing = false;

  /** Answers how long to wait, in milliseconds. A story that cannot be appended does not hold up the others. */
  async function release(): Promise<number> {
    const { drafts, next = Number.POSITIVE_INFINITY } = await store.due(now(), BATCH);
    const failures: unknown[] = [];
    let released = 0;
    for (const draft of drafts) {
      if (closed) return 0;
      try {
        const appended = await store.append(draft, 'release');
        if (appended.outcome === 'known') continue;
        const { id, version, change, source } = appended.entry.story;
        released += 1;
        metrics.story(source.id, change);
        log.info({ source: source.id, story: id, version }, 'an embargo has ended');
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    if (released > 0 && drafts.length === BATCH) return 0;
    return Math.min(Math.max(next - now(), 0), LOOK_MS);
  }

  async function look(): Promise<void> {
    let wait = LOOK_MS;
    try {
      wait = await release();
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err }, 'held stories cannot be released; trying again every second');
      failing = true;
    }
    looking = undefined;
    if (closed) return;
    timer = setTimeout(wake, again ? 0 : wait);
    again = false;
  }

  function wake(): void {
    if (closed) return;
    again = looking !== undefined;
    if (again) return;
    clearTimeout(timer);
    looking = look();
  }

  return {
    start: wake,
    wake,
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
