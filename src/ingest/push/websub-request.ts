import { isIP } from 'node:net';
import { Agent } from 'undici';
import { isPublicAddress } from '../poll/addresses.ts';
import { FetchError, fetchErrorOf } from '../poll/fetch-error.ts';
import { createPublicLookup } from '../poll/public-lookup.ts';

export interface HubRequest {
  /**
   * POSTs a form, and answers when the hub has accepted it. What the hub says beside that is not read.
   * @throws {FetchError} `http_STATUS` when it has not
   */
  post(url: string, form: Readonly<Record<string, string>>): Promise<void>;
  /** Ends what is running. */
  close(): Promise<void>;
}

export interface HubRequestOptions {
  allowPrivateNetworks: boolean;
  userAgent: string;
  /** Which addresses may be connected to where private networks may not. */
  isPublic?: (address: string) => boolean;
  /** Milliseconds, redirects included. */
  timeout?: number;
}

const MAX_REDIRECTS = 2;
/** Those after which a form is sent again; 303 would make a GET of it, which subscribes to nothing. */
const REDIRECTS = new Set([301, 302, 307, 308]);

/**
 * The requests to hubs. A hub's address comes out of a feed, so it is as little to be trusted as any link in it: it is
 * checked at the moment of connecting and at each redirect, as `fetch.ts` does it.
 */
export function createHubRequest(options: HubRequestOptions): HubRequest {
  const { allowPrivateNetworks, userAgent, isPublic = isPublicAddress, timeout = 5000 } = options;
  const closing = new AbortController();
  const agent = new Agent({
    pipelining: 0,
    connect: { timeout, ...(allowPrivateNetworks ? {} : { lookup: createPublicLookup(isPublic) }) },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function send(address: string, body: string, signal: AbortSignal): Promise<void> {
    let url = parse(address);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      // A literal address is connected to without being looked up.
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      if (!allowPrivateNetworks && isIP(literal) && !isPublic(literal))
        throw fetchErrorOf({ code: 'ERR_PRIVATE_ADDRESS' }, url.host);
      const {
        statusCode,
        headers,
        body: answer,
      } = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: { 'user-agent': userAgent, 'content-type': 'application/x-www-form-urlencoded' },
        body,
        signal,
      });
      // A body that is given up must not fail where nobody listens.
      answer.on('error', () => {}).destroy();
      if (statusCode >= 200 && statusCode < 300) return;
      if (!REDIRECTS.has(statusCode))
        throw new FetchError(`http_${statusCode}`, `${url.host}: answered with status ${statusCode}`);
      const { location } = headers;
      if (typeof location !== 'string')
        throw new FetchError('bad_redirect', `${url.host}: a redirect to nowhere`);
      const next = parse(location, url.href);
      // The form has the secret in it.
      if (url.protocol === 'https:' && next.protocol !== 'https:')
        throw new FetchError('bad_redirect', `${url.host}: a redirect out of TLS`);
      url = next;
    }
    throw new FetchError('too_many_redirects', `${url.host}: more than ${MAX_REDIRECTS} redirects`);
  }

  return {
    async post(address, form) {
      const stop = new AbortController();
      const abort = () => stop.abort();
      const timer = setTimeout(abort, timeout);
      closing.signal.addEventListener('abort', abort);
      if (closing.signal.aborted) abort();
      const host = URL.canParse(address) ? new URL(address).host : 'the hub';
      try {
        await send(address, new URLSearchParams(form).toString(), stop.signal);
      } catch (error) {
        if (closing.signal.aborted) throw new FetchError('aborted', `${host}: stopped`, { cause: error });
        if (stop.signal.aborted)
          throw new FetchError('timeout', `${host}: no answer within ${timeout} ms`, { cause: error });
        throw fetchErrorOf(error, host);
      } finally {
        clearTimeout(timer);
        closing.signal.removeEventListener('abort', abort);
      }
    },
    async close() {
      closing.abort();
      await agent.destroy();
    },
  };
}

function parse(address: string, base?: string): URL {
  if (!URL.canParse(address, base))
    throw new FetchError('bad_url', `${address.slice(0, 100)} is not an address`);
  const url = new URL(address, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new FetchError('bad_url', `${url.protocol} is not http or https`);
  return url;
}
