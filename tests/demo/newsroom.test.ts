import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import RssParser from 'rss-parser';
import { type Newsroom, type NewsroomOptions, openNewsroom } from '../../src/demo/newsroom.ts';

const OPENED = Date.UTC(2026, 2, 1, 9, 30);

const opened: Newsroom[] = [];

/** A newsroom that does nothing by itself, and whose clock goes on by four seconds whenever it is asked. */
async function newsroom(options: NewsroomOptions = {}): Promise<Newsroom> {
  let time = OPENED;
  const now = () => {
    time += 4000;
    return time;
  };
  const room = await openNewsroom({ everyMs: 0, seed: 1, now, ...options });
  opened.push(room);
  return room;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((room) => room.close()));
});

function urlOf(room: Newsroom, id: string): string {
  const source = room.sources.sources.find((each) => each.id === id);
  if (!source) throw new Error(`no source ${id}`);
  return source.url;
}

async function textOf(room: Newsroom, id: string): Promise<string> {
  return (await fetch(urlOf(room, id))).text();
}

async function linkIn(room: Newsroom, id: string): Promise<string> {
  const [, link = ''] =
    /<link rel="alternate" href="([^"]*\/stories\/[^"]+)"/.exec(await textOf(room, id)) ?? [];
  return link;
}

describe('the sources of a newsroom', () => {
  test('are six feeds in three languages and three formats, on its own port', async () => {
    const room = await newsroom();
    const { sources, defaults } = room.sources;
    expect(defaults).toEqual({ every: '2s' });
    expect(sources.map(({ id }) => id)).toEqual([
      'dnipro-wire-uk',
      'dnipro-wire-en',
      'dnipro-wire-ru',
      'ledger-and-grain',
      'sioma-versta',
      'stadium-and-stage',
    ]);
    expect(new Set(sources.map(({ language }) => language))).toEqual(new Set(['uk', 'en', 'ru']));
    expect(
      sources.every(({ url, name }) => url.startsWith(`${room.url}/`) && name.includes('(sample)')),
    ).toBe(true);
  });

  test('answer with their type, and with what they hold', async () => {
    const room = await newsroom();
    const types = await Promise.all(
      room.sources.sources.map(async ({ url }) => (await fetch(url)).headers.get('content-type')),
    );
    expect(types).toEqual([
      'application/rss+xml; charset=utf-8',
      'application/rss+xml; charset=utf-8',
      'application/atom+xml; charset=utf-8',
      'application/feed+json; charset=utf-8',
      'application/atom+xml; charset=utf-8',
      'application/rss+xml; charset=utf-8',
    ]);
    const read = await new RssParser().parseString(await textOf(room, 'dnipro-wire-uk'));
    expect(read.items).toHaveLength(8);
  });
});

describe('a poll', () => {
  test('is answered 304 while nothing changed, by ETag and by date, and in full after that', async () => {
    const room = await newsroom();
    const url = urlOf(room, 'dnipro-wire-en');
    const first = await fetch(url);
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    const poll = (headers: Record<string, string>) => fetch(url, { headers });

    const unchanged = await poll({ 'If-None-Match': etag });
    expect([unchanged.status, await unchanged.text(), unchanged.headers.get('etag')]).toEqual([
      304,
      '',
      etag,
    ]);
    expect((await poll({ 'If-None-Match': `"other", W/${etag}` })).status).toBe(304);
    expect((await poll({ 'If-Modified-Since': modified })).status).toBe(304);
    expect((await poll({ 'If-None-Match': '"other"', 'If-Modified-Since': modified })).status).toBe(200);

    while (room.publish().feed !== 'dnipro-wire-en');
    const changed = await poll({ 'If-None-Match': etag, 'If-Modified-Since': modified });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect((await poll({ 'If-Modified-Since': modified })).status).toBe(200);
  });

  test('is given no date when a second saw two changes, which a date could not tell apart', async () => {
    const room = await newsroom({ now: () => OPENED });
    let changes = 0;
    while (changes < 2) if (room.publish().feed === 'dnipro-wire-uk') changes += 1;
    const answer = await fetch(urlOf(room, 'dnipro-wire-uk'));
    expect(answer.headers.get('last-modified')).toBeNull();
    expect(answer.headers.get('etag')).not.toBeNull();
  });

  test('by HEAD has the headers and no body', async () => {
    const room = await newsroom();
    const url = urlOf(room, 'ledger-and-grain');
    const [head, get] = await Promise.all([fetch(url, { method: 'HEAD' }), fetch(url)]);
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const name of ['content-type', 'content-length', 'etag', 'last-modified']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });
});

