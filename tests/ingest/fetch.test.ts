import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createFetcher, type Fetcher, type FetcherOptions } from '../../src/ingest/fetch.ts';
import { FetchError } from '../../src/ingest/fetch-error.ts';
import { until } from '../support/events.ts';
import { type FeedServer, openFeedServer } from '../support/feed-server.ts';

let server: FeedServer;
const fetchers: Fetcher[] = [];

beforeAll(async () => {
  server = await openFeedServer();
});
afterEach(async () => {
  await Promise.all(fetchers.splice(0).map((fetcher) => fetcher.close()));
});
afterAll(() => server.close());

function fetcher(options: Partial<FetcherOptions> = {}): Fetcher {
  const made = createFetcher({
    allowPrivateNetworks: true,
    userAgent: 'Newswire/test (+https://news.example/)',
    ...options,
  });
  fetchers.push(made);
  return made;
}

async function refusal(fetching: Promise<unknown>): Promise<FetchError> {
  const error = await fetching.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FetchError)) throw new Error(`not a FetchError: ${String(error)}`);
  return error;
}

async function body(path: string, options?: Partial<FetcherOptions>): Promise<string> {
  const fetched = await fetcher(options).fetch(server.origin + path, {});
  if (fetched.outcome !== 'fetched') throw new Error(fetched.outcome);
  return Buffer.from(fetched.body).toString();
}

describe('a document', () => {
  test('comes with what the server says of it', async () => {
    const url = server.answer('/a', {
      body: 'text',
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      etag: '"1"',
      lastModified: 'Tue, 03 Mar 2026 08:00:00 GMT',
    });
    expect(await fetcher().fetch(url, {})).toMatchObject({
      outcome: 'fetched',
      contentType: 'text/xml; charset=utf-8',
      validators: { etag: '"1"', lastModified: 'Tue, 03 Mar 2026 08:00:00 GMT' },
      finalUrl: url,
    });
  });

  test('is asked for under our name, compressed, and without conditions when there are none', async () => {
    server.answer('/headers', { body: 'x' });
    await body('/headers');
    const { headers } = server.requests.at(-1) ?? {};
    expect(headers).toMatchObject({
      'user-agent': 'Newswire/test (+https://news.example/)',
      'accept-encoding': 'gzip, br, deflate',
    });
    expect(headers?.accept).toContain('application/rss+xml');
    expect(headers).not.toHaveProperty('if-none-match');
    expect(headers).not.toHaveProperty('if-modified-since');
  });

  test.each(['gzip', 'br', 'deflate', 'deflate-raw'] as const)('is decompressed: %s', async (encoding) => {
    const text = 'слово '.repeat(10_000);
    server.answer(`/${encoding}`, { body: text, encoding });
    expect(await body(`/${encoding}`)).toBe(text);
  });

  test('is read as it is when it is called gzip and is not', async () => {
    server.answer('/not-gzip', { body: '<rss/>', headers: { 'content-encoding': 'gzip' } });
    expect(await body('/not-gzip')).toBe('<rss/>');
  });
});

describe('validators', () => {
  test('are sent back byte for byte, and spare the document', async () => {
    const odd = { etag: 'W/"ключ -- \\" é,;"', lastModified: 'tuesday, 3-mar-26  08:00 (about)' };
    const etag = Buffer.from(odd.etag).toString('latin1');
    const url = server.answer('/validators', { body: 'x', etag, lastModified: odd.lastModified });
    const first = await fetcher().fetch(url, {});
    const second = await fetcher().fetch(url, first.validators);
    expect(server.requests.at(-1)?.headers).toMatchObject({
      'if-none-match': etag,
      'if-modified-since': odd.lastModified,
    });
    expect(second).toMatchObject({ outcome: 'unchanged', validators: first.validators });
  });

  test('are replaced by those of a 304, one by one', async () => {
    const url = server.answer('/moved-on', { status: 304, headers: { 'last-modified': 'new' } });
    expect(await fetcher().fetch(url, { etag: '"1"', lastModified: 'old' })).toMatchObject({
      outcome: 'unchanged',
      validators: { etag: '"1"', lastModified: 'new' },
    });
  });

  test('are not kept when they are longer than any header should be', async () => {
    const url = server.answer('/long', { body: 'x', headers: { etag: `"${'x'.repeat(2000)}"` } });
    expect(await fetcher().fetch(url, {})).toMatchObject({ validators: {} });
  });

  test('a 304 to nobody’s question is an error', async () => {
    const url = server.answer('/304', { status: 304 });
    expect((await refusal(fetcher().fetch(url, {}))).reason).toBe('http_304');
  });
});

