import { isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { isPublicAddress } from './addresses.ts';
import { ACCEPT_ENCODING, readBody } from './body.ts';
import { freshForMs } from './cache-hints.ts';
import { codeOf, FetchError, fetchErrorOf } from './fetch-error.ts';
import { createPublicLookup, type Resolve } from './public-lookup.ts';
import { type Validators, validatorsOf } from './validators.ts';

/** What an answer says beside the document. */
export interface Answered {
  /** To be kept only when the body could be read. */
  validators: Validators;
  /** Where the document was in the end. */
  finalUrl: string;
  /** Where permanent redirects say that it lives now. */
  movedTo?: string;
  retryAfterMs?: number;
  /** For how long the headers say that it is good. */
  freshForMs?: number;
  /** The `Link` header (RFC 8288). */
  link?: string;
}

export type Fetched =
  | (Answered & {
      outcome: 'fetched';
      /** Decompressed. */
      body: Uint8Array;
      contentType?: string;
    })
  | (Answered & { outcome: 'unchanged' });

export interface Fetcher {
  /**
   * GET, conditional when there are validators.
   * @throws {FetchError}
   */
  fetch(url: string, validators: Validators, signal?: AbortSignal): Promise<Fetched>;
  /**
   * The status of what is at an address, redirects followed, by HEAD where the server knows it.
   * @throws {FetchError} when there is no answer
   */
  status(url: string, signal?: AbortSignal): Promise<number>;
  /** Ends what is running with `aborted`. */
  close(): Promise<void>;
}

export interface FetcherOptions {
  /** Lets feeds live on loopback and private addresses. */
  allowPrivateNetworks: boolean;
  userAgent: string;
  /** Which addresses may be connected to where private networks may not. */
  isPublic?: (address: string) => boolean;
  /** Where the addresses of a name come from; the system's resolver when absent. */
  resolve?: Resolve;
  /** Milliseconds: to be connected; to have the headers of each response; to have it all, redirects included. */
  timeouts?: { connect?: number; headers?: number; total?: number };
  /** Bytes of a body, before and after decompression; bytes of all headers of a response; redirects. */
  caps?: { bytes?: number; headerBytes?: number; redirects?: number };
}

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5';
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PERMANENT = new Set([301, 308]);
/** The feeds of one newsroom are often polled one after the other; longer than this servers seldom wait either. */
const KEEP_ALIVE_MS = 10_000;

interface Asked {
  response: Dispatcher.ResponseData;
  url: URL;
  movedTo?: string;
}

/**
 * Reads documents of strangers. An address is checked when a connection is made, after the DNS has answered and before
 * a byte is sent, for each hop of a redirect; a connection that is used again was checked when it was made. Redirects
 * from https to http are followed: nothing secret is sent, and a feed that is signed by nobody was never proven anyway.
 */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { allowPrivateNetworks, userAgent, isPublic = isPublicAddress, resolve, timeouts, caps } = options;
  const { connect = 5000, headers: headersMs = 10_000, total = 20_000 } = timeouts ?? {};
  const { bytes: maxBytes = 5 * 1024 * 1024, headerBytes = 16 * 1024, redirects = 5 } = caps ?? {};
  const running = new Set<AbortController>();
  const lookup = allowPrivateNetworks
    ? resolve && createPublicLookup(() => true, resolve)
    : createPublicLookup(isPublic, resolve);
  const agent = new Agent({
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: headerBytes,
    connect: { timeout: connect, ...(lookup ? { lookup } : {}) },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  /** To the first answer that is no redirect. */
  async function follow(
    method: 'GET' | 'HEAD',
    address: string,
    validators: Validators,
    stop: AbortController,
  ): Promise<Asked> {
    let url = parseUrl(address);
    let movedTo: string | undefined;
    let onlyPermanent = true;
    for (let hop = 0; hop <= redirects; hop++) {
      // A literal address is connected to without being looked up.
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      if (!allowPrivateNetworks && isIP(literal) && !isPublic(literal)) throw notPublic(url.host);
      const response = await request(method, url, validators, stop);
      // A body that is given up must not fail where nobody listens.
      response.body.on('error', () => {});
      if (!REDIRECTS.has(response.statusCode)) return { response, url, movedTo };
      response.body.destroy();
      url = redirected(url, one(response.headers.location));
      onlyPermanent &&= PERMANENT.has(response.statusCode);
      if (onlyPermanent) movedTo = url.href;
    }
    throw new FetchError('too_many_redirects', `${url.host}: more than ${redirects} redirects`);
  }

  async function request(
    method: 'GET' | 'HEAD',
    url: URL,
    { etag, lastModified }: Validators,
    stop: AbortController,
  ): Promise<Dispatcher.ResponseData> {
    const timer = setTimeout(() => {
      stop.abort(new FetchError('timeout', `${url.host}: no answer within ${headersMs} ms`));
    }, headersMs);
    const send = () =>
      agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        signal: stop.signal,
        headers: {
          'user-agent': userAgent,
          accept: ACCEPT,
          'accept-encoding': ACCEPT_ENCODING,
          ...(etag === undefined ? {} : { 'if-none-match': etag }),
          ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
        },
      });
    try {
      return await send().catch((error: unknown) => {
        if (!wasKept(error)) throw error;
        return send();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async function get(address: string, validators: Validators, stop: AbortController): Promise<Fetched> {
    const { response, url, movedTo } = await follow('GET', address, validators, stop);
    const { statusCode: status, headers, body } = response;
    const given = validatorsOf(one(headers.etag), one(headers['last-modified']));
    const answered: Answered = {
      validators: given,
      finalUrl: url.href,
      movedTo,
      retryAfterMs: parseRetryAfter(one(headers['retry-after'])),
      freshForMs: freshForMs(
        {
          cacheControl: all(headers['cache-control']),
          expires: one(headers.expires),
          date: one(headers.date),
          age: one(headers.age),
        },
        Date.now(),
      ),
      link: all(headers.link),
    };
    const isConditional = validators.etag !== undefined || validators.lastModified !== undefined;
    if (status === 304 && isConditional) {
      // There is no body to give up: read to its end, it leaves the connection to the next one.
      body.resume();
      return { ...answered, outcome: 'unchanged', validators: { ...validators, ...given } };
    }
    if (status !== 200 && status !== 203 && status !== 226) {
      body.destroy();
      throw new FetchError(`http_${status}`, `${url.host}: answered with status ${status}`, {
        retryAfterMs: answered.retryAfterMs,
      });
    }
    if (Number(one(headers['content-length'])) > maxBytes) {
      body.destroy();
      throw new FetchError('too_large', `${url.host}: the document is larger than ${maxBytes} bytes`);
    }
    const bytes = await readBody(body, all(headers['content-encoding']) ?? '', maxBytes, url.host);
    return { ...answered, outcome: 'fetched', body: bytes, contentType: one(headers['content-type']) };
  }

  async function statusOf(address: string, stop: AbortController): Promise<number> {
    const { response } = await follow('HEAD', address, {}, stop);
    response.body.destroy();
    if (response.statusCode !== 405 && response.statusCode !== 501) return response.statusCode;
    const asked = await follow('GET', address, {}, stop);
    asked.response.body.destroy();
    return asked.response.statusCode;
  }

  /** Ends it when it takes too long, is no longer wanted, or everything ends. */
  async function bounded<T>(
    url: string,
    signal: AbortSignal | undefined,
    work: (stop: AbortController) => Promise<T>,
  ): Promise<T> {
    const stop = new AbortController();
    const abort = () => stop.abort();
    const timer = setTimeout(() => {
      stop.abort(new FetchError('timeout', `${hostOf(url)}: not all of it arrived within ${total} ms`));
    }, total);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    running.add(stop);
    try {
      return await work(stop);
    } catch (error) {
      const { aborted, reason } = stop.signal;
      if (reason instanceof FetchError) throw reason;
      if (aborted) throw new FetchError('aborted', `${hostOf(url)}: stopped`, { cause: error });
      throw fetchErrorOf(error, hostOf(url));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      running.delete(stop);
    }
  }

  return {
    fetch: (url, validators, signal) => bounded(url, signal, (stop) => get(url, validators, stop)),
    status: (url, signal) => bounded(url, signal, (stop) => statusOf(url, stop)),
    async close() {
      for (const stop of running) stop.abort();
      await agent.destroy();
    },
  };
}

/**
 * Whether a connection that had served before was found closed when it was to be used again. That is nobody's fault,
 * and nothing was answered: a new one may be tried, once.
 */
function wasKept(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const code = codeOf(error);
  if (code === 'ECONNRESET' || code === 'EPIPE') return true;
  const socket = 'socket' in error ? error.socket : undefined;
  const isUsed = typeof socket === 'object' && socket !== null && 'bytesRead' in socket && socket.bytesRead;
  return code === 'UND_ERR_SOCKET' && Boolean(isUsed);
}

function parseUrl(address: string, base?: string): URL {
  if (!URL.canParse(address, base))
    throw new FetchError('bad_url', `${address.slice(0, 100)} is not an address`);
  const url = new URL(address, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchError('bad_url', `${url.protocol} is not http or https`);
  }
  return url;
}

function redirected(from: URL, location: string | undefined): URL {
  if (!location) throw new FetchError('bad_redirect', `${from.host}: a redirect to nowhere`);
  // Header values are bytes; an address in them is UTF-8 when it is not ASCII.
  const target = Buffer.from(location, 'latin1').toString();
  return parseUrl(target, from.href);
}

function notPublic(host: string): FetchError {
  return fetchErrorOf({ code: 'ERR_PRIVATE_ADDRESS' }, host);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the feed';
}

/** Seconds, or a date. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return ms > 0 ? ms : undefined;
}

type Header = string | string[] | undefined;

function one(value: Header): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function all(value: Header): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
