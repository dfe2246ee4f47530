import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSources } from '../../src/ingest/sources.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runProgram, startProgram, streamProgram } from '../support/program.ts';
import { type Service, startService } from '../support/service.ts';
import { draft, withdrawal } from '../support/stories.ts';

const folder = temporaryFolder();
const file = (name: string, text: string) => {
  writeFileSync(join(folder.path, name), text);
  return name;
};

afterAll(() => folder.remove());

describe('a setting, file or command that cannot be used', () => {
  file('sources.yaml', 'sources: []');
  file('broken.yaml', 'sources:\n  - id: a\n    url: ftp://x\n');
  const cases: [string[], Record<string, string>, string][] = [
    [[], {}, 'a command is needed'],
    [['sevre'], {}, 'unknown command "sevre"'],
    [['serve', 'now'], {}, 'takes no arguments'],
    [['serve'], { PORT: 'http' }, 'PORT: expected a number (it is "http")'],
    [['serve'], { PORT: '99999' }, 'PORT'],
    [['serve'], { AUTH: 'maybe' }, 'AUTH: expected open or token'],
    [['serve'], { AUTH: 'token' }, 'AUTH: token needs AUTH_SECRET or AUTH_JWKS_URL'],
    [['serve'], { AUTH_SECRET: 'short-one' }, 'AUTH_SECRET: expected at least 16 characters'],
    [['serve'], { REDIS_URL: 'http://x' }, 'REDIS_URL: expected redis://'],
    [['serve'], { REDIS_URL: 'redis+sentinel://x' }, 'REDIS_URL: redis+sentinel:// needs the name'],
    [['serve'], { REDIS_PREFIX: 'a{b}' }, 'REDIS_PREFIX'],
    [['serve'], { RETENTION_STORIES: '0' }, 'RETENTION_STORIES'],
    [['serve'], { ORIGINS: 'everyone' }, 'ORIGINS'],
    [['serve'], { LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [['serve'], { SOURCES: 'none.yaml' }, 'SOURCES: cannot read none.yaml'],
    [
      ['serve'],
      { SOURCES: 'broken.yaml' },
      'SOURCES: broken.yaml: sources[0] (a): url must be http or https',
    ],
    [['ingest'], {}, 'REDIS_URL: newswire ingest needs it'],
    [['gateway'], {}, 'REDIS_URL: newswire gateway needs it'],
    [['tail', '--nope'], {}, '--nope'],
    [['tail', '--filter', 'a AND'], {}, '--filter: Filter, at character 6'],
    [['tail', '--after', 'x'], {}, '--after'],
    [['tail', '--url', 'x'], {}, '--url'],
    [['check'], {}, 'expected one URL or FILE'],
    [['sources'], {}, 'expected import FILE.opml'],
    [['sources', 'import'], {}, 'expected import FILE.opml'],
    [['token'], {}, '--sub'],
    [['token', '--sub', 'a'], {}, 'AUTH_SECRET'],
    [['token', '--sub', 'a', '--ttl', 'soon'], { AUTH_SECRET: 'x'.repeat(32) }, '--ttl'],
    [['token', '--sub', 'a', '--filter', '('], { AUTH_SECRET: 'x'.repeat(32) }, '--filter'],
  ];
  test.each(cases)('%j with %j', async (args, settings, message) => {
    const { code, stdout, stderr } = await runProgram(args, settings, folder.path);
    expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({
      code: 2,
      stdout: '',
      lines: 1,
    });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('short-one');
  });

  test('a port that is taken is named too', async () => {
    const first = await startProgram('serve', { DATA_DIR: join(folder.path, 'a') }, folder.path);
    const port = new URL(first.url).port;
    const second = await runProgram(['serve'], { PORT: port, DATA_DIR: join(folder.path, 'b') }, folder.path);
    expect(second).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`PORT: cannot listen on 127.0.0.1:${port}`),
    });
    expect(await first.stop()).toBe(0);
  });
});

