import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Request, type RequestHandler, Router } from 'express';
import { WireError } from '../core/errors.ts';
import type { AnswerProblem } from './problem.ts';

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
const PATH = '/v1/stories';

/** `POST /v1/stories` and `DELETE /v1/stories/ID`: a newsroom's own stories. */
export function publishRoutes(deps: PublishDeps): Router {
  const { withdraw } = deps;
  const router = Router();
  const refuse = createRefusal(deps);
  const accept = createAccept(deps);
  const allowed: RequestHandler = ({ headers }, _response, next) => {
    refuse(headers.authorization);
    next();
  };

  router.post(PATH, allowed, readJson, (request, response) => accept(request.body, response));

  router.delete(`${PATH}/:id`, allowed, async (request: Request<{ id: string }>, response) => {
    response.set('cache-control', 'no-store').json(await withdraw(request.params.id));
  });

  return router;
}

/** The same `POST` without Express, which costs more than the story itself. */
export interface DirectPublish {
  /** Whether a request is one, with a body as nearly everyone sends it. */
  takes(request: IncomingMessage): boolean;
  answer(request: IncomingMessage, response: ServerResponse): void;
}

export function createDirectPublish(deps: PublishDeps, answerProblem: AnswerProblem): DirectPublish {
  const refuse = createRefusal(deps);
  const accept = createAccept(deps);

  return {
    takes: ({ method, url, headers }) => method === 'POST' && url === PATH && isPlain(headers),

    answer(request, response) {
      const failed = (error: unknown) => {
        if (!response.headersSent) answerProblem(error, response, PATH);
      };
      const chunks: Buffer[] = [];
      try {
        refuse(request.headers.authorization);
      } catch (error) {
        failed(error);
        return;
      }
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('error', () => failed(new WireError('invalid_request', 'The request could not be read.')));
      request.once('end', () => {
        try {
          accept(parsePlain(chunks), response).catch(failed);
        } catch (error) {
          failed(error);
        }
      });
    },
  };
}

function createAccept({ publish }: PublishDeps) {
  return async (body: unknown, response: ServerResponse): Promise<void> => {
    const { outcome, story } = await publish(body);
    // Not by `json()`, whose ETag and second look at every header cost as much as reading the story.
    response.statusCode = STATUS[outcome];
    response.setHeader('location', `${PATH}/${encodeURIComponent(story.id)}`);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(story));
  };
}

/** Only by header: an address with a token in it ends up in logs. */
function createRefusal({ token, failed }: PublishDeps): (authorization: string | undefined) => void {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  const wanted = token === undefined ? undefined : digest(token);
  return (authorization = '') => {
    if (!wanted) {
      throw new WireError('forbidden', 'Publishing is off: the service has no PUBLISH_TOKEN.');
    }
    const given = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (given === undefined) {
      failed('missing');
      throw new WireError('unauthorized', 'Publishing needs the token: Authorization: Bearer PUBLISH_TOKEN.');
    }
    // Digests have one length, so that comparing them tells nothing of the token, its length neither.
    if (!timingSafeEqual(digest(given), wanted)) {
      failed('invalid');
      throw new WireError('unauthorized', 'The token is not the one for publishing.');
    }
  };
}

const parseJson = express.json({ limit: MAX_STORY_BYTES, type: ['application/json', 'application/*+json'] });

const readJson: RequestHandler = (request, response, next) => {
  if (!request.is(['application/json', 'application/*+json'])) {
    throw new WireError(
      'invalid_request',
      'The body must be a story as JSON (Content-Type: application/json).',
    );
  }
  parseJson(request, response, (error?: unknown) => next(error === undefined ? undefined : refusal(error)));
};

/** Of a known length, neither compressed nor in another encoding. */
function isPlain(headers: IncomingMessage['headers']): boolean {
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

/** What `parseJson` does with such a body. Node ends the body at its declared length. */
function parsePlain(chunks: readonly Buffer[]): unknown {
  const [first] = chunks;
  const text = decoder.decode(chunks.length === 1 ? first : Buffer.concat(chunks));
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new WireError('invalid_request', 'The body is not JSON.', { cause });
  }
  if (typeof body === 'object' && body !== null) return body;
  throw new WireError('invalid_request', 'The body is not JSON.');
}

function refusal(error: unknown): unknown {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large')
    return new WireError('payload_too_large', `A story is at most ${MAX_STORY_BYTES / 1024} KB.`);
  if (type === 'entity.parse.failed')
    return new WireError('invalid_request', 'The body is not JSON.', { cause: error });
  return error;
}