describe('redirects', () => {
  test('are followed, and relative ones understood', async () => {
    server.answer('/r/1', { status: 302, headers: { location: '../r2?x=1' } });
    server.answer('/r2?x=1', { status: 307, headers: { location: `${server.origin}/r3` } });
    server.answer('/r3', { body: 'here' });
    expect(await fetcher().fetch(`${server.origin}/r/1`, {})).toMatchObject({
      finalUrl: `${server.origin}/r3`,
    });
  });

  test('report where the feed has moved for good, and only that', async () => {
    server.answer('/p1', { status: 301, headers: { location: '/p2' } });
    server.answer('/p2', { status: 308, headers: { location: '/p3' } });
    server.answer('/p3', { status: 302, headers: { location: '/p4' } });
    server.answer('/p4', { status: 301, headers: { location: '/p5' } });
    server.answer('/p5', { body: 'here' });
    expect(await fetcher().fetch(`${server.origin}/p1`, {})).toMatchObject({
      movedTo: `${server.origin}/p3`,
      finalUrl: `${server.origin}/p5`,
    });
    expect(await fetcher().fetch(`${server.origin}/p3`, {})).not.toHaveProperty('movedTo', expect.anything());
  });

  test('end after five', async () => {
    server.answer('/loop', { status: 302, headers: { location: '/loop' } });
    const before = server.count('/loop');
    expect((await refusal(fetcher().fetch(`${server.origin}/loop`, {}))).reason).toBe('too_many_redirects');
    expect(server.count('/loop') - before).toBe(6);
  });

  test.each([
    ['nowhere', {}, 'bad_redirect'],
    ['another scheme', { location: 'file:///etc/passwd' }, 'bad_url'],
    ['nonsense', { location: 'http://' }, 'bad_url'],
  ])('to %s are refused', async (what, headers, reason) => {
    const url = server.answer(`/to/${encodeURIComponent(what)}`, {
      status: 302,
      headers: headers as Record<string, string>,
    });
    expect((await refusal(fetcher().fetch(url, {}))).reason).toBe(reason);
  });
});

describe('what fails says why', () => {
  test.each([404, 410, 429, 500, 503])('status %d', async (status) => {
    const url = server.answer(`/${status}`, { status, body: 'sorry' });
    const error = await refusal(fetcher().fetch(url, {}));
    expect(error.reason).toBe(`http_${status}`);
    expect(error.message).toBe(`${new URL(server.origin).host}: answered with status ${status}`);
    expect(error.retryAfterMs).toBeUndefined();
  });

  test('and for how long to wait, in seconds or as a date', async () => {
    const seconds = server.answer('/wait', { status: 429, headers: { 'retry-after': '120' } });
    expect((await refusal(fetcher().fetch(seconds, {}))).retryAfterMs).toBe(120_000);
    const date = server.answer('/wait-until', {
      status: 503,
      headers: { 'retry-after': new Date(Date.now() + 600_000).toUTCString() },
    });
    const { retryAfterMs } = await refusal(fetcher().fetch(date, {}));
    expect(retryAfterMs).toBeGreaterThan(590_000);
    expect(retryAfterMs).toBeLessThanOrEqual(600_000);
    const nonsense = server.answer('/wait-what', { status: 503, headers: { 'retry-after': 'soon' } });
    expect((await refusal(fetcher().fetch(nonsense, {}))).retryAfterMs).toBeUndefined();
  });

  test('a connection that is refused', async () => {
    const other = await openFeedServer();
    await other.close();
    expect((await refusal(fetcher().fetch(`${other.origin}/a`, {}))).reason).toBe('network');
  });

  test.each(['before', 'within'] as const)('a connection that is cut %s the answer', async (reset) => {
    const url = server.answer(`/reset-${reset}`, { body: 'x'.repeat(1000), reset });
    expect((await refusal(fetcher().fetch(url, {}))).reason).toBe('network');
  });

  test('a name that nobody has', async () => {
    expect((await refusal(fetcher().fetch('http://no-such-host.invalid/', {}))).reason).toBe('dns');
  });

  test('an address that is none', async () => {
    expect((await refusal(fetcher().fetch('nowhere', {}))).reason).toBe('bad_url');
    expect((await refusal(fetcher().fetch('ftp://news.example/', {}))).reason).toBe('bad_url');
  });

  test('a broken compression, and one that nobody knows', async () => {
    const broken = server.answer('/broken', {
      body: Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]),
      headers: { 'content-encoding': 'gzip' },
    });
    expect((await refusal(fetcher().fetch(broken, {}))).reason).toBe('bad_encoding');
    const unknown = server.answer('/unknown', { body: 'x', headers: { 'content-encoding': 'zstd' } });
    expect((await refusal(fetcher().fetch(unknown, {}))).reason).toBe('bad_encoding');
  });
});

