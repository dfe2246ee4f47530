import { pino } from 'pino';
import { type Document, readDocument } from '../../src/ingest/document/document.ts';
import { createFetcher } from '../../src/ingest/poll/fetch.ts';
import { createGoneCheck } from '../../src/ingest/poll/gone.ts';
import { readHealth } from '../../src/ingest/poll/health.ts';
import { createHosts, type HostsOptions } from '../../src/ingest/poll/hosts.ts';
import { createPipeline } from '../../src/ingest/poll/pipeline.ts';
import type { Resolve } from '../../src/ingest/poll/public-lookup.ts';
import { createSchedule, type ScheduleDeps } from '../../src/ingest/poll/schedule.ts';
import type { Source } from '../../src/ingest/sources.ts';
import type { Store } from '../../src/store/store.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { until } from './events.ts';
import type { FeedServer } from './feed-server.ts';
import { rss, source } from './feeds.ts';

const log = pino({ level: 'silent' });
const metrics = { story: () => {}, fetch: () => {}, lag: () => {} };
const topics = await loadTopics();

/** Every name is this machine, so that a test has as many hosts as it likes. */
const everywhere: Resolve = (_name, _options, callback) =>
  setImmediate(callback, null, [{ address: '127.0.0.1', family: 4 }]);

export interface Ingestor {
  /** Lets time pass, and waits until everything that was due by then has been answered. */
  pass(ms: number): Promise<void>;
  now(): number;
  health(id: string): Promise<ReturnType<typeof readHealth>>;
  close(): Promise<void>;
}

const CANARY = 'canary';

/**
 * Ingest as a process has it, to which the loopback server is a stranger on the internet, with a clock of its own that
 * stands still until it is told. Polls come exactly after their intervals.
 */
export function startIngestor(
  server: FeedServer,
  store: Store,
  sources: Source[],
  {
    from = Date.now(),
    spacingMs = 0,
    concurrent,
    ...more
  }: Partial<ScheduleDeps & HostsOptions> & { from?: number } = {},
): Ingestor {
  let clock = from;
  const now = () => clock;
  server.answer(`/${CANARY}`, { body: rss() });
  const canary = source({ id: CANARY, url: `http://canary.invalid:${portOf(server)}/${CANARY}`, every: 50 });
  const fetcher = createFetcher({ allowPrivateNetworks: true, userAgent: 'test', resolve: everywhere });
  const hosts = createHosts({ now, spacingMs, concurrent, isExempt: (name) => name === 'canary.invalid' });
  const read = (document: Document, each: Source) => readDocument(document, each, { topics, now });
  const pipeline = createPipeline({ fetcher, read, store, now, log, metrics });
  let running = 0;
  const schedule = createSchedule({
    sources: [...sources, canary],
    pipeline: {
      async read(...args) {
        running += 1;
        try {
          return await pipeline.read(...args);
        } finally {
          running -= 1;
        }
      },
    },
    hosts,
    store,
    gone: createGoneCheck({ fetcher, store, hosts, now }),
    member: 'ingestor',
    now,
    log,
    random: () => 0.5,
    longestWaitMs: 5,
    ...more,
  });
  schedule.start();

  let isFirst = true;

  /** The store has to say first what there is; until then no time is awaited that stands still. */
  async function begin(): Promise<void> {
    isFirst = false;
    const before = server.count(`/${CANARY}`);
    await until(() => {
      clock += 10;
      return server.count(`/${CANARY}`) > before;
    }, 'the first poll of the canary');
  }

  async function round(ms: number): Promise<void> {
    const before = server.count(`/${CANARY}`);
    clock += ms;
    await until(() => {
      // A poll that was still running has set the canary's time by the clock of then.
      clock += 1;
      return server.count(`/${CANARY}`) > before;
    }, 'the canary');
  }

  return {
    async pass(ms) {
      if (isFirst) await begin();
      await round(ms);
      // What was due with the canary began before the canary is asked for again.
      await round(60);
      await until(() => running === 0, 'the answers');
    },
    now,
    health: async (id) => readHealth(await store.source(id)),
    async close() {
      await schedule.close();
      await fetcher.close();
    },
  };
}

export function portOf(server: FeedServer): string {
  return new URL(server.origin).port;
}
