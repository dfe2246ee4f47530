import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { formatCursor } from '../../src/core/cursor.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Listener, listen } from '../support/listener.ts';
import { type Service, startService } from '../support/service.ts';
import { draft, withdrawal } from '../support/stories.ts';

let service: Service;
let listeners: Listener[];

beforeEach(async () => {
  service = await startService();
  listeners = [];
});

afterEach(async () => {
  for (const listener of listeners) listener.close();
  await service.close();
});

async function connect(options: Parameters<typeof listen>[1] = {}): Promise<Listener> {
  const listener = await listen(service.url, options);
  listeners.push(listener);
  return listener;
}

const append = (id: string, more: Parameters<typeof draft>[1] = {}) => service.store.append(draft(id, more));

describe('a stock Socket.IO client', () => {
  test.each([['websocket'], ['polling']])('gets what it subscribed to, live, over %s', async (transport) => {
    const client = await connect({ transports: [transport] });
    const answer = await client.subscribe(['politics']);
    expect(answer).toMatchObject({ ok: true, id: 'default', gap: false, filter: 'politics' });
    expect(await client.ready()).toMatchObject({ id: 'default', replayed: 0, gap: false });
    await append('a');
    await append('b', { topics: ['sport'] });
    await append('c', { topics: ['politics', 'sport'] });
    await client.received(2);
    expect(client.ids()).toEqual(['a', 'c']);
    expect(client.stories[0]).toEqual(await service.store.story('test:a'));
  });

  test('gets every story without a filter, and changes in place', async () => {
    const client = await connect();
    await client.subscribe({});
    await append('a');
    await append('a', { headline: 'New' });
    await service.store.append(withdrawal('a'));
    const stories = await client.received(3);
    expect(stories.map(({ version, status, change }) => [version, status, change])).toEqual([
      [1, 'usable', 'new'],
      [2, 'usable', 'update'],
      [3, 'canceled', 'cancel'],
    ]);
  });

  test('gets a story of several of its topics and subscriptions once', async () => {
    const client = await connect();
    await client.subscribe({ id: 'one', filter: ['politics', 'sport', 'war-in-ukraine'] });
    await client.subscribe({ id: 'two', filter: 'politics OR lang:en' });
    await append('a', { topics: ['politics', 'sport', 'war-in-ukraine'] });
    await append('end', { topics: ['sport'] });
    await client.received(2);
    expect(client.ids()).toEqual(['a', 'end']);
  });

  test.each([
    ['full', 'compact'],
    ['compact', 'full'],
  ])('gets the full view alone of what it asked for as %s and as %s', async (first, second) => {
    const client = await connect();
    await client.subscribe({ id: 'one', filter: 'politics', view: first });
    await client.subscribe({ id: 'two', filter: 'lang:en', view: second });
    await append('a', { topics: ['politics'], body: '<p>All of it.</p>' });
    await append('end', { topics: ['politics'] });
    const [story] = await client.received(2);
    expect(story).toMatchObject({ id: 'test:a', body: '<p>All of it.</p>' });
    expect(client.ids()).toEqual(['a', 'end']);
  });

  test('gets a withdrawal of what it was sent, even if the story has moved to other topics since', async () => {
    const politics = await connect();
    const weather = await connect();
    await politics.subscribe(['politics']);
    await weather.subscribe(['weather']);
    await append('a', { topics: ['politics'] });
    await append('a', { topics: ['sport'], headline: 'Moved' });
    await service.store.append(withdrawal('a'));
    await append('end', { topics: ['weather'] });
    await politics.received(2);
    await weather.received(1);
    expect(politics.stories.map(({ status }) => status)).toEqual(['usable', 'canceled']);
    expect(weather.ids()).toEqual(['end']);
  });

  test('replays what it missed after a cursor, each story in its newest version, then goes on live', async () => {
    await append('before');
    const { epoch, last } = await service.store.head();
    await append('a');
    await append('b');
    await append('c', { topics: ['sport'] });
    await append('a', { headline: 'A again' });
    const client = await connect();
    const answer = await client.subscribe({
      filter: ['politics'],
      after: formatCursor({ epoch, sequence: last }),
    });
    expect(answer).toMatchObject({ ok: true, gap: false, cursor: formatCursor({ epoch, sequence: last }) });
    const ready = await client.ready();
    expect(ready).toMatchObject({ replayed: 2, gap: false, cursor: formatCursor({ epoch, sequence: 5 }) });
    expect(client.stories.map(({ id, version }) => [id, version])).toEqual([
      ['test:b', 1],
      ['test:a', 2],
    ]);
    await append('d');
    await client.received(3);
    expect(client.ids()).toEqual(['b', 'a', 'd']);
  });

  test('replays the newest n that match, oldest of them first, without the withdrawn', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e'])
      await append(id, { topics: [id === 'd' ? 'sport' : 'politics'] });
    await service.store.append(withdrawal('c'));
    const client = await connect();
    await client.subscribe({ filter: 'politics', last: 2 });
    expect(await client.ready()).toMatchObject({ replayed: 2 });
    expect(client.ids()).toEqual(['b', 'e']);
  });

  test('misses nothing and gets nothing twice while a replay meets what is live', async () => {
    for (let index = 0; index < 500; index += 1) await append(`old${index}`);
    const { epoch } = await service.store.head();
    const clients = await Promise.all(Array.from({ length: 5 }, () => connect()));
    let appending = true;
    const writer = (async () => {
      for (let index = 0; index < 500; index += 1) await append(`new${index}`);
      appending = false;
    })();
    await Promise.all(
      clients.map((client, index) =>
        client.subscribe({ after: formatCursor({ epoch, sequence: index * 90 }) }),
      ),
    );
    expect(appending).toBe(true);
    await writer;
    for (const [index, client] of clients.entries()) {
      const stories = await client.received(1000 - index * 90);
      const sequences = stories.map(({ cursor }) => Number(cursor.split('.')[1]));
      expect(sequences).toEqual(Array.from({ length: 1000 - index * 90 }, (_, at) => index * 90 + at + 1));
    }
  });

  test('replays several subscriptions that come together in one order', async () => {
    for (let index = 0; index < 20; index += 1) {
      await append(`s${index}`, {
        topics: [index % 2 ? 'sport' : 'politics', ...(index % 5 ? [] : ['war-in-ukraine'])],
      });
    }
    const { epoch } = await service.store.head();
    const after = formatCursor({ epoch, sequence: 0 });
    const client = await connect();
    await Promise.all([
      client.subscribe({ id: 'a', filter: ['politics'], after }),
      client.subscribe({ id: 'b', filter: ['sport', 'war-in-ukraine'], after }),
    ]);
    await client.ready(2);
    expect(client.ids()).toEqual(Array.from({ length: 20 }, (_, index) => `s${index}`));
    expect(client.readies.map(({ id, replayed }) => [id, replayed]).sort()).toEqual([
      ['a', 10],
      ['b', 12],
    ]);
  });

  test('is told of a gap when the log no longer reaches back, and gets what there is', async () => {
    const folder = temporaryFolder();
    const store = openEmbedded({ path: folder.path, retention: { stories: 3, hours: 72 } });
    for (const id of ['a', 'b', 'c', 'd', 'e']) await store.append(draft(id));
    const small = await startService({ store });
    const { epoch } = await store.head();
    for (const after of [
      formatCursor({ epoch, sequence: 1 }),
      'anotherepoch.4',
      formatCursor({ epoch, sequence: 77 }),
    ]) {
      const client = await listen(small.url);
      expect(await client.subscribe({ after })).toMatchObject({ ok: true, gap: true });
      expect(await client.ready()).toMatchObject({ gap: true, replayed: 3 });
      expect(client.ids()).toEqual(['c', 'd', 'e']);
      client.close();
    }
    const client = await listen(small.url);
    await client.subscribe({ after: 'anotherepoch.4', last: 1 });
    expect(await client.ready()).toMatchObject({ gap: true, replayed: 1 });
    expect(client.ids()).toEqual(['e']);
    client.close();
    await small.close();
    await store.close();
    folder.remove();
  });

  test('gets the compact view when it asks for it', async () => {
    const client = await connect();
    await client.subscribe({ view: 'compact' });
    await append('a', { body: `<p>${'long '.repeat(1000)}</p>`, description: 'word '.repeat(100) });
    const [story] = await client.received(1);
    expect(Object.keys(story ?? {}).sort()).toEqual(
      [
        'cursor',
        'description',
        'headline',
        'id',
        'language',
        'link',
        'published',
        'source',
        'status',
        'topics',
        'urgency',
        'version',
      ].sort(),
    );
    expect(Buffer.byteLength(JSON.stringify(story))).toBeLessThanOrEqual(1024);
  });

  test('replaces a subscription by one with the same id, and ends one or all', async () => {
    const client = await connect();
    await client.subscribe({ id: 'x', filter: ['politics'] });
    await client.subscribe({ id: 'x', filter: ['sport'] });
    await append('a', { topics: ['politics'] });
    await append('b', { topics: ['sport'] });
    await client.received(1);
    expect(client.ids()).toEqual(['b']);
    await client.subscribe({ id: 'y', filter: ['weather'] });
    expect(await client.socket.emitWithAck('unsubscribe', { id: 'x' })).toEqual({ ok: true });
    await append('c', { topics: ['sport'] });
    await append('d', { topics: ['weather'] });
    await client.received(2);
    expect(client.ids()).toEqual(['b', 'd']);
    expect(
      await (client.socket as never as { emitWithAck(e: string): Promise<unknown> }).emitWithAck(
        'unsubscribe',
      ),
    ).toEqual({ ok: true });
    const marker = await connect();
    await marker.subscribe({});
    await append('e', { topics: ['weather'] });
    await marker.received(1);
    expect(client.ids()).toEqual(['b', 'd']);
  });

  test('is told which topics nobody knows, and takes medtop codes', async () => {
    await append('a', { topics: ['agronews'] });
    const client = await connect();
    expect(await client.subscribe(['politics', 'agronews', 'no-such-topic'])).toMatchObject({
      unknown: ['no-such-topic'],
    });
    expect(await client.subscribe(['medtop:11000000'])).toMatchObject({ ok: true, filter: 'politics' });
    expect(await client.subscribe(['politics'])).not.toHaveProperty('unknown');
  });

  test('shows the totals of opened stories', async () => {
    const client = await connect();
    const totals: Record<string, number>[] = [];
    client.socket.on('views', (views) => totals.push(views));
    await client.subscribe({});
    await append('a');
    await client.received(1);
    client.socket.emit('view', { id: 'test:a' });
    client.socket.emit('view', { id: 'test:a' });
    client.socket.emit('view', { id: 'test:none' });
    await expect(new Promise((resolve) => client.socket.once('views', resolve))).resolves.toEqual({
      'test:a': 2,
    });
  });
});