describe('what takes too long is given up', () => {
  const timeouts = { headers: 150, total: 400 };

  test('before its headers', async () => {
    const url = server.answer('/slow-headers', { headersAfter: 10_000, body: 'x' });
    const error = await refusal(fetcher({ timeouts }).fetch(url, {}));
    expect(error.reason).toBe('timeout');
    expect(error.message).toContain('no answer within 150 ms');
  });

  test('while its body trickles', async () => {
    const url = server.answer('/trickle', { body: 'x'.repeat(1000), trickle: { bytes: 1, pause: 20 } });
    const before = performance.now();
    expect((await refusal(fetcher({ timeouts }).fetch(url, {}))).reason).toBe('timeout');
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test('over redirects that are each quick enough', async () => {
    server.answer('/slow-loop', { status: 302, headers: { location: '/slow-loop' }, headersAfter: 120 });
    expect(
      (await refusal(fetcher({ timeouts, caps: { redirects: 100 } }).fetch(`${server.origin}/slow-loop`, {})))
        .reason,
    ).toBe('timeout');
  });
});

describe('what is too large is given up', () => {
  const caps = { bytes: 10_000 };

  test.each([
    ['as it announces itself', { body: 'x'.repeat(20_000) }],
    ['as it comes', { body: 'x'.repeat(20_000), trickle: { bytes: 6000, pause: 1 } }],
    ['as it is decompressed', { body: 'x'.repeat(5_000_000), encoding: 'gzip' as const }],
    ['with brotli too', { body: 'x'.repeat(5_000_000), encoding: 'br' as const }],
  ])('%s', async (what, answer) => {
    const url = server.answer(`/large/${encodeURIComponent(what)}`, answer);
    expect((await refusal(fetcher({ caps }).fetch(url, {}))).reason).toBe('too_large');
  });
});

describe('private networks', () => {
  const guarded = () => fetcher({ allowPrivateNetworks: false });

  test.each([
    ['loopback', () => `${server.origin}/a`],
    ['loopback by name', () => `${server.origin.replace('127.0.0.1', 'localhost')}/a`],
    ['loopback as a number', () => `${server.origin.replace('127.0.0.1', '2130706433')}/a`],
    ['loopback in IPv6', () => server.origin.replace('127.0.0.1', '[::1]')],
    ['loopback in an IPv6 coat', () => server.origin.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
    ['cloud metadata', () => 'http://169.254.169.254/latest/'],
    ['a private network', () => 'http://10.0.0.1/'],
  ])('are not read: %s', async (_what, url) => {
    const before = server.requests.length;
    expect((await refusal(guarded().fetch(url(), {}))).reason).toBe('private_address');
    expect(server.requests).toHaveLength(before);
  });

  test('are checked for each hop of a redirect', async () => {
    const other = server.origin.replace('127.0.0.1', '127.0.0.2');
    const first = fetcher({ allowPrivateNetworks: false, isPublic: (address) => address === '127.0.0.1' });
    server.answer('/inside', { status: 302, headers: { location: `${other}/secret` } });
    server.answer('/outside', { status: 302, headers: { location: '/open' } });
    server.answer('/open', { body: 'x' });
    expect((await refusal(first.fetch(`${server.origin}/inside`, {}))).reason).toBe('private_address');
    expect(await first.fetch(`${server.origin}/outside`, {})).toMatchObject({ outcome: 'fetched' });
  });
});

describe('stopping', () => {
  test('by a signal ends the request, and is called so', async () => {
    const url = server.answer('/hang', { headersAfter: 10_000 });
    const stop = new AbortController();
    const before = server.count('/hang');
    const fetching = refusal(fetcher().fetch(url, {}, stop.signal));
    await until(() => server.count('/hang') > before, 'the request');
    stop.abort();
    expect((await fetching).reason).toBe('aborted');
  });

  test('by closing does too', async () => {
    const url = server.answer('/hang', { headersAfter: 10_000 });
    const open = fetcher();
    const before = server.count('/hang');
    const fetching = refusal(open.fetch(url, {}));
    await until(() => server.count('/hang') > before, 'the request');
    await open.close();
    expect((await fetching).reason).toBe('aborted');
  });
});
