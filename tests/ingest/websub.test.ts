import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { readDocument } from '../../src/ingest/document/document.ts';
import { createWebSub, type WebSub, type WebSubDeps } from '../../src/ingest/push/websub.ts';
import { createDeliveries } from '../../src/ingest/push/websub-deliveries.ts';
import { createHubRequest, type HubRequest } from '../../src/ingest/push/websub-request.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { until } from '../support/events.ts';
import { item, rss, source } from '../support/feeds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Hub, openHub, type Subscribed } from '../support/hub.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TOPIC = 'https://news.example/feed';
const news = source({ id: 'news', every: MINUTE });
const quiet = { new: 0 };

const topics = await loadTopics();
const folder = temporaryFolder();
let hub: Hub;
let server: Server;
let publicUrl: string;
let store: Store;
let stores = 0;
/** Which of the processes answers hubs. */
let answering: WebSub;
let opened: { websub: WebSub; request: HubRequest }[];
let clock: number;
let chance: number;
let posted: string[];
let asking: Promise<unknown>[];
let counted: string[];
let soon: string[];
let warnings: string[];
const found = () => ({ hubs: [hub.url], self: TOPIC });

beforeAll(async () => {
  server = createServer((incoming, response) => {
    void answering.handle(incoming, response).then((isOurs) => isOurs || response.writeHead(418).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  publicUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
beforeEach(async () => {
  hub = await openHub();
  store = openEmbedded({ path: `${folder.path}/${stores++}`, retention: { stories: 1000, hours: 72 } });
  [opened, posted, asking, counted, soon, warnings] = [[], [], [], [], [], []];
  clock = Date.parse('2026-03-03T08:00:00Z');
  chance = 0.5;
});
afterEach(async () => {
  for (const { websub, request } of opened) {
    await request.close();
    await websub.close();
  }
  await hub.close();
  await store.close();
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  folder.remove();
});

/** A process of ingest: the real thing, except that a pushed document goes straight to the store. */
function open(more: Partial<WebSubDeps> = {}): WebSub {
  const request = createHubRequest({ allowPrivateNetworks: true, userAgent: 'test' });
  const log = pino(
    { level: 'warn' },
    { write: (line: string) => void warnings.push(String((JSON.parse(line) as { msg: unknown }).msg)) },
  );
  const websub = createWebSub({
    publicUrl: `${publicUrl}/`,
    hub: {
      post: (url, form) => {
        posted.push(url);
        const answered = request.post(url, form);
        asking.push(answered);
        return answered;
      },
    },
    store,
    deliver: async (_id, document) => {
      const { drafts } = await readDocument(document, news, { topics, now: Date.now });
      for (const draft of drafts) await store.append(draft);
    },
    pollSoon: (id) => soon.push(id),
    counted: (id, outcome) => counted.push(`${id} ${outcome}`),
    now: () => clock,
    random: () => chance,
    log,
    ...more,
  });
  opened.push({ websub, request });
  answering = websub;
  return websub;
}

/** Until every request to a hub is over, for us too. */
async function settled(): Promise<void> {
  await Promise.allSettled(asking);
  await turn();
}

async function subscribe(websub: WebSub): Promise<Subscribed> {
  await websub.polled(news, { links: found(), new: 5 });
  const subscribed = await hub.subscribed();
  await settled();
  return subscribed;
}

/** Pushes these items, and waits until they are read. */
async function push(to: Subscribed, ...names: string[]): Promise<void> {
  const before = counted.filter((each) => each === 'news push_read').length;
  expect(await hub.push(to, { body: rss(...names.map((name) => item(name))) })).toBe(202);
  await until(() => counted.filter((each) => each === 'news push_read').length > before, 'the push is read');
}

async function headlines(): Promise<string[]> {
  return (await store.read({ after: 0, limit: 100 })).map(({ story }) => story.headline);
}

describe('a feed with a hub', () => {
  test('is subscribed to: its topic, a callback and a secret that nobody can guess, and a lease', async () => {
    await subscribe(open());
    expect(hub.requests).toEqual([
      {
        'hub.mode': 'subscribe',
        'hub.topic': TOPIC,
        'hub.callback': expect.stringMatching(new RegExp(`^${publicUrl}/websub/news\\.[A-Za-z0-9_-]{43}$`)),
        'hub.secret': expect.stringMatching(/^[0-9a-f]{64}$/),
        'hub.lease_seconds': '864000',
      },
    ]);
  });

  test('is subscribed to by its own callback and secret', async () => {
    const websub = open();
    for (const id of ['one', 'two']) await websub.polled({ ...news, id }, { links: found(), new: 0 });
    await hub.subscribed(2);
    expect(new Set(hub.requests.map((each) => each['hub.secret'])).size).toBe(2);
    expect(new Set(hub.requests.map((each) => each['hub.callback']?.slice(-43))).size).toBe(2);
  });

  test('is subscribed to once, however often it is polled', async () => {
    const websub = open();
    await subscribe(websub);
    for (let poll = 0; poll < 20; poll++) {
      clock += MINUTE;
      await websub.polled(news, poll % 2 ? quiet : { links: found(), new: 0 });
    }
    expect(posted).toHaveLength(1);
  });

  test.each([
    ['no hub', { hubs: [], self: TOPIC }],
    ['no name for itself', { hubs: ['http://127.0.0.1:9/'] }],
  ])('is left alone when it has %s', async (_what, links) => {
    expect(await open().polled(news, { links, new: 1 })).toBe(0);
    expect(posted).toEqual([]);
  });

  test('that has none any more is forgotten: its hub is told that nobody is there', async () => {
    const websub = open();
    const subscribed = await subscribe(websub);
    await websub.polled(news, { links: { hubs: [] }, new: 0 });
    expect(await hub.push(subscribed, { body: rss(item('a')) })).toBe(410);
    clock += 30 * DAY;
    await websub.polled(news, quiet);
    expect(posted).toHaveLength(1);
  });

  test('and a new name is subscribed to anew, but not at every poll, if the name goes to and fro', async () => {
    const websub = open();
    const old = await subscribe(websub);
    for (let poll = 0; poll < 60; poll++) {
      clock += MINUTE;
      await websub.polled(news, { links: { ...found(), self: `${TOPIC}?${poll}` }, new: 0 });
      await settled();
    }
    expect(posted.length).toBeGreaterThan(1);
    expect(posted.length).toBeLessThanOrEqual(6);
    expect(await hub.push(old, { body: rss(item('a')) })).toBe(410);
  });

  test('under a new name has to be promised and pushed anew before anything is taken or relied on', async () => {
    const websub = open();
    await push(await subscribe(websub), 'a');
    clock += HOUR;
    hub.manner.subscribing = 'silent';
    const links = { ...found(), self: `${TOPIC}?new` };
    expect(await websub.polled(news, { links, new: 0 })).toBe(0);
    await settled();
    const {
      'hub.topic': topic = '',
      'hub.callback': callback = '',
      'hub.secret': secret = '',
    } = await hub.asked(2);
    expect(topic).toBe(links.self);
    expect(await hub.push({ topic, callback, secret, lease: 1 }, { body: rss(item('b')) })).toBe(404);

    await hub.call(callback, { mode: 'subscribe', topic, challenge: 'x', lease_seconds: '86400' });
    expect(await websub.polled(news, quiet)).toBe(0);
    await push({ topic, callback, secret, lease: 1 }, 'b');
    expect(await websub.polled(news, quiet)).toBeGreaterThan(0);
  });
});

describe('a hub that calls to verify', () => {
  test('gets its challenge back, as plain text', async () => {
    await subscribe(open());
    const { status, type, text, challenge } = await hub.called(1);
    expect({ status, type, text }).toEqual({
      status: 200,
      type: 'text/plain; charset=utf-8',
      text: challenge,
    });
  });

  test('may do so before it has answered the request', async () => {
    hub.manner.subscribing = 'at-once';
    expect((await subscribe(open())).topic).toBe(TOPIC);
  });

  test.each([
    ['another topic', { mode: 'subscribe', topic: `${TOPIC}?`, challenge: 'x' }],
    ['no topic', { mode: 'subscribe', challenge: 'x' }],
    ['an end that nobody asked for', { mode: 'unsubscribe', topic: TOPIC, challenge: 'x' }],
    ['no challenge', { mode: 'subscribe', topic: TOPIC }],
    ['a challenge without end', { mode: 'subscribe', topic: TOPIC, challenge: 'x'.repeat(5000) }],
    ['no mode', { topic: TOPIC, challenge: 'x' }],
    ['a denial of another topic', { mode: 'denied', topic: 'https://other.example/' }],
  ])('is refused: %s', async (_what, parameters) => {
    hub.manner.subscribing = 'silent';
    await open().polled(news, { links: found(), new: 0 });
    const { 'hub.callback': callback = '' } = await hub.asked(1);
    expect(await hub.call(callback, parameters as Record<string, string>)).toMatchObject({
      status: 404,
      text: '',
    });
    // And nothing has become of it.
    const fake = { topic: TOPIC, callback, secret: hub.requests[0]?.['hub.secret'] ?? '', lease: 1 };
    expect(await hub.push(fake, { body: rss(item('a')) })).toBe(404);
  });

  test('is refused at a callback that was never given out', async () => {
    const { callback } = await subscribe(open());
    const wrong = callback.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const parameters = { mode: 'subscribe', topic: TOPIC, challenge: 'x' };
    for (const address of [wrong, `${publicUrl}/websub/`, callback.replace('news', 'other'), `${callback}/x`])
      expect(await hub.call(address, parameters)).toMatchObject({ status: 404 });
  });

  test('is refused when we asked for nothing of late', async () => {
    const { callback } = await subscribe(open());
    const parameters = { mode: 'subscribe', topic: TOPIC, challenge: 'again' };
    clock += HOUR;
    expect(await hub.call(callback, parameters)).toMatchObject({ status: 200, text: 'again' });
    clock += DAY;
    expect(await hub.call(callback, parameters)).toMatchObject({ status: 404 });
  });
});

describe('a hub that does not serve us', () => {
  test('and says so is not asked again for a week', async () => {
    hub.manner.subscribing = 'deny';
    const websub = open();
    await websub.polled(news, { links: found(), new: 0 });
    expect((await hub.called(1)).status).toBe(200);
    await settled();
    clock += 6.9 * DAY;
    await websub.polled(news, quiet);
    expect(posted).toHaveLength(1);
    clock += 0.2 * DAY;
    await websub.polled(news, quiet);
    expect(posted).toHaveLength(2);
  });

  test('after it did, is believed: nothing more is taken from it', async () => {
    const subscribed = await subscribe(open());
    await hub.call(subscribed.callback, { mode: 'denied', topic: TOPIC });
    expect(await hub.push(subscribed, { body: rss(item('a')) })).toBe(410);
  });

  test.each(['silent' as const, 503])('and is %s is asked again less and less often', async (subscribing) => {
    hub.manner.subscribing = subscribing;
    chance = 0;
    const websub = open();
    const askedAfter: number[] = [];
    const start = clock;
    for (let minute = 0; minute <= 3 * 24 * 60; minute += 5) {
      clock = start + minute * MINUTE;
      const before = posted.length;
      await websub.polled(news, { links: found(), new: 0 });
      if (posted.length > before) {
        askedAfter.push(minute);
        await settled();
      }
    }
    expect(askedAfter).toEqual([0, 10, 30, 70, 150, 310, 630, 1270, 2550, 3990]);
  });

  test('gives way to the next that the feed names', async () => {
    hub.manner.subscribing = 'silent';
    const other = await openHub();
    const websub = open();
    const links = { hubs: [hub.url, other.url], self: TOPIC };
    await websub.polled(news, { links, new: 0 });
    const { 'hub.callback': first } = await hub.asked(1);
    await settled();
    clock += 20 * MINUTE;
    await websub.polled(news, { links, new: 0 });
    const { callback, secret } = await other.subscribed();
    expect(callback).not.toBe(first);
    expect(secret).not.toBe(hub.requests[0]?.['hub.secret']);
    await other.close();
  });

  test('leaves the source as it is polled', async () => {
    hub.manner.subscribing = 'silent';
    const websub = open();
    expect(await websub.polled(news, { links: found(), new: 0 })).toBe(0);
    clock += HOUR;
    expect(await websub.polled(news, quiet)).toBe(0);
  });
});

describe('a lease', () => {
  /** Minutes after which it is renewed. */
  async function renewedAfter(lease: number | 'none'): Promise<number> {
    hub.manner.lease = lease;
    const websub = open();
    await subscribe(websub);
    const start = clock;
    for (;;) {
      clock += 5 * MINUTE;
      await websub.polled(news, quiet);
      if (posted.length > 1) return (clock - start) / MINUTE;
    }
  }

  test.each([
    ['is renewed at its half', 7200, 60],
    ['of a minute is renewed no sooner than one of an hour', 60, 30],
    ['without end is believed for 14 days', 100 * 86_400, 7 * 24 * 60],
    ['that is not named is as long as we asked', 'none' as const, 5 * 24 * 60],
  ])('%s', async (_what, lease, minutes) => {
    expect(await renewedAfter(lease)).toBe(minutes);
  });

  test('is renewed at a moment of its own', async () => {
    chance = 0;
    expect(await renewedAfter(36_000)).toBe(0.4 * 600);
  });

  test('is renewed under the same callback and secret, and lasts from then on', async () => {
    hub.manner.lease = 7200;
    const websub = open();
    const first = await subscribe(websub);
    clock += 65 * MINUTE;
    await websub.polled(news, quiet);
    expect(await hub.subscribed(2)).toEqual(first);
    await push(first, 'a');
    clock += 65 * MINUTE;
    expect(await websub.polled(news, quiet)).toBeGreaterThan(0);
  });

  test('survives a restart: nothing is asked again, and the hub still finds us', async () => {
    const before = open();
    const subscribed = await subscribe(before);
    await before.close();
    const after = open();
    await push(subscribed, 'a');
    await after.polled(news, quiet);
    await after.polled(news, { links: found(), new: 0 });
    expect(posted).toHaveLength(1);
    expect(await headlines()).toEqual(['Headline of a']);
  });
});

describe('what a hub pushes', () => {
  test('is in the log, and once', async () => {
    const subscribed = await subscribe(open());
    await push(subscribed, 'b', 'a');
    await push(subscribed, 'b', 'a');
    expect((await headlines()).toSorted()).toEqual(['Headline of a', 'Headline of b']);
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)(
    'is taken when it is signed by %s',
    async (method) => {
      const subscribed = await subscribe(open());
      await hub.push(subscribed, { body: rss(item(method)), method });
      await until(() => counted.includes('news push_read'), 'the push is read');
      expect(await headlines()).toEqual([`Headline of ${method}`]);
    },
  );

  test.each([
    ['unsigned', { signature: null }],
    ['signed by somebody else', { secret: 'guessed' }],
    ['signed by a method that nobody should use', { method: 'md5' as const }],
    ['signed with too little', { signature: 'sha256=abcd' }],
    ['signed with no method', { signature: '0'.repeat(64) }],
    ['signed with what is no number', { signature: `sha1=${'z'.repeat(40)}` }],
    ['signed as something else', { signature: `sha256=${'0'.repeat(64)}` }],
  ])('gets the same answer, and never into the log, when it is %s', async (_what, wrong) => {
    const subscribed = await subscribe(open());
    for (let count = 0; count < 3; count++)
      expect(await hub.push(subscribed, { body: rss(item('forged')), ...wrong })).toBe(202);
    await push(subscribed, 'true');
    expect(await headlines()).toEqual(['Headline of true']);
    expect(counted.filter((each) => each === 'news push_unsigned')).toHaveLength(3);
    expect(warnings.filter((line) => line.includes('not signed'))).toHaveLength(1);
  });

  test('at a callback that was never given out is gone', async () => {
    const subscribed = await subscribe(open());
    const callback = subscribed.callback.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(await hub.push({ ...subscribed, callback }, { body: rss(item('a')) })).toBe(410);
  });

  test.each([undefined, 'image/png', 'text/html; charset=utf-8', 'nonsense'])(
    'is read for what it is, whatever it is called: %s',
    async (contentType) => {
      const subscribed = await subscribe(open());
      await hub.push(subscribed, { body: rss(item('a')), contentType });
      await until(() => counted.includes('news push_read'), 'the push is read');
      expect(await headlines()).toEqual(['Headline of a']);
    },
  );

  test('may be compressed', async () => {
    const subscribed = await subscribe(open());
    const body = gzipSync(rss(item('a')));
    await hub.push(subscribed, { body, headers: { 'content-encoding': 'gzip' } });
    await until(() => counted.includes('news push_read'), 'the push is read');
    expect(await headlines()).toEqual(['Headline of a']);
  });

  test('and cannot be read makes the source be polled', async () => {
    const subscribed = await subscribe(open());
    await hub.push(subscribed, { body: '<html>We moved!</html>' });
    await until(() => counted.includes('news push_failed'), 'the push failed');
    expect(soon).toEqual(['news']);
  });

  test('a compressed bomb is not unpacked', async () => {
    const subscribed = await subscribe(open());
    const body = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    await hub.push(subscribed, { body, headers: { 'content-encoding': 'gzip' } });
    await until(() => counted.includes('news push_failed'), 'the push failed');
  });

  test.each(['said', 'sent'])('is refused when more than 5 MiB are %s', async (how) => {
    const { callback } = await subscribe(open());
    const size = 5 * 1024 * 1024 + 1;
    const headers = how === 'said' ? { 'content-length': size } : {};
    const outgoing = httpRequest(callback, { method: 'POST', headers });
    outgoing.on('error', () => {});
    if (how === 'said') outgoing.flushHeaders();
    else outgoing.write(Buffer.alloc(size));
    const [response] = await once(outgoing, 'response');
    expect(response.statusCode).toBe(413);
    expect(counted).toContain('news push_too_large');
    outgoing.destroy();
  });

  test('when it breaks off, is nothing', async () => {
    const subscribed = await subscribe(open());
    const outgoing = httpRequest(subscribed.callback, {
      method: 'POST',
      headers: { 'content-length': 1000 },
    });
    outgoing.on('error', () => {});
    outgoing.write('<rss>');
    await once(server, 'request');
    outgoing.destroy();
    await push(subscribed, 'a');
    expect(counted).toEqual(['news push_read']);
  });

  test('if it is nothing at all, makes the source be polled, at most once a minute', async () => {
    const subscribed = await subscribe(open());
    for (let count = 0; count < 3; count++) await hub.push(subscribed, { signature: null });
    await hub.push(subscribed, {});
    await until(() => counted.length === 4, 'the pings are counted');
    expect(soon).toEqual(['news']);
    clock += MINUTE;
    await hub.push(subscribed, {});
    await until(() => soon.length === 2, 'the source is to be polled again');
    await hub.push(subscribed, { secret: 'guessed' });
    await until(() => counted.at(-1) === 'news push_unsigned', 'the bad ping is counted');
  });

  test('waits in a queue of few; what finds no room makes the source be polled', async () => {
    let free = () => {};
    let reading = 0;
    let most = 0;
    const gate = new Promise<void>((resolve) => {
      free = resolve;
    });
    const deliver = async () => {
      most = Math.max(most, ++reading);
      await gate;
      reading -= 1;
    };
    const subscribed = await subscribe(open({ deliver }));
    for (let count = 0; count < 10; count++)
      expect(await hub.push(subscribed, { body: rss(item(`${count}`)) })).toBe(202);
    await until(() => counted.includes('news push_dropped'), 'one is dropped');
    expect(soon).toEqual(['news']);
    free();
    await until(
      () => counted.filter((each) => each === 'news push_read').length === 9,
      'the others are read',
    );
    expect(most).toBe(1);
  });

  test('any process can take that shares the store, and the one that polls the source sees it', async () => {
    const polling = open();
    const subscribed = await subscribe(polling);
    const other = open();
    expect(answering).toBe(other);
    await push(subscribed, 'a');
    expect(await polling.polled(news, quiet)).toBeGreaterThan(0);
  });
});

describe('the queue', () => {
  test('keeps one source from delaying another', async () => {
    const order: string[] = [];
    let free = () => {};
    const gate = new Promise<void>((resolve) => {
      free = resolve;
    });
    const queue = createDeliveries(() => {});
    const note = (what: string) => async () => void order.push(what);
    queue.add('slow', Buffer.from('x'), () => gate);
    queue.add('slow', Buffer.from('x'), note('slow'));
    queue.add('quick', Buffer.from('x'), note('quick'));
    await until(() => order.length === 1, 'one is read');
    free();
    await until(() => order.length === 2, 'both are read');
    expect(order).toEqual(['quick', 'slow']);
    await queue.close();
  });

  test('takes no more than 32 MiB, and nothing once it is closed', async () => {
    let free = () => {};
    const gate = new Promise<void>((resolve) => {
      free = resolve;
    });
    const queue = createDeliveries(() => {});
    const big = Buffer.alloc(5 * 1024 * 1024);
    const taken = Array.from({ length: 8 }, (_, index) => queue.add(`s${index}`, big, () => gate));
    expect(taken).toEqual([true, true, true, true, true, true, false, false]);
    free();
    await queue.close();
    expect(queue.add('s', big, async () => {})).toBe(false);
  });
});

describe('a source', () => {
  test('whose hub only promised is polled as ever; once it has pushed, twelve times less often', async () => {
    const websub = open();
    const subscribed = await subscribe(websub);
    expect(await websub.polled(news, quiet)).toBe(0);
    await push(subscribed, 'a');
    chance = 0.999;
    const wait = await websub.polled(news, quiet);
    expect(wait / MINUTE).toBeCloseTo(12, 1);
    const slow = await websub.polled({ ...news, every: 10 * MINUTE }, quiet);
    expect(slow / MINUTE).toBeGreaterThan(29);
    expect(slow / MINUTE).toBeLessThanOrEqual(30);
  });

  test('of which a poll finds what should have been pushed is polled as ever, until its hub pushes again', async () => {
    const websub = open();
    const subscribed = await subscribe(websub);
    await push(subscribed, 'a');
    clock += MINUTE;
    expect(await websub.polled(news, { links: found(), new: 1 })).toBe(0);
    clock += MINUTE;
    expect(await websub.polled(news, quiet)).toBe(0);
    await push(subscribed, 'b');
    expect(await websub.polled(news, quiet)).toBeGreaterThan(0);
  });

  test('whose hub has been silent for a day is polled as ever', async () => {
    const websub = open();
    await push(await subscribe(websub), 'a');
    clock += 23 * HOUR;
    expect(await websub.polled(news, quiet)).toBeGreaterThan(0);
    clock += HOUR;
    expect(await websub.polled(news, quiet)).toBe(0);
  });

  test('is polled in time for its lease to be renewed, and as ever when it could not be', async () => {
    hub.manner.lease = 3600;
    const websub = open();
    const subscribed = await subscribe(websub);
    clock += 25 * MINUTE;
    await push(subscribed, 'a');
    expect(await websub.polled(news, quiet)).toBe(5 * MINUTE);
    hub.manner.subscribing = 'silent';
    clock += 36 * MINUTE;
    expect(await websub.polled(news, quiet)).toBe(0);
    expect(posted).toHaveLength(2);
  });
});

describe('when the store is away', () => {
  const away = { source: () => Promise.reject(new Error('away')), saveSource: async () => {} };

  test('a hub is told to come again', async () => {
    const { callback } = await subscribe(open());
    open({ store: away });
    const response = await fetch(callback, { method: 'POST', body: 'x' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('60');
  });

  test('polls go on', async () => {
    expect(await open({ store: away }).polled(news, { links: found(), new: 0 })).toBe(0);
    expect(posted).toEqual([]);
  });
});

test('a hub that calls while we close is told to come again', async () => {
  const websub = open();
  const subscribed = await subscribe(websub);
  await websub.close();
  expect(await hub.push(subscribed, { body: rss(item('a')) })).toBe(503);
});

test('only GET and POST under /websub/ are answered', async () => {
  const { callback } = await subscribe(open());
  expect((await fetch(callback, { method: 'PUT', body: 'x' })).status).toBe(405);
  expect((await fetch(`${publicUrl}/v1/stories`)).status).toBe(418);
  expect((await fetch(`${publicUrl}/websub`)).status).toBe(418);
});

describe('a request to a hub', () => {
  const form = { 'hub.mode': 'subscribe' };
  let requests: HubRequest[] = [];
  afterEach(async () => {
    for (const request of requests) await request.close();
    requests = [];
  });
  function request(more: Partial<Parameters<typeof createHubRequest>[0]> = {}): HubRequest {
    const made = createHubRequest({ allowPrivateNetworks: true, userAgent: 'test', ...more });
    requests.push(made);
    return made;
  }

  test.each(['127.0.0.1', 'localhost', '[::1]', '2130706433'])(
    'never goes to an address that is not public: %s',
    async (host) => {
      const url = new URL(hub.url);
      const address = `http://${host}:${url.port}/`;
      await expect(request({ allowPrivateNetworks: false }).post(address, form)).rejects.toMatchObject({
        reason: 'private_address',
      });
      expect(hub.requests).toEqual([]);
    },
  );

  test('never goes there by a redirect either', async () => {
    const { port } = new URL(hub.url);
    hub.manner.redirect = { status: 307, location: `http://127.0.0.2:${port}/` };
    const isPublic = (address: string) => address === '127.0.0.1';
    await expect(
      request({ allowPrivateNetworks: false, isPublic }).post(hub.url, form),
    ).rejects.toMatchObject({
      reason: 'private_address',
    });
    expect(hub.requests).toEqual([]);
  });

  test.each([301, 302, 307, 308])('is sent again after a redirect: %s', async (status) => {
    hub.manner.redirect = { status, location: '/there' };
    hub.manner.subscribing = 'silent';
    await request().post(hub.url, form);
    expect(hub.requests).toEqual([form]);
  });

  test('follows two redirects and no more', async () => {
    hub.manner.redirect = { status: 307, location: '/' };
    await expect(request().post(hub.url, form)).rejects.toMatchObject({ reason: 'too_many_redirects' });
  });

  test('waits no longer than it is told', async () => {
    hub.manner.subscribing = 'hang';
    await expect(request({ timeout: 100 }).post(hub.url, form)).rejects.toMatchObject({ reason: 'timeout' });
  });

  test('ends with the program', async () => {
    hub.manner.subscribing = 'hang';
    const asking = request();
    const ended = expect(asking.post(hub.url, form)).rejects.toMatchObject({ reason: 'aborted' });
    await hub.asked(1);
    await asking.close();
    await ended;
  });

  test.each(['file:///etc/passwd', 'not an address'])('is made by http alone: %s', async (address) => {
    await expect(request().post(address, form)).rejects.toMatchObject({ reason: 'bad_url' });
  });
});