describe('bad input', () => {
  test.each([
    [{ filter: 'politics AND' }, 'invalid_filter', 'character 13'],
    [{ filter: { any: ['a', { nope: 1 }] } }, 'invalid_filter', 'any[1]'],
    [{ filter: [] }, 'invalid_filter', 'empty list'],
    [['Not A Topic'], 'invalid_filter', 'Not A Topic'],
    [{ after: 'rubbish' }, 'invalid_cursor', 'rubbish'],
    [{ after: 5 }, 'invalid_cursor', 'number'],
    [{ last: -1 }, 'invalid_request', 'last'],
    [{ last: 1e9 }, 'invalid_request', 'last'],
    [{ view: 'huge' }, 'invalid_request', 'view'],
    [{ id: 7 }, 'invalid_request', 'id'],
    [{ surprise: 1 }, 'invalid_request', 'surprise'],
    ['politics', 'invalid_request', 'object'],
    [12, 'invalid_request', 'object'],
  ])('%j is refused with %s', async (request, code, mention) => {
    const client = await connect();
    const answer = await client.subscribe(request);
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(!answer.ok && answer.error.message).toContain(mention);
    await client.subscribe({});
    await append('a');
    await client.received(1);
  });

  test('is survived without an acknowledgement, with none asked for, and with the wrong things in its place', async () => {
    const client = await connect();
    const emit = client.socket.emit.bind(client.socket) as (...args: unknown[]) => void;
    emit('subscribe');
    emit('subscribe', null, null, null);
    emit('subscribe', { id: 'a' }, 'no function');
    emit('unsubscribe', 5, {});
    emit('view', 'x');
    emit('view');
    emit('unknown', {});
    await client.subscribe({ filter: 'politics' });
    await append('a');
    await client.received(1);
  });

  test('of more than 32 subscriptions the 33rd is refused', async () => {
    const client = await connect();
    for (let index = 0; index < 32; index += 1)
      expect(await client.subscribe({ id: `s${index}` })).toMatchObject({ ok: true });
    expect(await client.subscribe({ id: 'more' })).toMatchObject({
      ok: false,
      error: { code: 'too_many_subscriptions' },
    });
    expect(await client.subscribe({ id: 's3', filter: 'sport' })).toMatchObject({ ok: true });
  });
});