describe('what readers open', () => {
  test('is a page for every link, with the text of the story and the word that it is a sample', async () => {
    const room = await newsroom();
    const { items } = await new RssParser().parseString(await textOf(room, 'dnipro-wire-uk'));
    for (const { link = '', title = '' } of items) {
      const answer = await fetch(link);
      const page = await answer.text();
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page).toContain(title.replaceAll("'", '&#39;'));
      expect(page).toContain('A sample story');
    }
  });

  test('is gone once the story is withdrawn', async () => {
    const room = await newsroom();
    const guids = new Map<string, string>();
    const remember = async (id: string) => {
      for (const [, guid = '', link = ''] of (await textOf(room, id)).matchAll(
        /<id>([^<]+)<\/id>\n<title>[^<]*<\/title>\n<link rel="alternate" href="([^"]+)"/g,
      )) {
        guids.set(guid, link);
      }
    };
    await Promise.all(['dnipro-wire-ru', 'sioma-versta'].map(remember));
    let event = room.publish();
    while (event.kind !== 'withdrawal') event = room.publish();
    await remember(event.feed);
    const link = guids.get(event.guid) ?? `${room.url}/stories/${event.feed}/${event.guid.split(':').at(-1)}`;
    expect((await fetch(link)).status).toBe(410);
    expect(await textOf(room, event.feed)).toContain(`<at:deleted-entry ref="${event.guid}"`);
  });

  test('is a picture where a story has one, from the same server', async () => {
    const room = await newsroom();
    const [, href = ''] = /<enclosure url="([^"]+)"/.exec(await textOf(room, 'dnipro-wire-uk')) ?? [];
    const answer = await fetch(href);
    expect(href.startsWith(room.url)).toBe(true);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(await answer.text()).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });

  test('is nothing at other addresses, and nothing can be sent', async () => {
    const room = await newsroom();
    const paths = [
      '/nothing',
      '/feeds/',
      '/stories/dnipro-wire-uk/none',
      '/stories/none/none',
      '/images/../etc',
    ];
    const answers = await Promise.all(paths.map((path) => fetch(room.url + path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
    expect((await fetch(`${room.url}/`, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await fetch(`${room.url}/`)).status).toBe(200);
    expect((await fetch(await linkIn(room, 'sioma-versta'))).status).toBe(200);
  });
});

describe('the life of a newsroom', () => {
  test('goes on by its own clock', async () => {
    const room = await newsroom({ everyMs: 5 });
    const before = await textOf(room, 'dnipro-wire-en');
    while ((await textOf(room, 'dnipro-wire-en')) === before);
    expect(await textOf(room, 'dnipro-wire-en')).not.toBe(before);
  });

  test('is the same for the same seed and time', async () => {
    const told = async (seed: number) => {
      const room = await newsroom({ seed });
      for (let step = 0; step < 40; step += 1) room.publish();
      const texts = await Promise.all(room.sources.sources.map(({ id }) => textOf(room, id)));
      return texts.map((text) => text.replaceAll(room.url, 'http://newsroom'));
    };
    expect(await told(4)).toEqual(await told(4));
    expect(await told(4)).not.toEqual(await told(5));
  });

  test('ends with close: the port, and connections that were kept alive', async () => {
    const room = await newsroom();
    const socket = connect(Number(new URL(room.url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: newsroom\r\nConnection: keep-alive\r\n\r\n');
    await once(socket, 'data');
    const ended = once(socket, 'close');
    await Promise.all([room.close(), room.close(), ended]);
    await expect(fetch(room.url)).rejects.toThrow();
  });

  test('leaves nothing behind that would keep a process from ending', async () => {
    const program = `
      import { openNewsroom } from './src/demo/newsroom.ts';
      const room = await openNewsroom({ everyMs: 10 });
      await (await fetch(room.url)).text();
      await room.close();
      process.stdout.write('closed');
    `;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 25_000 });
    expect(stdout).toBe('closed');
  });
});

test('begins with something of every section, whatever the seed', async () => {
  for (let seed = 0; seed < 10; seed += 1) {
    const newsroom = await openNewsroom({ everyMs: 0, seed });
    const documents = await Promise.all(
      newsroom.sources.sources.map(async ({ url }) => (await fetch(url)).text()),
    );
    const all = documents.join('\n');
    for (const words of [
      /Politics|Політика|Политика/,
      /War in Ukraine|Війна в Україні|Война в Украине/,
      /Sport|Спорт/,
    ]) {
      expect(all).toMatch(words);
    }
    await newsroom.close();
  }
});
