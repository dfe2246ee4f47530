import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Resource } from './site.ts';

/** Answers GET and HEAD, conditional ones too (RFC 9110, section 13); whatever else was asked is 404 or 405. */
export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  find: (path: string) => Resource | undefined,
): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': 0 }).end();
    return;
  }
  const path = (request.url ?? '/').replace(/[?#].*$/s, '');
  const { status, type, body, modified } = find(path) ?? {
    status: 404,
    type: 'text/plain; charset=utf-8',
    body: 'The sample newsroom has nothing here.\n',
  };
  if (status === 200) {
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', 'no-cache');
    if (modified !== undefined) response.setHeader('Last-Modified', new Date(modified).toUTCString());
    if (isUnchanged(request, etag, modified)) {
      response.writeHead(304).end();
      return;
    }
  }
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function isUnchanged({ headers }: IncomingMessage, etag: string, modified: number | undefined): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return modified !== undefined && Math.floor(modified / 1000) * 1000 <= since;
}
