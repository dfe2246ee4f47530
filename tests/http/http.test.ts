import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Parser from 'rss-parser';
import { request } from 'undici';
import { signToken } from '../../src/auth.ts';
import { formatCursor } from '../../src/core/cursor.ts';
import { until } from '../support/events.ts';
import { type Service, startService } from '../support/service.ts';
import { draft, withdrawal } from '../support/stories.ts';

type Page = {
  stories: { id: string; version: number; status: string; views?: number }[];
  cursor: string;
  next?: string;
  gap?: true;
};

let service: Service;

async function get<T = Page>(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; headers: Headers; body: T; text: string }> {
  const response = await fetch(`${service.url}${path}`, init);
  const text = await response.text();
  const body = /json/.test(response.headers.get('content-type') ?? '')
    ? (JSON.parse(text) as T)
    : (undefined as T);
  return { status: response.status, headers: response.headers, body, text };
}

const ids = (page: Page) => page.stories.map(({ id }) => id.replace('test:', ''));

beforeAll(async () => {
  service = await startService({ origins: ['https://news.example'] });
  for (let index = 1; index <= 10; index += 1) {
    const topics = index % 2 ? ['politics', 'place:kyiv'] : ['sport'];
    const language = index % 3 ? 'en' : 'uk';
    const more = {
      topics,
      language,
      body: '<p>Ціна &amp; <b>"мир"</b></p>',
      headline: `Story ${index} <&> "мир"\u0000`,
    };
    await service.store.append(draft(`s${index}`, more));
  }
  await service.store.append(draft('s1', { headline: 'Story 1 again', topics: ['politics'] }));
  await service.store.append(withdrawal('s9'));
  await until(() => service.gateway.wire.position().sequence === 12, 'the gateway to have it all');
});

afterAll(() => service.close());

