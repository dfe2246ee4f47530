import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { until } from '../support/events.ts';
import { type Service, startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';

const TOKEN = 'a token of the newsroom';
const AUTHORIZED = { authorization: `Bearer ${TOKEN.replaceAll(' ', '-')}` };

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

let service: Service;
let socket: Socket | undefined;

beforeAll(async () => {
  service = await startService({
    publishToken: TOKEN.replaceAll(' ', '-'),
    origins: ['https://desk.example'],
  });
});
afterAll(async () => {
  socket?.close();
  await service.close();
});

async function ask(path: string, init: RequestInit = {}, at = service): Promise<Answer> {
  const response = await fetch(`${at.url}${path}`, init);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

function post(story: unknown, headers: Record<string, string> = AUTHORIZED): Promise<Answer> {
  const body = typeof story === 'string' ? story : JSON.stringify(story);
  return ask('/v1/stories', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

const withdraw = (id: string, headers: Record<string, string> = AUTHORIZED) =>
  ask(`/v1/stories/${encodeURIComponent(id)}`, { method: 'DELETE', headers });
const get = (id: string) => ask(`/v1/stories/${encodeURIComponent(id)}`);
const head = async () => (await service.store.head()).last;
const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('who may publish', () => {
  test('is who has the token, and nobody else', async () => {
    const story = { id: 'mine', headline: 'Mine' };
    const before = await head();
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic x' }] as Record<
      string,
      string
    >[]) {
      for (const answer of [await post(story, headers), await withdraw('newsroom:mine', headers)]) {
        expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    }
    const inAddress = await ask(`/v1/stories?access_token=${TOKEN.replaceAll(' ', '-')}`, { method: 'POST' });
    expect(inAddress.status).toBe(401);
    expect(await head()).toBe(before);
  });

  test('is nobody where the service has no token', async () => {
    const closed = await startService();
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer undefined' },
    };
    const { status, body } = await ask('/v1/stories', { ...init, body: '{"headline":"x"}' }, closed);
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('PUBLISH_TOKEN') });
    await closed.close();
  });

  test('may do it from a page of an origin that is allowed', async () => {
    const response = await fetch(`${service.url}/v1/stories/x`, {
      method: 'OPTIONS',
      headers: { origin: 'https://desk.example', 'access-control-request-method': 'DELETE' },
    });
    expect(response.headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(response.headers.get('access-control-allow-headers')).toContain('content-type');
  });
});

describe('POST /v1/stories', () => {
  test('puts a story on the wire, and says where it is', async () => {
    socket = io(service.url, { transports: ['websocket'] });
    const got: Record<string, unknown>[] = [];
    socket.on('story', (story) => got.push(story));
    await socket.emitWithAck('subscribe', ['war-in-ukraine']);

    const answer = await post({
      id: 'desk-1',
      headline: 'Exchange of <b>prisoners</b> &amp; talks',
      body: '<p onclick="x()">They are home. <a href="/b">More</a></p><script>alert(1)</script>',
      link: 'https://news.example/a?utm_source=x&id=1',
      language: 'EN-gb',
      flags: ['breaking'],
      topics: ['medtop:11000000'],
      sections: ['War in Ukraine'],
      published: '2026-03-03T12:00:00+02:00',
      image: 'https://news.example/a.jpg',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/v1/stories/newsroom%3Adesk-1');
    expect(answer.body).toMatchObject({
      id: 'newsroom:desk-1',
      version: 1,
      status: 'usable',
      change: 'new',
      source: { id: 'newsroom', name: 'Newsroom' },
      link: 'https://news.example/a?id=1',
      language: 'en-GB',
      headline: 'Exchange of prisoners & talks',
      description: 'They are home. More',
      body: '<p>They are home. <a href="https://news.example/b" rel="noopener nofollow">More</a></p>',
      urgency: 5,
      flags: ['breaking'],
      sections: ['War in Ukraine'],
      topics: expect.arrayContaining(['politics', 'war-in-ukraine', 'conflict']),
      image: { href: 'https://news.example/a.jpg' },
      published: '2026-03-03T10:00:00.000Z',
    });
    await until(() => got.length === 1, 'the story on the wire');
    expect(got[0]).toEqual(answer.body);
    expect((await get('newsroom:desk-1')).body).toEqual(answer.body);
  });

  test('once or twice is the same, and a change is a new version', async () => {
    const story = { id: 'twice', source: 'city-desk', headline: 'Once' };
    const first = await post(story);
    const second = await post(story);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    const changed = await post({ ...story, headline: 'Changed', change: 'correction' });
    expect(changed).toMatchObject({
      status: 200,
      body: { id: 'city-desk:twice', version: 2, change: 'correction', headline: 'Changed' },
    });
  });

  test('takes back what GET gave, changed', async () => {
    await post({ id: 'round', headline: 'Round', body: '<p>One.</p>', topics: ['politics'], urgency: 3 });
    const { body } = await get('newsroom:round');
    expect((await post(body)).body).toMatchObject({ version: 1 });
    const changed = await post({ ...body, headline: 'Round again', views: 7 });
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, change: 'update', urgency: 3, topics: body.topics },
    });
  });

  test('knows a story without an id by its link, else by its headline', async () => {
    const one = await post({ headline: 'A', link: 'https://news.example/linked' });
    const two = await post({ headline: 'B', link: 'http://news.example/linked?utm_medium=x' });
    expect(two).toMatchObject({ status: 200, body: { id: one.body.id, version: 2 } });
    const three = await post({ headline: 'No link at all', description: 'x' });
    const four = await post({ headline: 'No link at all', description: 'y' });
    expect(four).toMatchObject({ status: 200, body: { id: three.body.id, version: 2 } });
    expect(one.body.id).not.toBe(three.body.id);
  });

  test('with the status canceled withdraws', async () => {
    await post({ id: 'gone', headline: 'Soon gone' });
    const { body } = await get('newsroom:gone');
    expect(await post({ ...body, status: 'canceled' })).toMatchObject({
      status: 200,
      body: { status: 'canceled', version: 2, headline: '' },
    });
    expect((await post({ id: 'never', status: 'canceled' })).status).toBe(404);
  });

  test('recognises the language of a story that does not say it', async () => {
    const headline = 'Верховна Рада ухвалила державний бюджет на наступний рік';
    expect((await post({ headline })).body).toMatchObject({ language: 'uk' });
    expect((await post({ headline: '12:30' })).body).toMatchObject({ language: 'und' });
  });

  const refused: [unknown, string][] = [
    [{}, 'headline: is missing.'],
    [{ headline: ' <b></b> ' }, 'headline: is missing.'],
    [{ headline: 7 }, 'headline: must be text.'],
    [{ headline: 'x', id: 'with space' }, 'id: must be 1 to 190 characters without spaces.'],
    [{ headline: 'x', source: 'No Id' }, 'source: must be an id'],
    [{ headline: 'x', source: { id: 'a', url: 'b' } }, 'source: "url" is not a field of a source.'],
    [{ headline: 'x', source: 7 }, 'source: must be an id'],
    [{ headline: 'x', topics: ['politics', 'Not a topic'] }, 'topics[1]: must be a topic id'],
    [{ headline: 'x', topics: ['medtop:99999999'] }, 'topics[0]: medtop:99999999 stands for no topic'],
    [{ headline: 'x', topics: 'politics' }, 'topics: must be a list.'],
    [{ headline: 'x', flags: ['hot'] }, 'flags[0]: must be one of breaking'],
    [{ headline: 'x', urgency: 0 }, 'urgency: must be 1 to 9.'],
    [{ headline: 'x', link: 'javascript:alert(1)' }, 'link: must be an absolute http or https address.'],
    [{ headline: 'x', link: '/relative' }, 'link: must be an absolute http or https address.'],
    [{ headline: 'x', image: 'data:image/png;base64,x' }, 'image: must be an absolute http or https'],
    [{ headline: 'x', language: 'english!' }, 'language: must be a language tag'],
    [{ headline: 'x', published: 'yesterday' }, 'published: must be a time such as'],
    [{ headline: 'x', published: '2026-02-30T10:00:00Z' }, 'published: must be a time such as'],
    [{ headline: 'x', embargoedUntil: 'tomorrow' }, 'embargoedUntil: must be a time such as'],
    [{ headline: 'x', status: 'withheld' }, 'status: must be usable or canceled.'],
    [{ headline: 'x', headlien: 'y' }, '"headlien" is not a field of a story.'],
    ['{"headline":"x","__proto__":{"headline":"y"}}', '"__proto__" is not a field of a story.'],
    ['["headline"]', 'the body must be a story: a JSON object.'],
    ['{"headline":', 'The body is not JSON.'],
    ['"x"', 'The body is not JSON.'],
  ];
  test.each(refused)('refuses %j', async (story, detail) => {
    const before = await head();
    const answer = await post(story);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', detail: expect.stringContaining(detail) },
    });
    expect(await head()).toBe(before);
  });

  describe.each<[string, Record<string, string>, (text: string) => BodyInit]>([
    ['plain', {}, (text) => text],
    ['with its encoding', { 'content-type': 'application/json; charset=utf-8' }, (text) => text],
    ['of another kind of JSON', { 'content-type': 'application/vnd.desk+json' }, (text) => text],
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync],
    ['in pieces', {}, (text) => new Blob([text]).stream()],
  ])('a body %s', (name, more, made) => {
    const send = (text: string, headers = AUTHORIZED) =>
      ask('/v1/stories', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://desk.example', ...headers, ...more },
        body: made(text),
        duplex: 'half',
      } as RequestInit);

    test('is taken, and answered the same', async () => {
      const answer = await send(
        JSON.stringify({ id: `body-${name.replaceAll(' ', '-')}`, headline: 'Тіло' }),
      );
      expect(answer).toMatchObject({ status: 201, body: { headline: 'Тіло', version: 1 } });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': 'https://desk.example',
        'cache-control': 'no-store',
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
        vary: 'origin',
      });
    });

    test.each([
      ['without the token', {}, '{"headline":"x"}', 401, 'unauthorized'],
      ['that is no JSON', AUTHORIZED, '{"headline":', 400, 'invalid_request'],
      ['that is no story', AUTHORIZED, '{}', 400, 'invalid_request'],
    ])('is refused %s, and that is answered the same', async (_what, headers, text, status, code) => {
      const answer = await send(text, headers as typeof AUTHORIZED);
      expect(answer).toMatchObject({ status, body: { type: 'about:blank', status, code } });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': 'https://desk.example',
        'content-type': 'application/problem+json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
    });
  });

  test('refuses what is no JSON, and what is too large', async () => {
    const text = await post('headline=x', { ...AUTHORIZED, 'content-type': 'text/plain' });
    expect(text).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(text.body.detail).toContain('application/json');
    const large = await post({ headline: 'x', body: 'y'.repeat(513 * 1024) });
    expect(large).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect((await post({ headline: 'Long', body: `<p>${'word '.repeat(90_000)}</p>` })).status).toBe(201);
  });
});