test('help and version are there', async () => {
  expect(await runProgram(['--help'], {}, folder.path)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('newswire tail'),
  });
  expect(await runProgram(['--version'], {}, folder.path)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test('settings are read from .env, and the environment counts before it', async () => {
  const own = temporaryFolder();
  writeFileSync(join(own.path, '.env'), 'PORT=wrong\nSOURCES=from-env-file.yaml\n');
  expect((await runProgram(['serve'], {}, own.path)).stderr).toContain(
    'SOURCES: cannot read from-env-file.yaml',
  );
  own.remove();
});

describe('newswire demo', () => {
  test('serves the sample newsroom within 10 s of its start, in three languages, and goes on', async () => {
    const demo = await startProgram('demo', {}, folder.path);
    const read = async () =>
      (
        (await (await fetch(`${demo.url}/v1/stories?limit=500`)).json()) as {
          stories: { id: string; language: string; topics: string[] }[];
        }
      ).stories;
    const stories = await until(
      async () => ((await read()).length >= 40 ? read() : undefined),
      'the backlog of the newsroom',
      10_000,
    );
    expect(new Set(stories.map(({ language }) => language))).toEqual(new Set(['uk', 'en', 'ru']));
    expect(stories.some(({ topics }) => topics.includes('politics'))).toBe(true);
    const page = await fetch(demo.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<script');
    const tail = streamProgram(['tail', '--url', demo.url, '--json'], {}, folder.path);
    await until(() => tail.lines.length >= 1, 'a new story', 20_000);
    expect(JSON.parse(tail.lines[0] ?? '')).toMatchObject({
      id: expect.any(String),
      cursor: expect.any(String),
    });
    expect(await tail.stop()).toBe(0);
    expect(await demo.stop()).toBe(0);
    expect(demo.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  }, 60_000);
});

describe('newswire tail', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test('shows what was asked for, changes and withdrawals marked', async () => {
    await service.store.append(draft('old', { headline: 'An old one' }));
    const tail = streamProgram(
      ['tail', '--url', service.url, '--topics', 'politics,sport', '--last', '5'],
      {},
      folder.path,
    );
    await until(() => tail.lines.length === 1, 'the replay');
    await service.store.append(draft('a', { headline: 'Red\u001b[31m alert' }));
    await service.store.append(draft('b', { topics: ['weather'] }));
    await service.store.append(draft('a', { headline: 'Alert over' }));
    await service.store.append(withdrawal('a'));
    await until(() => tail.lines.length === 4, 'the live stories');
    expect(tail.lines.map((line) => line.slice(10))).toEqual([
      'test  An old one  #politics',
      'test  Red [31m alert  #politics',
      'test  [update] Alert over  #politics',
      'test  [withdrawn] Alert over  #politics',
    ]);
    expect(await tail.stop()).toBe(0);
  });

  test('goes on after a cursor', async () => {
    const { epoch, last } = await service.store.head();
    await service.store.append(draft('next', { topics: ['weather'] }));
    const tail = streamProgram(
      ['tail', '--url', service.url, '--after', `${epoch}.${last}`, '--json'],
      {},
      folder.path,
    );
    await until(() => tail.lines.length === 1, 'the story');
    expect(JSON.parse(tail.lines[0] ?? '')).toMatchObject({ id: 'test:next' });
    await tail.stop();
  });
});

describe('newswire check', () => {
  const feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://news.example/</link>
    <item><title>One &amp; only</title><link>/one?utm_source=x</link><guid isPermaLink="false">1</guid><category>Politics</category>
    <pubDate>Mon, 02 Feb 2026 10:00:00 +0200</pubDate></item></channel></rss>`;

  test('prints the stories of a file, one a line, and stores nothing', async () => {
    const before = readdirSync(folder.path).length;
    file('feed.xml', feed);
    const { code, stdout } = await runProgram(['check', 'feed.xml', '--json'], {}, folder.path);
    expect(code).toBe(0);
    const stories = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(stories).toEqual([
      expect.objectContaining({
        headline: 'One & only',
        link: 'https://news.example/one',
        published: '2026-02-02T08:00:00.000Z',
        sections: ['Politics'],
        topics: ['politics'],
        altIds: [{ role: 'guid', value: '1' }],
        status: 'usable',
        version: 1,
      }),
    ]);
    expect(readdirSync(folder.path)).toHaveLength(before + 1);
    expect(existsSync(join(folder.path, 'data'))).toBe(false);
    expect((await runProgram(['check', 'feed.xml'], {}, folder.path)).stdout).toContain('One & only');
  });

  test('says in one line what is no feed, and ends with 1', async () => {
    file('page.html', '<!doctype html><html><body>Hello</body></html>');
    for (const place of ['page.html', 'absent.xml', '.', 'http://127.0.0.1:9/feed']) {
      const { code, stdout, stderr } = await runProgram(['check', place, '--json'], {}, folder.path);
      expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({
        code: 1,
        stdout: '',
        lines: 1,
      });
      expect(stderr).toContain(place);
    }
  });
});

test('newswire sources import prints the feeds of an OPML list as a sources file', async () => {
  const outline =
    '<outline text="Sport"><outline text="Goals" xmlUrl="https://goals.example/rss"/></outline>';
  file('list.opml', `<opml version="2.0"><body>${outline}</body></opml>`);
  const { code, stdout } = await runProgram(['sources', 'import', 'list.opml'], {}, folder.path);
  expect(code).toBe(0);
  expect(parseSources(stdout, 'list')).toMatchObject([
    { id: 'goals', name: 'Goals', url: 'https://goals.example/rss', topics: ['sport'] },
  ]);
  for (const name of ['sources.yaml', 'none.opml']) {
    const refused = await runProgram(['sources', 'import', name], {}, folder.path);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
  }
});

test('newswire token signs what a service with the same secret takes', async () => {
  const secret = 'a secret of more than thirty-two characters';
  const { code, stdout } = await runProgram(
    ['token', '--sub', 'desk', '--filter', 'politics'],
    { AUTH_SECRET: secret },
    folder.path,
  );
  expect(code).toBe(0);
  const guarded = await startService({ auth: { mode: 'token', secret } });
  await guarded.store.append(draft('a', { topics: ['sport'] }));
  await guarded.store.append(draft('b'));
  const response = await fetch(`${guarded.url}/v1/stories`, {
    headers: { authorization: `Bearer ${stdout.trim()}` },
  });
  expect(((await response.json()) as { stories: { id: string }[] }).stories.map(({ id }) => id)).toEqual([
    'test:b',
  ]);
  await guarded.close();
});