describe('GET /v1/stories', () => {
  test('lists the newest first, each story once in its current version, without the withdrawn', async () => {
    const { body } = await get('/v1/stories');
    expect(ids(body)).toEqual(['s1', 's10', 's8', 's7', 's6', 's5', 's4', 's3', 's2']);
    expect(body.stories[0]).toMatchObject({ version: 2 });
    expect(body.next).toBeUndefined();
  });

  test('goes on page by page', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/v1/stories?limit=4';
    while (path) {
      const { body }: { body: Page } = await get(path);
      seen.push(...ids(body));
      path = body.next && `/v1/stories?limit=4&before=${body.next}`;
    }
    expect(seen).toEqual(['s1', 's10', 's8', 's7', 's6', 's5', 's4', 's3', 's2']);
  });

  test('filters by topics, by an expression in either form, and by both', async () => {
    expect(ids((await get('/v1/stories?topics=sport')).body)).toEqual(['s10', 's8', 's6', 's4', 's2']);
    expect(ids((await get('/v1/stories?topics=sport,place:kyiv&limit=2')).body)).toEqual(['s10', 's8']);
    expect(
      ids((await get(`/v1/stories?topics=sport&filter=${encodeURIComponent('lang:uk OR "story 10"')}`)).body),
    ).toEqual(['s10', 's6']);
    const json = encodeURIComponent(JSON.stringify({ all: [{ language: ['uk'] }, { not: 'sport' }] }));
    expect(ids((await get(`/v1/stories?filter=${json}`)).body)).toEqual(['s3']);
    expect(ids((await get('/v1/stories?topics=medtop:15000000')).body)).toEqual([
      's10',
      's8',
      's6',
      's4',
      's2',
    ]);
  });

  test('after a cursor answers what came since, oldest first, withdrawals too', async () => {
    const { epoch } = await service.store.head();
    const after = formatCursor({ epoch, sequence: 7 });
    const { body } = await get(`/v1/stories?after=${after}&limit=2`);
    expect(ids(body)).toEqual(['s8', 's10']);
    const rest = (await get(`/v1/stories?after=${body.next}`)).body;
    expect(rest.stories.map(({ id, status }) => [id, status])).toEqual([
      ['test:s1', 'usable'],
      ['test:s9', 'canceled'],
    ]);
    expect(rest).toMatchObject({ cursor: formatCursor({ epoch, sequence: 12 }) });
    expect(rest).not.toHaveProperty('next');
    expect((await get(`/v1/stories?after=${rest.cursor}`)).body).toEqual({
      stories: [],
      cursor: rest.cursor,
    });
    expect((await get('/v1/stories?after=anotherepoch.3')).body).toMatchObject({ gap: true });
  });

  test('answers the compact view', async () => {
    const { body } = await get('/v1/stories?view=compact&limit=1');
    expect(body.stories[0]).not.toHaveProperty('body');
  });

  test.each([
    ['limit=0', 'invalid_request', 'limit'],
    ['limit=501', 'invalid_request', 'limit'],
    ['view=big', 'invalid_request', 'view'],
    ['topics=Politics', 'invalid_filter', 'Politics'],
    ['filter=(a', 'invalid_filter', 'character 3'],
    ['filter={', 'invalid_filter', 'JSON'],
    ['after=x', 'invalid_cursor', 'x'],
    ['before=x', 'invalid_cursor', 'x'],
    ['topics=a&topics=b', 'invalid_request', 'topics'],
  ])('refuses %s', async (query, code, mention) => {
    const { status, headers, body } = await get<{
      code: string;
      detail: string;
      status: number;
      title: string;
    }>(`/v1/stories?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ type: 'about:blank', status: 400, title: 'Bad Request', code });
    expect(body.detail).toContain(mention);
  });
});

describe('GET /v1/stories/ID', () => {
  test('answers the current version, as ours or as ninjs, and a withdrawn one as withdrawn', async () => {
    expect((await get('/v1/stories/test:s1')).body).toMatchObject({ id: 'test:s1', version: 2 });
    expect((await get('/v1/stories/test:s1?format=ninjs')).body).toMatchObject({
      uri: 'urn:newswire:test%3As1',
      version: '2',
    });
    expect((await get('/v1/stories/test:s9')).body).toMatchObject({ status: 'canceled', headline: '' });
    expect(await get('/v1/stories/test:none')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('counts who opened it', async () => {
    await service.store.addViews(new Map([['test:s2', 3]]));
    expect((await get('/v1/stories/test:s2')).body).toMatchObject({ views: 3 });
  });
});

describe('GET /v1/feeds', () => {
  test.each([['rss'], ['atom']])('writes a topic as %s that a feed reader understands', async (format) => {
    const { headers, text } = await get(`/v1/feeds/sport.${format}`);
    expect(headers.get('content-type')).toBe(`application/${format}+xml; charset=utf-8`);
    const feed = await new Parser().parseString(text);
    expect(feed.items).toHaveLength(5);
    expect(feed.items[0]).toMatchObject({ title: 'Story 10 <&> "мир"', link: 'https://news.example/s10' });
    expect(text).toContain('&lt;b&gt;&quot;мир&quot;&lt;/b&gt;');
  });

  test('writes a JSON Feed', async () => {
    const { headers, body } = await get<{ items: { id: string; tags: string[] }[] }>(
      '/v1/feeds/place:kyiv.json',
    );
    expect(headers.get('content-type')).toBe('application/feed+json; charset=utf-8');
    expect(body.items.map(({ id }) => id)).toEqual(['test:s7', 'test:s5', 'test:s3']);
  });

  test('tells withdrawn stories in Atom', async () => {
    expect((await get('/v1/feeds/politics.atom')).text).toContain(
      '<at:deleted-entry ref="urn:newswire:test%3As9"',
    );
    expect((await get('/v1/feeds/sport.atom')).text).not.toContain('deleted-entry');
  });

  test('answers 304 to whoever has it already', async () => {
    const first = await get('/v1/feeds/sport.rss');
    const etag = first.headers.get('etag') ?? '';
    // fetch would add a `cache-control: no-cache`, which asks for the whole feed again.
    const again = await request(`${service.url}/v1/feeds/sport.rss`, { headers: { 'if-none-match': etag } });
    await again.body.dump();
    expect(again.statusCode).toBe(304);
  });

  test('answers 404 where there is no feed', async () => {
    for (const path of ['sport', 'sport.xml', '.rss', 'Not A Topic.rss'])
      expect((await get(`/v1/feeds/${path}`)).status).toBe(404);
    expect((await get('/v1/feeds/all.rss')).text.match(/<item>/g)).toHaveLength(9);
  });
});

describe('GET /v1/stream', () => {
  async function* events(path: string, headers: Record<string, string> = {}) {
    const stopping = new AbortController();
    const response = await fetch(`${service.url}${path}`, { headers, signal: stopping.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    try {
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk as Uint8Array).toString();
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const fields = Object.fromEntries(
            text
              .slice(0, end)
              .split('\n')
              .map((line) => line.split(/: (.*)/s).slice(0, 2)),
          );
          text = text.slice(end + 2);
          if (fields.event)
            yield { event: fields.event as string, id: fields.id as string, data: JSON.parse(fields.data) };
        }
      }
    } finally {
      stopping.abort();
    }
  }

  test('replays after a cursor and goes on live, with the cursor as the id of each event', async () => {
    const { epoch } = await service.store.head();
    const seen: string[] = [];
    for await (const { event, id, data } of events(`/v1/stream?topics=sport,weather&after=${epoch}.7`)) {
      if (event === 'ready') {
        expect(data).toMatchObject({ replayed: 2, gap: false });
        await service.store.append(draft('live', { topics: ['weather'] }));
      }
      if (event !== 'story') continue;
      expect(id).toBe(data.cursor);
      seen.push(data.id);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['test:s8', 'test:s10', 'test:live']);
  });

  test('resumes by Last-Event-ID, which counts before the address', async () => {
    const { epoch } = await service.store.head();
    const headers = { 'last-event-id': `${epoch}.8` };
    for await (const { event, data } of events(`/v1/stream?topics=sport&after=${epoch}.1`, headers)) {
      if (event === 'story') expect(data.id).toBe('test:s10');
      if (event === 'ready') break;
    }
  });

  test('is refused like any other request, before it begins', async () => {
    expect(await get('/v1/stream?filter=(')).toMatchObject({ status: 400, body: { code: 'invalid_filter' } });
    expect(await get('/v1/stream?after=x')).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });
});

describe('the rest', () => {
  test('lists topics with names and counts, and finds them in any language', async () => {
    const { body } = await get<{ topics: { id: string; name: string; count: number }[] }>(
      '/v1/topics?q=спорт&lang=uk',
    );
    expect(body.topics.find(({ id }) => id === 'sport')).toMatchObject({ count: 5 });
    expect((await get<{ topics: unknown[] }>('/v1/topics')).body.topics.length).toBeGreaterThan(50);
  });

  test('tells liveness, readiness and metrics', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    const { text, headers } = await get('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    for (const name of [
      'stories_total',
      'connections',
      'deliveries_total',
      'log_head',
      'log_applied',
      'filters',
      'story_lag_seconds',
      'fetches_total',
      'subscriptions',
      'bytes_sent_total',
      'resumes_total',
      'gaps_total',
      'slow_clients_total',
      'store_errors_total',
      'auth_failures_total',
    ]) {
      expect(text).toContain(`newswire_${name}`);
    }
  });

  test('answers problems for what is not there, and tells no stranger what it runs on', async () => {
    const { status, body, headers } = await get('/nothing');
    expect({ status, body }).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  test('lets listed origins read, and no others', async () => {
    const allowed = async (origin: string) =>
      (await get('/v1/stories', { headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await allowed('https://news.example')).toBe('https://news.example');
    expect(await allowed('https://evil.example')).toBeNull();
  });

  test('needs a token where tokens are needed, and keeps to its filter', async () => {
    const secret = 'a secret of more than thirty-two characters';
    const guarded = await startService({ auth: { mode: 'token', secret } });
    await guarded.store.append(draft('a', { topics: ['sport'] }));
    await guarded.store.append(draft('b', { topics: ['politics'] }));
    const token = await signToken({
      secret,
      subject: 'desk',
      filter: 'politics',
      ttlMs: 60_000,
      now: Date.now(),
    });
    const expired = await signToken({ secret, subject: 'desk', ttlMs: -1000, now: Date.now() });
    const read = async (path: string, bearer?: string) => {
      const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {};
      const response = await fetch(`${guarded.url}${path}`, { headers });
      return { status: response.status, body: (await response.json()) as Page };
    };
    for (const path of ['/v1/stories', '/v1/stories/test:a', '/v1/stream', '/v1/feeds/sport.rss']) {
      expect((await read(path)).status).toBe(401);
      expect((await read(path, expired)).status).toBe(401);
    }
    expect(ids((await read('/v1/stories', token)).body)).toEqual(['b']);
    expect((await read('/v1/stories/test:a', token)).status).toBe(404);
    await guarded.close();
  });
});
