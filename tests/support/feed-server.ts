import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

/** How a path answers. What is absent is as a well-behaved server does it: 200, at once, whole. */
export interface Answer {
  status?: number;
  headers?: Record<string, string | number>;
  body?: string | Uint8Array;
  /** Compresses the body and says so. */
  encoding?: 'gzip' | 'br' | 'deflate' | 'deflate-raw';
  /** Given with the answer; a request that sends one of them back gets 304. Latin-1, byte for byte. */
  etag?: string;
  lastModified?: string;
  /** Milliseconds before the headers. */
  headersAfter?: number;
  /** Sends the body in pieces of `bytes`, with `pause` milliseconds between them. */
  trickle?: { bytes: number; pause: number };
  /** Closes the connection without a word: at once, or in the middle of the body. */
  reset?: 'before' | 'within';
}

export interface Request {
  path: string;
  headers: IncomingHttpHeaders;
}

export interface FeedServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly origin: string;
  /** Every request so far, the oldest first. */
  readonly requests: readonly Request[];
  /** How many requests there were for a path. */
  count(path: string): number;
  /** Sets how a path answers from now on, and gives back its address. Several answers: one for each request, the last for all later ones. */
  answer(path: string, ...answers: Answer[]): string;
  close(): Promise<void>;
}

const COMPRESS = {
  gzip: gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
  'deflate-raw': deflateRawSync,
} as const;

/** A server for feeds on port 0 of loopback, that misbehaves as told. A path that was told nothing answers 404. */
export async function openFeedServer(): Promise<FeedServer> {
  const answers = new Map<string, Answer[]>();
  const requests: Request[] = [];
  const closing = new AbortController();

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push({ path, headers: request.headers });
    const told = answers.get(path) ?? [{ status: 404, body: 'nothing here' }];
    const answer = (told.length > 1 ? told.shift() : told[0]) ?? {};
    respond(answer, request.headers, response, closing.signal).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The feed server has no port.');
  const origin = `http://127.0.0.1:${address.port}`;

  return {
    origin,
    requests,
    count: (path) => requests.filter((request) => request.path === path).length,
    answer(path, ...told) {
      answers.set(path, told);
      return origin + path;
    },
    async close() {
      closing.abort();
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

async function respond(
  answer: Answer,
  asked: IncomingHttpHeaders,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  if (answer.reset === 'before') {
    response.destroy();
    return;
  }
  if (answer.headersAfter) await wait(answer.headersAfter, undefined, { signal });

  const { etag, lastModified, encoding } = answer;
  const headers: Record<string, string | number> = { ...answer.headers };
  if (etag) headers.etag = etag;
  if (lastModified) headers['last-modified'] = lastModified;
  const isKnown =
    (etag && asked['if-none-match'] === etag) ||
    (lastModified && asked['if-modified-since'] === lastModified);
  if (isKnown && answer.status === undefined) {
    response.writeHead(304, headers).end();
    return;
  }

  const plain = Buffer.from(answer.body ?? '');
  const body = encoding ? COMPRESS[encoding](plain) : plain;
  if (encoding) headers['content-encoding'] = encoding.replace('-raw', '');
  if (!answer.trickle && !answer.reset) headers['content-length'] ??= body.byteLength;
  response.writeHead(answer.status ?? 200, headers);

  const { bytes, pause } = answer.trickle ?? { bytes: Math.max(1, Math.ceil(body.byteLength / 2)), pause: 0 };
  if (answer.reset === 'within') {
    response.write(body.subarray(0, bytes), () => response.destroy());
    return;
  }
  if (!answer.trickle) {
    response.end(body);
    return;
  }
  for (let at = 0; at < body.byteLength && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await wait(pause, undefined, { signal });
  }
  response.end();
}