describe('a page of another origin', () => {
  test('is not let in, unless it is listed', async () => {
    const open = async (url: string, origin: string) => {
      const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });
      await response.text();
      return response.status;
    };
    expect(await open(service.url, 'https://evil.example')).toBe(403);
    expect(await open(service.url, service.url)).toBe(200);
    const friendly = await startService({ origins: ['https://news.example'] });
    expect(await open(friendly.url, 'https://news.example')).toBe(200);
    await friendly.close();
  });
});

describe('with AUTH=token', () => {
  test('nobody gets in without a token, and its filter holds whatever is asked', async () => {
    const { signToken } = await import('../../src/auth.ts');
    const secret = 'a secret of more than thirty-two characters';
    const guarded = await startService({ auth: { mode: 'token', secret } });
    await expect(listen(guarded.url)).rejects.toMatchObject({ data: { code: 'unauthorized' } });
    await expect(listen(guarded.url, { token: 'rubbish' })).rejects.toMatchObject({
      data: { code: 'unauthorized' },
    });
    const token = await signToken({
      secret,
      subject: 'desk',
      filter: 'politics',
      ttlMs: 60_000,
      now: Date.now(),
    });
    const client = await listen(guarded.url, { token });
    await client.subscribe({});
    await guarded.store.append(draft('a', { topics: ['sport'] }));
    await guarded.store.append(draft('b', { topics: ['politics'] }));
    await client.received(1);
    expect(client.ids()).toEqual(['b']);
    client.close();
    await guarded.close();
  });
});

