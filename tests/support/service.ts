import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import { createAuth } from '../../src/auth.ts';
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts';
import { createHttp } from '../../src/http/app.ts';
import { createEmbargo } from '../../src/ingest/publish/embargo.ts';
import { createPublisher } from '../../src/ingest/publish/publish.ts';
import { createHttpLog } from '../../src/log.ts';
import { createMetrics, type Metrics } from '../../src/metrics.ts';
import { createOriginCheck } from '../../src/origins.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { explain } from '../../src/topics/explain.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { temporaryFolder } from './folder.ts';

export interface Service {
  url: string;
  store: Store;
  gateway: Gateway;
  metrics: Metrics;
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** A store that the test made and closes itself; otherwise an embedded one in a temporary folder. */
  store?: Store;
  auth?: { mode: 'token'; secret: string };
  origins?: string[];
  /** Publishing is off without. */
  publishToken?: string;
  /** How many newcomers are let in; as many as in production when not given. */
  handshakes?: { perSecond: number; burst: number };
  /** Silent when not given. */
  log?: Logger;
}

const topics = await loadTopics();

/** Gateway and HTTP on a port of their own, without ingest: the test appends to the store what clients should get. */
export async function startService({
  store: given,
  auth,
  origins = [],
  publishToken,
  handshakes,
  log = pino({ level: 'silent' }),
}: ServiceOptions = {}): Promise<Service> {
  const folder = temporaryFolder();
  const store = given ?? openEmbedded({ path: folder.path, retention: { stories: 10_000, hours: 72 } });
  const metrics = createMetrics();
  let handle: RequestListener = () => {};
  const server = createServer((request, response) => handle(request, response));
  const authenticate = createAuth({
    ...(auth ?? { mode: 'open' }),
    resolveTopic: topics.vocabulary.resolve,
    failed: metrics.authFailure,
  });
  const allowsOrigin = createOriginCheck(origins);
  const gateway = createGateway({
    server,
    store,
    resolveTopic: topics.vocabulary.resolve,
    knowsTopic: topics.vocabulary.has,
    authenticate,
    allowsOrigin,
    ...(handshakes ? { handshakes } : {}),
    metrics,
    log,
  });
  const embargo = createEmbargo({ store, now: Date.now, log, metrics });
  const publisher = createPublisher({ store, topics, now: Date.now, metrics, held: embargo.wake });
  embargo.start();
  handle = createHttp({
    operations: { isReady: gateway.isReady, metrics },
    readers: {
      log: gateway.wire,
      story: store.story,
      why: async ({ id, topics: has }) => explain(has, (await store.why(id)) ?? [], topics.vocabulary),
      views: store.views,
      stream: gateway.stream,
      resolveTopic: topics.vocabulary.resolve,
      nameOf: (topic, language) => topics.vocabulary.get(topic)?.names[language] ?? topic,
      topics: { ...topics.vocabulary, counts: gateway.topicCounts },
      sources: async () => [],
      publishing: { token: publishToken, ...publisher, failed: metrics.authFailure },
      authenticate,
      allowsOrigin,
      pages: fileURLToPath(new URL('../../dist/pages', import.meta.url)),
    },
    requestLog: createHttpLog(log),
    log,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await gateway.wire.begun;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    store,
    gateway,
    metrics,
    async close() {
      await embargo.close();
      await gateway.close();
      server.close();
      server.closeAllConnections();
      if (!given) await store.close();
      folder.remove();
    },
  };
}
