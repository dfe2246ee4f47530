import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { createAuth } from './auth.ts';
import { type Config, SettingError } from './config.ts';
import { openNewsroom } from './demo/newsroom.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { createHttp, type ReaderDeps } from './http/app.ts';
import { createIngest, type Ingest } from './ingest/ingest.ts';
import { readHealth } from './ingest/poll/health.ts';
import { createEmbargo, type Embargo } from './ingest/publish/embargo.ts';
import { createPublisher } from './ingest/publish/publish.ts';
import { parseSources, type Source, SourcesError } from './ingest/sources.ts';
import { openSpool, type Spool } from './ingest/spool/spool.ts';
import { createHttpLog } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createOriginCheck } from './origins.ts';
import { releaser } from './release.ts';
import { openEmbedded } from './store/embedded.ts';
import { observed } from './store/observed.ts';
import { openRedis } from './store/redis.ts';
import type { Store } from './store/store.ts';
import { explain } from './topics/explain.ts';
import { loadTopics, type Topics } from './topics/topics.ts';
import { userAgent } from './version.ts';

export type Role = 'serve' | 'ingest' | 'gateway' | 'demo';

export interface App {
  /** Where it listens. */
  url: string;
  /** Hands the clients away, then closes everything in the reverse order of its opening. */
  close(): Promise<void>;
}

const RETAIN_MS = 60_000;

/**
 * The composition root: sources → store → gateway and HTTP → ingest, as far as the role has them.
 * @throws {SettingError} for a setting, file or port that cannot be used; whatever had been opened is closed again.
 */
