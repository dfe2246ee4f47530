import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createFetcher, type Fetcher, type FetcherOptions } from '../../src/ingest/poll/fetch.ts';
import { FetchError } from '../../src/ingest/poll/fetch-error.ts';
import type { Resolve } from '../../src/ingest/poll/public-lookup.ts';
import { until } from '../support/events.ts';
import { type FeedServer, hasZstd, openFeedServer } from '../support/feed-server.ts';

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
      'accept-encoding': hasZstd ? 'gzip, br, deflate, zstd' : 'gzip, br, deflate',
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

  (hasZstd ? test : test.skip)('is decompressed: zstd', async () => {
    server.answer('/zstd', { body: 'слово '.repeat(10_000), encoding: 'zstd' });
    expect(await body('/zstd')).toBe('слово '.repeat(10_000));
  });

  test('is decompressed as often as it was compressed', async () => {
    const { gzipSync, brotliCompressSync } = await import('node:zlib');
    server.answer('/twice', {
      body: brotliCompressSync(gzipSync('text')),
      headers: { 'content-encoding': 'gzip, br' },
    });
    expect(await body('/twice')).toBe('text');
  });

  test.each([
    ['max-age', { 'cache-control': 'public, max-age=600' }, 600_000],
    ['max-age less its age', { 'cache-control': 'max-age=600', age: '100' }, 500_000],
    [
      'max-age before Expires',
      { 'cache-control': 'max-age=600', expires: 'Tue, 03 Mar 2099 08:00:00 GMT' },
      600_000,
    ],
    [
      'Expires by the clock of the server',
      { date: 'Tue, 03 Mar 2026 08:00:00 GMT', expires: 'Tue, 03 Mar 2026 08:10:00 GMT' },
      600_000,
    ],
    ['nothing when it expires at once', { date: 'Tue, 03 Mar 2026 08:00:00 GMT', expires: '0' }, undefined],
    ['nothing with no-cache', { 'cache-control': 'no-cache, max-age=600' }, undefined],
    ['nothing with max-age=0', { 'cache-control': 'max-age=0' }, undefined],
  ])('says for how long it is good: %s', async (what, headers, ms) => {
    const url = server.answer(`/good/${encodeURIComponent(what)}`, { body: 'x', headers });
    expect((await fetcher().fetch(url, {})).freshForMs).toBe(ms);
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

describe('connections', () => {
  test('are used again', async () => {
    const url = server.answer('/kept', { body: 'x', etag: '"1"' });
    const one = fetcher();
    const before = server.connections();
    const { validators } = await one.fetch(url, {});
    for (let n = 0; n < 5; n++) {
      await turn();
      await one.fetch(url, validators);
    }
    expect(server.connections() - before).toBe(1);
  });

  test('that the server has closed meanwhile are replaced, without a word', async () => {
    const other = await openFeedServer();
    const url = other.answer('/closing', { body: 'x' }, { reset: 'before' }, { body: 'y' });
    const one = fetcher();
    await one.fetch(url, {});
    await turn();
    expect(await one.fetch(url, {})).toMatchObject({ outcome: 'fetched', body: Buffer.from('y') });
    expect(other.count('/closing')).toBe(3);
    await other.close();
  });
});

describe('the status of an address', () => {
  test('is asked for without its content, redirects followed', async () => {
    server.answer('/page', { status: 301, headers: { location: '/page2' } });
    server.answer('/page2', { status: 410 });
    expect(await fetcher().status(`${server.origin}/page`)).toBe(410);
    expect(server.requests.slice(-2).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'HEAD /page',
      'HEAD /page2',
    ]);
  });

  test('is asked for by GET where HEAD is not known', async () => {
    const url = server.answer('/no-head', { status: 405 }, { body: 'x' });
    expect(await fetcher().status(url)).toBe(200);
    expect(server.requests.at(-1)?.method).toBe('GET');
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
    const unknown = server.answer('/unknown', { body: 'x', headers: { 'content-encoding': 'compress' } });
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

  test('while its headers trickle', async () => {
    const url = server.answer('/trickling-headers', { headersTrickle: 10 });
    expect((await refusal(fetcher({ timeouts }).fetch(url, {}))).reason).toBe('timeout');
  });

  test('before there is a connection', async () => {
    const never = { timeouts, resolve: () => {} };
    expect((await refusal(fetcher(never).fetch('http://news.example/', {}))).reason).toBe('timeout');
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

  test('as headers', async () => {
    const headers = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`x-${n}`, 'x'.repeat(1000)]));
    const url = server.answer('/large-headers', { body: 'x', headers });
    expect((await refusal(fetcher().fetch(url, {}))).reason).toBe('too_large');
  });

  test('without growing: a bomb of 300 MB is given up at its cap', async () => {
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));
    const url = server.answer('/bomb', { body: bomb, headers: { 'content-encoding': 'gzip' } });
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 5);
    expect((await refusal(fetcher().fetch(url, {}))).reason).toBe('too_large');
    clearInterval(watch);
    expect(most - before).toBeLessThan(60 * 1024 * 1024);
  });

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

describe('a name whose address changes', () => {
  /** Answers with these addresses in turn, the last for ever. */
  const rebinding = (...addresses: string[]): Resolve => {
    return (_name, _options, callback) => {
      const address = (addresses.length > 1 ? addresses.shift() : addresses[0]) ?? '';
      setImmediate(callback, null, [{ address, family: address.includes(':') ? 6 : 4 }]);
    };
  };
  const named = (path: string) => `http://feed.example:${new URL(server.origin).port}${path}`;
  /** 127.0.0.1 plays the public address. */
  const isPublic = (address: string) => address === '127.0.0.1';

  test.each([
    '127.0.0.2',
    '10.0.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '::1',
    '::ffff:127.0.0.2',
    '64:ff9b::a00:1',
  ])('is checked by what is connected to: %s', async (address) => {
    server.answer('/rebinding', { body: 'x', headers: { connection: 'close' } });
    const resolve = rebinding('127.0.0.1', address);
    const guarded = fetcher({ allowPrivateNetworks: false, isPublic, resolve });
    expect(await guarded.fetch(named('/rebinding'), {})).toMatchObject({ outcome: 'fetched' });
    const before = server.requests.length;
    expect((await refusal(guarded.fetch(named('/rebinding'), {}))).reason).toBe('private_address');
    expect(server.requests).toHaveLength(before);
  });

  test('is checked on each hop', async () => {
    server.answer('/hop', { status: 302, headers: { location: '/hop2', connection: 'close' } });
    server.answer('/hop2', { body: 'x' });
    const resolve = rebinding('127.0.0.1', '127.0.0.2');
    const guarded = fetcher({ allowPrivateNetworks: false, isPublic, resolve });
    expect((await refusal(guarded.fetch(named('/hop'), {}))).reason).toBe('private_address');
    expect(server.count('/hop2')).toBe(0);
  });

  test('is reached at its public address when it has others too', async () => {
    server.answer('/both', { body: 'x' });
    const resolve: Resolve = (_name, _options, callback) =>
      setImmediate(callback, null, [
        { address: '10.0.0.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const guarded = fetcher({ allowPrivateNetworks: false, isPublic, resolve });
    expect(await guarded.fetch(named('/both'), {})).toMatchObject({ outcome: 'fetched' });
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
