import { hash, timingSafeEqual } from 'node:crypto';
import express, { type NextFunction, type Request, type RequestHandler, Router } from 'express';
import { WireError } from '../core/errors.ts';

export const MAX_STORY_BYTES = 512 * 1024;

export interface PublishDeps {
  /** Who has it may publish; nobody may when it is undefined. */
  token: string | undefined;
  publish(story: unknown): Promise<{ outcome: 'new' | 'current' | 'held'; story: { id: string } }>;
  withdraw(id: string): Promise<{ id: string }>;
  /** Counts refusals by code. */
  failed(code: string): void;
}

const STATUS = { new: 201, current: 200, held: 202 } as const;

/** `POST /v1/stories` and `DELETE /v1/stories/ID`: a newsroom's own stories. */
export function publishRoutes({ token, publish, withdraw, failed }: PublishDeps): Router {
  const router = Router();
  const allowed = holdersOf(token, failed);

  router.post('/v1/stories', allowed, readJson, async (request, response) => {
    const { outcome, story } = await publish(request.body);
    // Not by `json()`, whose ETag and second look at every header cost as much as reading the story.
    response.statusCode = STATUS[outcome];
    response.setHeader('location', `/v1/stories/${encodeURIComponent(story.id)}`);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(story));
  });

  router.delete('/v1/stories/:id', allowed, async (request: Request<{ id: string }>, response) => {
    response.set('cache-control', 'no-store').json(await withdraw(request.params.id));
  });

  return router;
}

/** Only by header: an address with a token in it ends up in logs. */
function holdersOf(token: string | undefined, failed: (code: string) => void): RequestHandler {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  const wanted = token === undefined ? undefined : digest(token);
  return (request, _response, next) => {
    if (!wanted) {
      throw new WireError('forbidden', 'Publishing is off: the service has no PUBLISH_TOKEN.');
    }
    const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) {
      failed('missing');
      throw new WireError('unauthorized', 'Publishing needs the token: Authorization: Bearer PUBLISH_TOKEN.');
    }
    // Digests have one length, so that comparing them tells nothing of the token, its length neither.
    if (!timingSafeEqual(digest(given), wanted)) {
      failed('invalid');
      throw new WireError('unauthorized', 'The token is not the one for publishing.');
    }
    next();
  };
}

const parseJson = express.json({ limit: MAX_STORY_BYTES, type: ['application/json', 'application/*+json'] });

const readJson: RequestHandler = (request, response, next) => {
  if (isPlain(request)) {
    readPlain(request, next);
    return;
  }
  if (!request.is(['application/json', 'application/*+json'])) {
    throw new WireError(
      'invalid_request',
      'The body must be a story as JSON (Content-Type: application/json).',
    );
  }
  parseJson(request, response, (error?: unknown) => next(error === undefined ? undefined : refusal(error)));
};

/** As nearly everyone sends it: of a known length, neither compressed nor in another encoding. */
function isPlain({ headers }: Request): boolean {
  const length = Number(headers['content-length']);
  return (
    length > 0 &&
    length <= MAX_STORY_BYTES &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    /^application\/json(?:; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '')
  );
}

const decoder = new TextDecoder();

/** What `parseJson` does with such a body, without its detours. Node ends the body at its declared length. */
function readPlain(request: Request, next: NextFunction): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('error', () => next(new WireError('invalid_request', 'The request could not be read.')));
  request.once('end', () => {
    const [first] = chunks;
    const text = decoder.decode(chunks.length === 1 ? first : Buffer.concat(chunks));
    try {
      request.body = JSON.parse(text);
    } catch (cause) {
      next(new WireError('invalid_request', 'The body is not JSON.', { cause }));
      return;
    }
    const isStructure = typeof request.body === 'object' && request.body !== null;
    next(isStructure ? undefined : new WireError('invalid_request', 'The body is not JSON.'));
  });
}

function refusal(error: unknown): unknown {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large')
    return new WireError('payload_too_large', `A story is at most ${MAX_STORY_BYTES / 1024} KB.`);
  if (type === 'entity.parse.failed')
    return new WireError('invalid_request', 'The body is not JSON.', { cause: error });
  return error;
}