export async function startApp(role: Role, config: Config, log: Logger): Promise<App> {
  const { release, onRelease } = releaser();
  try {
    const sources =
      role === 'demo'
        ? await demoSources(onRelease)
        : role === 'gateway'
          ? []
          : await readSources(config.sources);
    const metrics = createMetrics();
    const store = openStore(role, config, metrics, log);
    onRelease(() => store.close());
    const topics = await readTopics(config.topics);
    const spool = await openSpoolOf(role, config, store, metrics, log);
    if (spool) onRelease(() => spool.close());

    let handle: RequestListener = (_request, response) => response.writeHead(503).end();
    let ingest: Ingest | undefined;
    const server = createServer((request, response) => {
      // Before the log of requests: the address of a callback is a secret that a hub keeps for us.
      if (!ingest?.handlePush(request, response)) handle(request, response);
    });
    onRelease(async () => {
      server.close();
      server.closeAllConnections();
    });

    const embargo = createEmbargo({ store, now: Date.now, log, metrics });
    embargo.start();
    onRelease(() => embargo.close());

    const gateway =
      role === 'ingest' ? undefined : openGateway({ server, store, topics, config, metrics, log });
    if (gateway) onRelease(() => gateway.close());
    handle = createHttp({
      operations: { isReady: () => gateway?.isReady() ?? true, metrics },
      ...(gateway ? { readers: readers({ gateway, embargo, spool, store, topics, config, metrics }) } : {}),
      requestLog: createHttpLog(log),
      log,
    });
    const url = await listen(server, config);

    if (role !== 'gateway') {
      const allowPrivateNetworks = config.allowPrivateNetworks || role === 'demo';
      const { publicUrl } = config;
      const reading = createIngest({
        sources,
        store,
        allowPrivateNetworks,
        userAgent: userAgent(publicUrl),
        publicUrl,
        topics,
        spool,
        metrics,
        log,
      });
      ingest = reading;
      onRelease(() => reading.close());
      reading.start();
      log.info({ sources: sources.length }, 'reading sources');
    }

    spool?.start();

    const retain = setInterval(() => {
      store.retain().catch((err: unknown) => log.warn({ err }, 'old entries were not removed'));
    }, RETAIN_MS);
    retain.unref();
    onRelease(async () => clearInterval(retain));

    log.info({ url }, `newswire ${role} is at ${url}`);
    return {
      url,
      async close() {
        await gateway?.drain(config.drainSeconds);
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function openStore(role: Role, config: Config, metrics: Metrics, log: Logger): Store {
  const { retention, redisUrl, redisPrefix: prefix } = config;
  if (redisUrl === undefined) {
    if (role === 'ingest' || role === 'gateway') {
      throw new SettingError(
        `REDIS_URL: newswire ${role} needs it, because it shares the log with other processes`,
      );
    }
    try {
      return observed(openEmbedded({ path: config.dataDir, retention }), metrics.storeError);
    } catch (error) {
      throw new SettingError(`DATA_DIR: ${(error as Error).message}`);
    }
  }
  const onError = (err: Error) => log.warn({ err }, 'redis');
  try {
    return observed(openRedis({ url: redisUrl, prefix, retention, onError }), metrics.storeError);
  } catch (error) {
    throw new SettingError(`REDIS_URL: ${(error as Error).message}`);
  }
}

/** For who hands in stories to a store that may be away: the embedded one is here, or there is no disk either. */
async function openSpoolOf(
  role: Role,
  { redisUrl, dataDir, publishToken }: Config,
  store: Store,
  metrics: Metrics,
  log: Logger,
): Promise<Spool | undefined> {
  if (redisUrl === undefined || (role === 'gateway' && publishToken === undefined)) return undefined;
  try {
    return await openSpool({ folder: join(dataDir, 'spool'), store, now: Date.now, log, metrics });
  } catch (err) {
    log.warn({ err }, 'DATA_DIR cannot be written: what is fetched while Redis is away is not kept');
    return undefined;
  }
}

interface ReaderParts {
  store: Store;
  topics: Topics;
  config: Config;
  metrics: Metrics;
}

function openGateway(parts: ReaderParts & { server: ReturnType<typeof createServer>; log: Logger }): Gateway {
  const { server, store, topics, config, metrics, log } = parts;
  const { vocabulary } = topics;
  return createGateway({
    server,
    store,
    resolveTopic: vocabulary.resolve,
    knowsTopic: vocabulary.has,
    authenticate: authenticator(config, vocabulary, metrics),
    allowsOrigin: createOriginCheck(config.origins),
    metrics,
    log,
  });
}

function readers({
  gateway,
  embargo,
  spool,
  store,
  topics,
  config,
  metrics,
}: ReaderParts & { gateway: Gateway; embargo: Embargo; spool: Spool | undefined }): ReaderDeps {
  const { vocabulary } = topics;
  const publisher = createPublisher({
    store: spool?.published ?? store,
    topics,
    now: Date.now,
    metrics,
    held: embargo.wake,
  });
  return {
    log: gateway.wire,
    story: store.story,
    why: async (story) => explain(story.topics, (await store.why(story.id)) ?? [], vocabulary),
    views: store.views,
    stream: gateway.stream,
    resolveTopic: vocabulary.resolve,
    nameOf: (topic, language) => {
      const names = vocabulary.get(topic)?.names;
      return names?.[language] ?? names?.en ?? topic;
    },
    topics: { ...vocabulary, counts: gateway.topicCounts },
    sources: async () =>
      [...(await store.sources()).values()].flatMap((record) => {
        const health = readHealth(record);
        // What was taken out of the list is remembered, in case it comes back, but is no source any more.
        return health && health.removed === undefined ? health : [];
      }),
    publishing: { token: config.publishToken, ...publisher, failed: metrics.authFailure },
    authenticate: authenticator(config, vocabulary, metrics),
    allowsOrigin: createOriginCheck(config.origins),
    pages: fileURLToPath(new URL('./pages', import.meta.url)),
  };
}

function authenticator(config: Config, vocabulary: Topics['vocabulary'], metrics: Metrics) {
  return createAuth({
    mode: config.auth,
    secret: config.authSecret,
    jwksUrl: config.authJwksUrl,
    resolveTopic: vocabulary.resolve,
    failed: metrics.authFailure,
  });
}

async function listen(server: ReturnType<typeof createServer>, { host, port }: Config): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new SettingError(`PORT: cannot listen on ${host}:${port}: ${(error as Error).message}`);
  }
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  const shown = host === '0.0.0.0' || host === '::' || host === '127.0.0.1' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${actual}`;
}

async function readSources(file: string): Promise<Source[]> {
  try {
    return parseSources(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof SourcesError) throw new SettingError(`SOURCES: ${error.message}`);
    throw new SettingError(`SOURCES: cannot read ${file}: ${(error as Error).message}`);
  }
}

async function readTopics(file: string | undefined): Promise<Topics> {
  try {
    return await loadTopics(file);
  } catch (error) {
    if (file === undefined) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw new SettingError(`TOPICS: ${code === undefined ? message : `cannot read ${file}: ${message}`}`);
  }
}

async function demoSources(onRelease: (close: () => Promise<void>) => void): Promise<Source[]> {
  const newsroom = await openNewsroom();
  onRelease(() => newsroom.close());
  return parseSources(JSON.stringify(newsroom.sources), 'the sample newsroom');
}
