import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import type { Topics } from '../topics/topics.ts';
import { createClusters } from './clusters.ts';
import { createFetcher } from './poll/fetch.ts';
import { createGoneCheck } from './poll/gone.ts';
import { createHosts } from './poll/hosts.ts';
import { createPipeline, type PipelineDeps } from './poll/pipeline.ts';
import { createSchedule } from './poll/schedule.ts';
import { createWebSub, type WebSub } from './push/websub.ts';
import { createHubRequest } from './push/websub-request.ts';
import { createReader } from './reader.ts';
import { retag } from './retag.ts';
import type { Source } from './sources.ts';
import type { Spool } from './spool/spool.ts';

export interface IngestDeps {
  sources: readonly Source[];
  store: Store;
  allowPrivateNetworks: boolean;
  userAgent: string;
  /** Where hubs reach this service; without it, sources are polled only. */
  publicUrl: string | undefined;
  topics: Topics;
  /** Keeps what the store cannot take; without it, that is fetched again. */
  spool?: Spool;
  metrics: PipelineDeps['metrics'];
  log: Logger;
}

export interface Ingest {
  /** Begins to read those of the sources that are this process' own. */
  start(): void;
  /** Answers a request that a hub made of us; `false` when it is none. */
  handlePush(request: IncomingMessage, response: ServerResponse): boolean;
  close(): Promise<void>;
}

/** Reads sources into the store: polled, or pushed by their hubs, and shared with whoever else ingests. */
export function createIngest(deps: IngestDeps): Ingest {
  const { sources, store, allowPrivateNetworks, userAgent, publicUrl, topics, spool, metrics, log } = deps;
  const now = Date.now;
  const random = Math.random;
  const member = randomUUID();
  const closing = new AbortController();
  let retagging: Promise<unknown> | undefined;
  const fetcher = createFetcher({ allowPrivateNetworks, userAgent });
  const reader = createReader({ topics: topics.own });
  const hosts = createHosts({ now });
  const clusters = createClusters({ store, now, log });
  spool?.through(clusters.append);
  const handIn = spool ?? clusters;
  const pipeline = createPipeline({ fetcher, read: reader.read, store: handIn, now, log, metrics });
  const hub = publicUrl === undefined ? undefined : createHubRequest({ allowPrivateNetworks, userAgent });
  const push = publicUrl === undefined || hub === undefined ? undefined : listenToHubs(publicUrl, hub);
  const schedule = createSchedule({
    sources,
    pipeline,
    hosts,
    store,
    gone: createGoneCheck({ fetcher, store: handIn, hosts, now }),
    ...(push ? { pushed: push.polled } : {}),
    member,
    now,
    log,
    random,
    claims: { holdWhileAway: spool !== undefined },
    ...(spool ? { isBehind: () => spool.isAway() || spool.waitingBytes() > 0 } : {}),
  });
  spool?.onLoss(schedule.forget);

  function listenToHubs(url: string, hubRequest: ReturnType<typeof createHubRequest>): WebSub {
    const byId = new Map(sources.map((source) => [source.id, source]));
    return createWebSub({
      publicUrl: url,
      hub: hubRequest,
      store,
      deliver: async (id, document) => {
        const source = byId.get(id);
        if (source) await pipeline.deliver(source, document);
      },
      pollSoon: (id) => schedule.pollSoon(id),
      counted: metrics.fetch,
      now,
      random,
      log,
    });
  }

  return {
    start() {
      schedule.start();
      retagging = retag({ store, sources, topics, member, log, signal: closing.signal }).catch(
        (err: unknown) =>
          log.warn({ err }, 'stored stories keep the topics that they have until the next start'),
      );
    },
    handlePush(request, response) {
      if (!push || !request.url?.startsWith('/websub/')) return false;
      void push.handle(request, response);
      return true;
    },
    async close() {
      closing.abort();
      await retagging;
      await schedule.close();
      await hub?.close();
      await push?.close();
      await clusters.close();
      await reader.close();
      await fetcher.close();
    },
  };
}
