import { once, setMaxListeners } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import zlib, { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

/** How a path answers. What is absent is as a well-behaved server does it: 200, at once, whole. */
export interface Answer {
  status?: number;
  headers?: Record<string, string | number>;
  body?: string | Uint8Array;
  /** Compresses the body and says so. */
  encoding?: keyof typeof COMPRESS;
  /** Given with the answer; a request that sends one of them back gets 304. Latin-1, byte for byte. */
  etag?: string;
  lastModified?: string;
  /** Milliseconds before the headers. */
  headersAfter?: number;
  /** Sends the headers a byte at a time, with so many milliseconds between two, and never comes to their end. */
  headersTrickle?: number;
  /** Sends the body in pieces of `bytes`, with `pause` milliseconds between them. */
  trickle?: { bytes: number; pause: number };
  /** Closes the connection without a word: at once, or in the middle of the body. */
  reset?: 'before' | 'within';
}

export interface Request {
  method: string;
  path: string;
  /** When it came, in milliseconds of `performance.now()`. */
  at: number;
  headers: IncomingHttpHeaders;
}

export interface FeedServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly origin: string;
  /** Every request so far, the oldest first. */
  readonly requests: readonly Request[];
  /** How many connections there have been. */
  connections(): number;
  /** How many requests there were for a path. */
  count(path: string): number;
  /** Sets how a path answers from now on, and gives back its address. Several answers: one for each request, the last for all later ones. */
  answer(path: string, ...answers: Answer[]): string;
  close(): Promise<void>;
}

type Compress = (bytes: Uint8Array) => Uint8Array;

const zstd: unknown = Reflect.get(zlib, 'zstdCompressSync');
/** Node has it from 22.15 on. */
export const hasZstd = typeof zstd === 'function';

const COMPRESS = {
  gzip: gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
  'deflate-raw': deflateRawSync,
  zstd: zstd as Compress,
} satisfies Record<string, Compress>;

/** A server for feeds on port 0 of loopback, that misbehaves as told. A path that was told nothing answers 404. */
export async function openFeedServer(): Promise<FeedServer> {
  const answers = new Map<string, Answer[]>();
  const requests: Request[] = [];
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  let connections = 0;

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push({ method: request.method ?? '', path, at: performance.now(), headers: request.headers });
    const told = answers.get(path) ?? [{ status: 404, body: 'nothing here' }];
    const answer = (told.length > 1 ? told.shift() : told[0]) ?? {};
    respond(answer, request.headers, response, closing.signal).catch(() => response.destroy());
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The feed server has no port.');
  const origin = `http://127.0.0.1:${address.port}`;

  return {
    origin,
    requests,
    connections: () => connections,
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

  if (answer.headersTrickle !== undefined) {
    response.socket?.write('HTTP/1.1 200 OK\r\nX-Long: ');
    while (response.socket?.writable) {
      response.socket.write('x');
      await wait(answer.headersTrickle, undefined, { signal });
    }
    return;
  }

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
