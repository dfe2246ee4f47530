import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runProgram, startProgram } from '../support/program.ts';

/** One folder has a `topics.yaml`, another a broken one, the third has none. */
const plain = temporaryFolder();
const own = temporaryFolder();
const broken = temporaryFolder();

const OWN = `river-levels:
  parents: [environment]
  names: { en: River levels, uk: Рівень води }
  keywords: { en: [water level*] }

place:kyiv:
  names: { en: Kyiv city, uk: Київ }
`;
const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://news.example/</link>
<item><title>Water levels are falling</title><link>/one</link><category>River levels</category></item></channel></rss>`;
const MEDIA_TOPICS = JSON.stringify({
  dateReleased: '2026-07-02T12:00:00+00:00',
  conceptSet: [
    { qcode: 'medtop:11000000', prefLabel: { 'en-GB': 'politics and government' } },
    {
      qcode: 'medtop:29999999',
      prefLabel: { 'en-GB': 'town twinning', se: 'Vänorter' },
      broader: ['http://cv.iptc.org/newscodes/mediatopic/11000000'],
    },
  ],
});

beforeAll(() => {
  writeFileSync(join(own.path, 'topics.yaml'), OWN);
  writeFileSync(join(own.path, 'feed.xml'), FEED);
  writeFileSync(join(own.path, 'sources.yaml'), 'sources: []');
  writeFileSync(
    join(own.path, 'list.opml'),
    '<opml version="2.0"><body><outline text="River levels"><outline text="A" xmlUrl="https://a.example/rss"/></outline></body></opml>',
  );
  writeFileSync(
    join(broken.path, 'topics.yaml'),
    '# mine\nrivers:\n  names: { en: Rivers }\n  parents: [water]\n',
  );
  writeFileSync(join(broken.path, 'sources.yaml'), 'sources: []');
  writeFileSync(join(plain.path, 'media-topics.json'), MEDIA_TOPICS);
  writeFileSync(join(plain.path, 'good.yaml'), OWN);
  writeFileSync(
    join(plain.path, 'story.txt'),
    'Рустем Умєров готує у Вашингтоні обмін полоненими\n\nСекретар РНБО прибув уранці.\nБільше — згодом.\n',
  );
  mkdirSync(join(plain.path, 'folder.yaml'));
});

afterAll(() => {
  for (const folder of [plain, own, broken]) folder.remove();
});

const run = (args: string[], folder = plain, settings: Record<string, string> = {}) =>
  runProgram(['topics', ...args], settings, folder.path);

describe('newswire topics find', () => {
  test('shows what is known of a topic, the best match first', async () => {
    const { code, stdout } = await run(['find', 'Умєров']);
    expect(code).toBe(0);
    const [first = ''] = stdout.split('\n\n');
    expect(first).toMatch(
      /^person:rustem-umerov {2}Rustem Umerov\n {2}names .*uk Рустем Умєров · ru Рустем Умеров/,
    );
    expect(first).toMatch(/\n {2}aliases .*en Umerov/);
    const war = (await run(['find', 'war', 'in', 'ukraine'])).stdout.split('\n\n')[0];
    expect(war).toMatch(/^war-in-ukraine {2}War in Ukraine\n/);
    expect(war).toMatch(/\n {2}parents +armed-conflict/);
    expect(war).toMatch(/\n {2}children .*prisoner-exchange/);
  });

  test('knows ids and Media Topic codes, and one language alone', async () => {
    expect((await run(['find', 'place:kyiv', '--lang', 'uk'])).stdout).toMatch(
      /^place:kyiv {2}Київ\n {2}names +uk Київ\n/,
    );
    expect((await run(['find', 'medtop:11000000'])).stdout).toMatch(
      /^politics {2}(?:.|\n)*medtop +medtop:11000000/,
    );
  });

  test('says what it does not find, and ends with 1', async () => {
    expect(await run(['find', 'qqqqqq'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'newswire: no topic is called "qqqqqq"\n',
    });
  });
});

describe('newswire topics explain', () => {
  test('prints the topics of a file or a text, each with the words and where they are', async () => {
    const { code, stdout } = await run(['explain', 'story.txt']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^uk: \d+ topics\n/);
    expect(stdout).toMatch(/person:rustem-umerov +Рустем Умєров: name "рустем умєров", in the headline\n/);
    expect(stdout).toMatch(/place:washington-dc +Вашингтон.*: name "вашингтоні", in the headline\n/);
    expect(stdout).toMatch(
      /prisoner-exchange +Обмін полоненими: keyword "обмін полоненими", in the headline\n/,
    );
    expect(stdout).toMatch(/name "рнбо", in the description\n/);
    expect(stdout).toMatch(/conflict +.*: above armed-conflict\n/);
    expect((await run(['explain', 'Zelenskyy', 'is', 'in', 'Kyiv', '--lang', 'en'])).stdout).toMatch(
      /place:kyiv +Kyiv: name "kyiv", in the headline/,
    );
  });

  test('with --json, for programs', async () => {
    const { stdout } = await run(['explain', 'story.txt', '--json']);
    const answer = JSON.parse(stdout) as { topics: string[]; why: { topic: string }[] };
    expect(answer).toMatchObject({
      language: 'uk',
      headline: 'Рустем Умєров готує у Вашингтоні обмін полоненими',
      description: 'Секретар РНБО прибув уранці.',
      body: 'Більше — згодом.',
    });
    expect(answer.topics).toContain('person:rustem-umerov');
    expect(answer.why.map(({ topic }) => topic)).toEqual(answer.topics);
  });

  test('says when there is no evidence of any', async () => {
    expect(await run(['explain', 'It is what it is, and so on', '--lang', 'en'])).toEqual({
      code: 0,
      stdout: 'en: no topics\n',
      stderr: '',
    });
  });
});

describe('newswire topics validate', () => {
  test('says in one line what a good file has', async () => {
    const { code, stdout, stderr } = await run(['validate', 'good.yaml']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^good\.yaml: 1 new and 1 in place of shipped ones; \d+ topics in all: \d+ subjects, \d+ people, \d+ organisations, \d+ places\n$/,
    );
    expect((await run(['validate'])).stdout).toMatch(/^the shipped topics: \d+ topics in all/);
    expect((await run(['validate'], own)).stdout).toMatch(/^topics\.yaml: 1 new/);
  });

  test('says in one line what is wrong, and where, and ends with 1', async () => {
    const cases: [string, string, string][] = [
      ['shape.yaml', 'a:\n  names: { en: A }\n  kind: b\n', 'shape.yaml, line 3: a › kind: '],
      ['broken.yaml', 'a: [\n', 'broken.yaml, line 2: '],
      [
        'doubled.yaml',
        '# x\na:\n  names: { en: Politics }\n',
        'doubled.yaml, line 3: "Politics" already stands for',
      ],
      [
        'circle.yaml',
        'a: { names: { en: Aa }, parents: [b] }\nb: { names: { en: Bb }, parents: [a] }\n',
        'circle.yaml, line 1: ',
      ],
    ];
    for (const [name, text, says] of cases) {
      writeFileSync(join(plain.path, name), text);
      const { code, stdout, stderr } = await run(['validate', name]);
      expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({
        code: 1,
        stdout: '',
        lines: 1,
      });
      expect(stderr).toContain(says);
    }
    for (const name of ['none.yaml', 'folder.yaml']) {
      const { code, stderr } = await run(['validate', name]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`cannot read ${name}`) });
    }
  });
});

describe('newswire topics import', () => {
  test('prints what IPTC has beyond ours, as a file that can be used', async () => {
    const { code, stdout, stderr } = await run(['import', 'media-topics.json']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'newswire: 1 topics; left out 1 that are there and 0 that are retired\n',
    });
    expect(stdout).toBe(
      [
        '# IPTC Media Topic NewsCodes © IPTC, CC BY 4.0, release 2026-07-02; https://iptc.org/newscodes/',
        '',
        'town-twinning:',
        '  medtop: medtop:29999999',
        '  parents:',
        '    - politics',
        '  names:',
        '    en: Town twinning',
        '    sv: Vänorter',
        '',
      ].join('\n'),
    );
    writeFileSync(join(plain.path, 'imported.yaml'), stdout);
    expect(await run(['validate', 'imported.yaml'])).toMatchObject({ code: 0 });
    // What has been imported is there the next time.
    const again = await run(['import', 'media-topics.json'], plain, { TOPICS: 'imported.yaml' });
    expect(again.stderr).toBe('newswire: 0 topics; left out 2 that are there and 0 that are retired\n');
  });

  test('says in one line what cannot be imported, and ends with 1', async () => {
    for (const name of ['good.yaml', 'none.json']) {
      const { code, stdout, stderr } = await run(['import', name]);
      expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({
        code: 1,
        stdout: '',
        lines: 1,
      });
      expect(stderr).toContain(name);
    }
  });
});

test.each([
  [[], 'expected one of find, explain, validate, import'],
  [['list'], 'expected one of find'],
  [['find'], 'topics find: expected words'],
  [['find', 'a', '--lang', 'Ukrainian'], '--lang: "Ukrainian" is not a language tag'],
  [['explain'], 'expected TEXT, FILE or -'],
  [['explain', '-'], 'there is no text to read'],
  [['explain', 'a', '--html'], '--html'],
  [['validate', 'a', 'b'], 'expected one FILE'],
  [['import'], 'expected one FILE.json'],
])('newswire topics %j is refused in one line, with 2', async (args, says) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({
    code: 2,
    stdout: '',
    lines: 1,
  });
  expect(stderr).toContain(says);
});

describe('a topics.yaml in the working folder', () => {
  test('adds topics, and stands in place of those with the same id, in every command', async () => {
    expect((await run(['find', 'river levels'], own)).stdout).toMatch(/^river-levels {2}River levels\n/);
    expect((await run(['find', 'place:kyiv'], own)).stdout).toMatch(/^place:kyiv {2}Kyiv city\n/);
    const checked = await runProgram(['check', 'feed.xml', '--json'], {}, own.path);
    expect(JSON.parse(checked.stdout)).toMatchObject({ topics: ['river-levels', 'environment'] });
    const imported = await runProgram(['sources', 'import', 'list.opml'], {}, own.path);
    expect(imported.stdout).toContain('- river-levels');
  });

  test('is served, and what is stored is tagged by it', async () => {
    const data = join(own.path, 'data');
    const settings = { DATA_DIR: data, PUBLISH_TOKEN: 'a-secret-word' };
    const read = async (url: string) =>
      (
        (await (await fetch(`${url}/v1/stories`)).json()) as {
          stories: { topics: string[]; version: number }[];
        }
      ).stories;
    const elsewhere = join(plain.path, 'none-of-ours.yaml');
    writeFileSync(elsewhere, '# nothing\n');
    const before = await startProgram('serve', { ...settings, TOPICS: elsewhere }, own.path);
    await fetch(`${before.url}/v1/stories`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-secret-word', 'content-type': 'application/json' },
      body: JSON.stringify({ headline: 'The water level is rising', language: 'en' }),
    });
    expect(await read(before.url)).toMatchObject([{ topics: [], version: 1 }]);
    expect(await before.stop()).toBe(0);

    const after = await startProgram('serve', settings, own.path);
    await until(async () => (await read(after.url))[0]?.topics.includes('river-levels'), 'the other topics');
    expect(await read(after.url)).toMatchObject([{ topics: ['river-levels', 'environment'], version: 1 }]);
    const answer = await fetch(`${after.url}/v1/topics/river-levels`);
    expect(await answer.json()).toMatchObject({ name: 'River levels', count: 1, parents: ['environment'] });
    expect(await after.stop()).toBe(0);
  });

  test.each([
    [['serve']],
    [['check', 'x.xml']],
    [['sources', 'import', 'x.opml']],
    [['topics', 'find', 'x']],
    [['topics', 'explain', 'x']],
    [['topics', 'import', 'x.json']],
  ])('that cannot be used ends %j with one line that says where', async (args) => {
    expect(await runProgram(args, {}, broken.path)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'newswire: TOPICS: topics.yaml, line 4: the parent "water" of rivers is no topic\n',
    });
  });

  test('is not needed, but a file that TOPICS names is', async () => {
    const { code, stderr } = await run(['find', 'Kyiv'], plain, { TOPICS: 'none.yaml' });
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toContain('TOPICS: cannot read none.yaml');
  });
});
