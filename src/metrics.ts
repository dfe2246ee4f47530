import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Stage = 'published_to_fetched' | 'fetched_to_stored' | 'stored_to_sent';

/** The metrics of section 9 of the contract; the only file that knows Prometheus. */
export function createMetrics() {
  const registry = new Registry();
  // Each look at the event loop wakes the process; ten milliseconds apart they cost an idle one more than all else it does.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 });
  const registers = [registry];

  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Counter<T>({ name: `newswire_${name}`, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Gauge<T>({ name: `newswire_${name}`, help, labelNames, registers });

  const stories = counter('stories_total', 'Stories appended to the log', ['source', 'change']);
  const fetches = counter('fetches_total', 'Polls of sources', ['source', 'outcome']);
  const lag = new Histogram({
    name: 'newswire_story_lag_seconds',
    help: 'How long a story took between two stages of its way',
    labelNames: ['stage'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 900, 3600, 21_600],
    registers,
  });
  const connections = gauge('connections', 'Connected clients', ['transport']);
  const subscriptions = gauge('subscriptions', 'Subscriptions of connected clients');
  const filters = gauge('filters', 'Distinct filters of these subscriptions');
  /** Counted at every write to every client: added up here, and told to the counters when somebody asks for them. */
  const sent = new Map<string, { stories: number; bytes: number }>();
  new Counter({
    name: 'newswire_deliveries_total',
    help: 'Stories sent to clients',
    labelNames: ['transport'],
    registers,
    collect() {
      for (const [transport, told] of sent) {
        this.inc({ transport }, told.stories);
        bytesSent.inc(told.bytes);
        told.stories = 0;
        told.bytes = 0;
      }
    },
  });
  const bytesSent = counter('bytes_sent_total', 'Bytes of stories sent to clients');
  const resumes = counter('resumes_total', 'Subscriptions that resumed after a cursor', ['outcome']);
  const gaps = counter('gaps_total', 'Holes in what this process was told of the log', ['outcome']);
  const slowClients = counter('slow_clients_total', 'Clients that read too slowly', ['action']);
  const logHead = gauge('log_head', 'Sequence of the newest entry of the log that this process knows of');
  const logApplied = gauge(
    'log_applied',
    'Sequence of the newest entry that this process has handed to its clients',
  );
  const storeErrors = counter('store_errors_total', 'Failed calls of the store', ['op']);
  const authFailures = counter('auth_failures_total', 'Refused tokens', ['code']);

  return {
    story: (source: string, change: string) => stories.inc({ source, change }),
    fetch: (source: string, outcome: string) => fetches.inc({ source, outcome }),
    lag: (stage: Stage, seconds: number) => lag.observe({ stage }, Math.max(0, seconds)),
    connected: (transport: string, delta: 1 | -1) => connections.inc({ transport }, delta),
    subscribed: (total: number, distinct: number) => {
      subscriptions.set(total);
      filters.set(distinct);
    },
    delivered: (transport: string, count: number, bytes: number) => {
      const told = sent.get(transport);
      if (told) {
        told.stories += count;
        told.bytes += bytes;
      } else sent.set(transport, { stories: count, bytes });
    },
    resumed: (outcome: 'complete' | 'gap') => resumes.inc({ outcome }),
    gap: (outcome: 'repaired' | 'reported') => gaps.inc({ outcome }),
    slowClient: (action: 'behind' | 'caught_up') => slowClients.inc({ action }),
    logHead: (sequence: number) => logHead.set(sequence),
    logApplied: (sequence: number) => logApplied.set(sequence),
    storeError: (op: string) => storeErrors.inc({ op }),
    authFailure: (code: string) => authFailures.inc({ code }),
    contentType: registry.contentType,
    /** The text format of Prometheus. */
    text: () => registry.metrics(),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