describe('a client that means harm, or has gone', () => {
  test('may not open a second session on its connection', async () => {
    const open = await fetch(`${service.url}/socket.io/?EIO=4&transport=polling`);
    const { sid } = JSON.parse((await open.text()).slice(1)) as { sid: string };
    const url = `${service.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const body = Array.from({ length: 5_000 }, () => '40').join('\u001e');
    expect(await (await fetch(url, { method: 'POST', body })).text()).toBe('ok');
    await (await fetch(url)).text();
    expect(service.gateway.clients().length).toBeLessThanOrEqual(1);
  });

  test('leaves nothing behind when it goes before its stream has begun', async () => {
    for (let index = 0; index < 20; index += 1) {
      const stopping = new AbortController();
      const response = fetch(`${service.url}/v1/stream`, { signal: stopping.signal }).catch(() => undefined);
      if (index % 2) await response;
      stopping.abort();
    }
    const sockets = connectTcp(Number(new URL(service.url).port), '127.0.0.1');
    sockets.write('GET /v1/stream HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20));
    await until(() => service.gateway.clients().length > 0, 'the first of the pipelined streams');
    sockets.destroy();
    await until(() => service.gateway.clients().length === 0, 'all of them to be gone');
  });

  test('that only asks and never reads is cut off', async () => {
    const client = await connect();
    const { engine } = client.socket.io;
    const raw = (engine as unknown as { transport: { ws: { _socket?: { pause(): void } } } }).transport.ws;
    raw._socket?.pause();
    const long = 'x'.repeat(150);
    for (let index = 0; index < 60_000; index += 1)
      client.socket.emit('subscribe', { [long]: index }, () => {});
    await until(() => service.gateway.clients().length === 0, 'the client to be cut off', 25_000);
  });
});

test('the cursor of a quiet client moves on with the log', async () => {
  const client = await connect();
  await client.subscribe(['weather']);
  await client.ready();
  for (let index = 0; index < 5; index += 1) await append(`s${index}`);
  const { epoch } = await service.store.head();
  await until(
    () => service.gateway.clients()[0]?.cursor() === formatCursor({ epoch, sequence: 5 }),
    'the cursor',
  );
});