describe('DELETE /v1/stories/ID', () => {
  test('withdraws a story, once or twice, and knows when there is none', async () => {
    await post({ id: 'wrong', headline: 'Wrong' });
    const first = await withdraw('newsroom:wrong');
    expect(first).toMatchObject({
      status: 200,
      body: { id: 'newsroom:wrong', status: 'canceled', version: 2 },
    });
    expect(await withdraw('newsroom:wrong')).toMatchObject({ status: 200, body: first.body });
    expect(await withdraw('newsroom:never')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('lets a story come back that is published again', async () => {
    await post({ id: 'back', headline: 'Back' });
    await withdraw('newsroom:back');
    expect(await post({ id: 'back', headline: 'Back' })).toMatchObject({
      status: 200,
      body: { status: 'usable', version: 3 },
    });
  });

  test('withdraws what a feed brought too', async () => {
    await service.store.append(draft('fed'));
    expect((await withdraw('test:fed')).body).toMatchObject({ status: 'canceled' });
  });
});

describe('a story under embargo', () => {
  test('is nowhere before its time, and then on the wire', async () => {
    const before = await head();
    const until_ = soon(1500);
    const answer = await post({ id: 'secret', headline: 'Secret until then', embargoedUntil: until_ });
    expect(answer).toMatchObject({ status: 202, body: { id: 'newsroom:secret', embargoedUntil: until_ } });
    expect(answer.body.version).toBeUndefined();
    expect((await get('newsroom:secret')).status).toBe(404);
    expect(JSON.stringify((await ask('/v1/stories?limit=500')).body)).not.toContain('Secret');
    expect(await head()).toBe(before);

    const story = await until(() => service.store.story('newsroom:secret'), 'the end of the embargo');
    expect(story.versionCreated >= until_).toBe(true);
    expect(Date.parse(story.versionCreated) - Date.parse(until_)).toBeLessThan(5_000);
    expect(story).toMatchObject({ version: 1, change: 'new' });
  });

  test('may be replaced, and may be let go before its time', async () => {
    const far = soon(3_600_000);
    await post({ id: 'early', headline: 'First words', embargoedUntil: far });
    expect((await post({ id: 'early', headline: 'Second words', embargoedUntil: far })).status).toBe(202);
    expect(await service.store.held('newsroom:early')).toMatchObject({ headline: 'Second words' });
    const { status, body } = await post({ id: 'early', headline: 'Third words' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { version: 1, change: 'new', headline: 'Third words' },
    });
    expect(await service.store.held('newsroom:early')).toBeUndefined();
  });

  test('may be a change of a story that is out already', async () => {
    await post({ id: 'out', headline: 'Out' });
    await post({ id: 'out', headline: 'More to come', embargoedUntil: soon(300), change: 'correction' });
    expect((await get('newsroom:out')).body).toMatchObject({ version: 1, headline: 'Out' });
    const story = await until(async () => {
      const now = await service.store.story('newsroom:out');
      return now?.version === 2 && now;
    }, 'the change');
    expect(story).toMatchObject({ headline: 'More to come', change: 'correction' });
  });

  test('may be withdrawn before anybody has seen it, and with what they have seen', async () => {
    const before = await head();
    await post({ id: 'never-told', headline: 'Never told', embargoedUntil: soon(3_600_000) });
    expect(await withdraw('newsroom:never-told')).toMatchObject({
      status: 200,
      body: { status: 'canceled' },
    });
    expect(await service.store.held('newsroom:never-told')).toBeUndefined();
    expect(await head()).toBe(before);
    expect((await withdraw('newsroom:never-told')).status).toBe(404);

    await post({ id: 'both', headline: 'Told' });
    await post({ id: 'both', headline: 'Not told', embargoedUntil: soon(3_600_000) });
    expect((await withdraw('newsroom:both')).body).toMatchObject({ status: 'canceled', version: 2 });
    expect(await service.store.held('newsroom:both')).toBeUndefined();
  });

  test('whose time has passed goes out at once', async () => {
    const embargoedUntil = new Date(Date.now() - 1000).toISOString();
    expect(await post({ id: 'past', headline: 'Past', embargoedUntil })).toMatchObject({
      status: 201,
      body: { embargoedUntil },
    });
  });
});
