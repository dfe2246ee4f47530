import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { type Code, publicError, WireError } from '../core/errors.ts';

const STATUS: Record<Code, number> = {
  invalid_request: 400,
  invalid_filter: 400,
  invalid_cursor: 400,
  too_many_subscriptions: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  payload_too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  draining: 503,
};

/** Answers a request that failed, unless an answer has begun. */
export type AnswerProblem = (error: unknown, response: ServerResponse, path: string) => void;

/** Every error leaves as RFC 9457 with its stable code; what is not ours to tell leaves as `unavailable`, and a log line. */
export function createProblemAnswer(log: Logger): AnswerProblem {
  return (error, response, path) => {
    const refused = asRefusal(error);
    if (!refused) log.error({ err: error, url: path }, 'a request failed');
    const { code, message } = publicError(refused ?? error);
    const status = refused || error instanceof WireError ? STATUS[code] : 500;
    if (code === 'unauthorized') response.setHeader('www-authenticate', 'Bearer');
    if (status === 503) response.setHeader('retry-after', '1');
    response.setHeader('content-type', 'application/problem+json; charset=utf-8');
    response.statusCode = status;
    response.end(
      JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail: message, code }),
    );
  };
}

export function answerProblems(answer: AnswerProblem): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else answer(error, response, request.path);
  };
}

/** What express and its parsers refuse is the client's mistake, in our words. */
function asRefusal(error: unknown): WireError | undefined {
  if (error instanceof WireError) return error.code === 'unavailable' ? undefined : error;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return new WireError('payload_too_large', 'The request is too large.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new WireError('invalid_request', 'The request could not be read.');
  }
  return undefined;
}

export const notFound: RequestHandler = (request) => {
  throw new WireError('not_found', `There is nothing at ${request.path}.`);
};
