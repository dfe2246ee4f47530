import { isIP } from 'node:net';
import { Agent } from 'undici';
import { isPublicAddress } from './addresses.ts';
import { ACCEPT_ENCODING, readBody } from './body.ts';
import { FetchError, fetchErrorOf } from './fetch-error.ts';
import { createPublicLookup } from './public-lookup.ts';
import { type Validators, validatorsOf } from './validators.ts';

export type Fetched =
  | {
      outcome: 'fetched';
      /** Decompressed. */
      body: Uint8Array;
      contentType?: string;
      /** To be kept only when the body could be read. */
      validators: Validators;
      /** Where the document was in the end. */
      finalUrl: string;
      /** Where permanent redirects say that it lives now. */
      movedTo?: string;
      retryAfterMs?: number;
    }
  | { outcome: 'unchanged'; validators: Validators; retryAfterMs?: number };

export interface Fetcher {
  /**
   * GET, conditional when there are validators.
   * @throws {FetchError}
   */
  fetch(url: string, validators: Validators, signal?: AbortSignal): Promise<Fetched>;
  /** Ends what is running with `aborted`. */
  close(): Promise<void>;
}

export interface FetcherOptions {
  /** Lets feeds live on loopback and private addresses. */
  allowPrivateNetworks: boolean;
  userAgent: string;
  /** Which addresses may be connected to where private networks may not. */
  isPublic?: (address: string) => boolean;
  /** Milliseconds: to be connected; to have the headers of each response; to have it all, redirects included. */
  timeouts?: { connect?: number; headers?: number; total?: number };
  caps?: { bytes?: number; redirects?: number };
}

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5';
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PERMANENT = new Set([301, 308]);

export function createFetcher(options: FetcherOptions): Fetcher {
  const { allowPrivateNetworks, userAgent, isPublic = isPublicAddress, timeouts, caps } = options;
  const { connect = 5000, headers: headersMs = 10_000, total = 20_000 } = timeouts ?? {};
  const { bytes: maxBytes = 5 * 1024 * 1024, redirects: maxRedirects = 5 } = caps ?? {};
  const running = new Set<AbortController>();
  const agent = new Agent({
    // A connection for each poll: kept ones are closed by the server about when the next poll wants them, and a new
    // one has its address checked anew.
    pipelining: 0,
    connect: { timeout: connect, ...(allowPrivateNetworks ? {} : { lookup: createPublicLookup(isPublic) }) },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function get(address: string, validators: Validators, stop: AbortController): Promise<Fetched> {
    let url = parseUrl(address);
    let movedTo: string | undefined;
    let onlyPermanent = true;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      // A literal address is connected to without being looked up.
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      if (!allowPrivateNetworks && isIP(literal) && !isPublic(literal)) throw notPublic(url.host);

      const { statusCode: status, headers, body } = await request(url, validators, stop);
      // A body that is given up must not fail where nobody listens.
      body.on('error', () => {});
      if (REDIRECTS.has(status)) {
        body.destroy();
        url = redirected(url, one(headers.location));
        onlyPermanent &&= PERMANENT.has(status);
        if (onlyPermanent) movedTo = url.href;
        continue;
      }

      const retryAfterMs = parseRetryAfter(one(headers['retry-after']));
      const given = validatorsOf(one(headers.etag), one(headers['last-modified']));
      const isConditional = validators.etag !== undefined || validators.lastModified !== undefined;
      if (status === 304 && isConditional) {
        body.destroy();
        return { outcome: 'unchanged', validators: { ...validators, ...given }, retryAfterMs };
      }
      if (status !== 200 && status !== 203 && status !== 226) {
        body.destroy();
        throw new FetchError(`http_${status}`, `${url.host}: answered with status ${status}`, {
          retryAfterMs,
        });
      }
      if (Number(one(headers['content-length'])) > maxBytes) {
        body.destroy();
        throw new FetchError('too_large', `${url.host}: the document is larger than ${maxBytes} bytes`);
      }
      const bytes = await readBody(body, one(headers['content-encoding']) ?? '', maxBytes, url.host);
      const contentType = one(headers['content-type']);
      return {
        outcome: 'fetched',
        body: bytes,
        contentType,
        validators: given,
        finalUrl: url.href,
        movedTo,
        retryAfterMs,
      };
    }
    throw new FetchError('too_many_redirects', `${url.host}: more than ${maxRedirects} redirects`);
  }

  async function request(url: URL, { etag, lastModified }: Validators, stop: AbortController) {
    const timer = setTimeout(() => {
      stop.abort(new FetchError('timeout', `${url.host}: no answer within ${headersMs} ms`));
    }, headersMs);
    try {
      return await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        signal: stop.signal,
        headers: {
          'user-agent': userAgent,
          accept: ACCEPT,
          'accept-encoding': ACCEPT_ENCODING,
          ...(etag === undefined ? {} : { 'if-none-match': etag }),
          ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
        },
      });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async fetch(url, validators, signal) {
      const stop = new AbortController();
      const abort = () => stop.abort();
      const timer = setTimeout(() => {
        stop.abort(new FetchError('timeout', `${hostOf(url)}: not all of it arrived within ${total} ms`));
      }, total);
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) abort();
      running.add(stop);
      try {
        return await get(url, validators, stop);
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
    },
    async close() {
      for (const stop of running) stop.abort();
      await agent.destroy();
    },
  };
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

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
