import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import express, { type Request } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Access } from '../core/access.ts';
import { type FeedsDeps, feedsRoutes } from './feeds.ts';
import { type OperationsDeps, operationsRoutes } from './operations.ts';
import { answerProblems, createProblemAnswer, notFound } from './problem.ts';
import { createDirectPublish, type PublishDeps, publishRoutes } from './publish.ts';
import { bearer } from './query.ts';
import { type SourceStatus, sourcesRoutes } from './sources.ts';
import { type StoriesDeps, storiesRoutes } from './stories.ts';
import { type StreamDeps, streamRoutes } from './stream.ts';
import { type TopicsDeps, topicsRoutes } from './topics.ts';

/** What a process that serves readers has, and an ingestor has not. */
export interface ReaderDeps
  extends Omit<StoriesDeps, 'access'>,
    Omit<StreamDeps, 'access'>,
    Omit<FeedsDeps, 'access'> {
  authenticate(token: unknown): Promise<Access>;
  topics: TopicsDeps;
  publishing: PublishDeps;
  sources(): Promise<SourceStatus[]>;
  allowsOrigin(origin: string | undefined, host: string | undefined): boolean;
  /** The folder of the built pages. */
  pages: string;
}

/** What is done with every request, whoever answers it then; without `next` it has been answered. */
type Step = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export interface HttpDeps {
  operations: OperationsDeps;
  readers?: ReaderDeps;
  requestLog: Step;
  log: Logger;
}

/** Everything over plain HTTP (section 7 of the contract). */
export function createHttp({ operations, readers, requestLog, log }: HttpDeps): RequestListener {
  const answerProblem = createProblemAnswer(log);
  const headers = securityHeaders();
  const app = express();
  app.disable('x-powered-by');
  app.use(requestLog, headers);
  app.use(operationsRoutes(operations));
  if (!readers) {
    app.use(notFound, answerProblems(answerProblem));
    return app;
  }
  const access = (request: Request) => readers.authenticate(bearer(request));
  const origins = crossOrigin(readers.allowsOrigin);
  app.use(origins);
  app.use(publishRoutes(readers.publishing));
  app.use(storiesRoutes({ ...readers, access }));
  app.use(streamRoutes({ ...readers, access }));
  app.use(feedsRoutes({ ...readers, access }));
  app.use(topicsRoutes(readers.topics));
  app.use(sourcesRoutes(readers.sources));
  app.use(express.static(readers.pages, { index: 'index.html', redirect: false }));
  app.use(notFound, answerProblems(answerProblem));

  const publish = createDirectPublish(readers.publishing, answerProblem);
  return (request, response) => {
    if (!publish.takes(request)) {
      app(request, response);
      return;
    }
    for (const step of [requestLog, headers, origins]) step(request, response, () => {});
    publish.answer(request, response);
  };
}

/** Images of stories come from their publishers; scripts, styles and connections only from here. */
const secure = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'https:', 'http:', 'data:'],
      connectSrc: ["'self'", 'ws:', 'wss:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  crossOriginEmbedderPolicy: false,
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  // Whoever puts TLS in front says so there; on a laptop it would lock http://localhost out.
  strictTransportSecurity: false,
});

/** The same for every answer, so they are worked out once: on an answer that nobody gets. */
function securityHeaders(): Step {
  const request = new IncomingMessage(new Socket());
  const sample = new ServerResponse(request);
  secure(request, sample, () => {});
  const headers = Object.entries(sample.getHeaders()).map(([name, value = '']) => [name, value] as const);
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function crossOrigin(allows: ReaderDeps['allowsOrigin']): Step {
  return (request, response, next) => {
    const { origin, host } = request.headers;
    response.setHeader('vary', 'origin');
    if (origin !== undefined && allows(origin, host)) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-headers', 'authorization, content-type, last-event-id');
      response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
      response.setHeader('access-control-expose-headers', 'location');
    }
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else next();
  };
}
