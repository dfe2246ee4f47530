import { STATUS_CODES } from 'node:http';
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

/** Every error leaves as RFC 9457 with its stable code; what is not ours to tell leaves as `unavailable`, and a log line. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refused = asRefusal(error);
    if (!refused) log.error({ err: error, url: request.path }, 'a request failed');
    const { code, message } = publicError(refused ?? error);
    const status = refused || error instanceof WireError ? STATUS[code] : 500;
    if (code === 'unauthorized') response.set('www-authenticate', 'Bearer');
    if (status === 503) response.set('retry-after', '1');
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail: message, code }),
      );
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
