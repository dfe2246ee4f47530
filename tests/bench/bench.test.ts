import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/folder.ts';
import { hasRedis } from '../support/redis-server.ts';
import { connectCounting } from './counting-client.ts';
import { comparedRow, growthRow } from './fan-out-figures.ts';
import { hasNchan } from './fan-out-targets.ts';
import { percentile } from './stats.ts';
import { createTally } from './tally.ts';
import { readFrames } from './websocket.ts';

const script = fileURLToPath(new URL('./run.ts', import.meta.url));

/** The first cells of each row of a table. */
function rows(report: string, title: string, cells: number): string[] {
  const table = report.split('\n## ').find((part) => part.startsWith(title)) ?? '';
  const lines = table.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.split(' | ').slice(0, cells).join(' ').replace('| ', ''));
}

(hasRedis ? describe : describe.skip)('a quick run of the bench', () => {
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    folder = temporaryFolder();
  });

  afterEach(() => folder.remove());

  /** Every process of the run has this one's stderr, so that `close` comes when all of them are gone. */
  function start(...args: string[]) {
    const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: folder.path };
    const run = spawn(process.execPath, ['--import', 'tsx', script, '--quick', ...args], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return { run, progress: createInterface({ input: run.stderr }), closed: once(run, 'close') };
  }

  const left = () => readdirSync(folder.path).filter((name) => name.startsWith('newswire-'));

  test('ends well, with every row in its report', async () => {
    const out = join(folder.path, 'report.md');
    const { closed } = start('--out', out);
    expect(await closed).toEqual([0, null]);
    const report = readFileSync(out, 'utf8');
    expect(rows(report, 'From the append of a story', 2)).toEqual([
      'embedded 1',
      'embedded 20',
      'Redis 1',
      'Redis 20',
    ]);
    expect(rows(report, 'Appends a second', 3)).toEqual(
      ['embedded', 'Redis'].flatMap((store) =>
        ['new 1', 'new 64', 'known 1', 'known 64'].map((act) => `${store} ${act}`),
      ),
    );
    expect(rows(report, 'Topics of a story', 1)).toEqual([
      ...Array.from({ length: 4 }, () => 'shipped'),
      ...Array.from({ length: 4 }, () => 'and invented persons'),
    ]);
    const fanOut = rows(report, 'Fan-out', 1);
    expect(fanOut).toHaveLength(hasNchan ? 29 : 26);
    expect(fanOut.filter((row) => row.includes('Redis'))).toHaveLength(6);
    expect(report).not.toMatch(/NaN|undefined/);
    expect(report).not.toContain(tmpdir());
    expect(left()).toEqual([]);
  }, 180_000);

  test('leaves no process and no folder behind when it is stopped half-way', async () => {
    const { run, progress, closed } = start();
    const lines: string[] = [];
    progress.on('line', (line) => {
      lines.push(line);
      if (line.includes('warming up')) run.kill('SIGTERM');
    });
    expect(await closed).toEqual([1, null]);
    expect(lines.at(-1)).toBe('The bench failed: stopped by SIGTERM');
    expect(left()).toEqual([]);
  }, 60_000);
});

describe('the tally of what clients received', () => {
  test('says when the last client had each story', async () => {
    const tally = createTally(2);
    tally.received(0, 1, 10);
    tally.received(0, 2, 11);
    tally.received(1, 1, 12);
    const complete = tally.whenComplete(1, 2, 1_000);
    tally.received(1, 2, 13);
    expect(await complete).toEqual([12, 13]);
    tally.check();
  });

  test.each([
    ['twice', [1, 1]],
    ['out of order', [2, 1]],
    ['with a hole before it', [1, 3]],
  ])('fails the run when a story comes %s', async (_, stories) => {
    const tally = createTally(1);
    for (const story of stories) tally.received(0, story, 0);
    await expect(tally.whenComplete(1, 2, 1_000)).rejects.toThrow(/received story \d after story \d/);
    expect(tally.check).toThrow();
  });

  test('fails the run when a story does not come', async () => {
    const tally = createTally(2);
    tally.received(0, 1, 0);
    await expect(tally.whenComplete(1, 1, 10)).rejects.toThrow('1 of 2 clients still lacked story 1');
  });
});

describe('the client of the bench', () => {
  test.each([1, 2, 3, 64, 130])('reads messages that arrive %s bytes at a time', (size) => {
    const messages = ['2', 'x'.repeat(125), 'é'.repeat(400)];
    const bytes = Buffer.concat(messages.map(serverFrame));
    const read: string[] = [];
    let rest = Buffer.alloc(0);
    for (let at = 0; at < bytes.length; at += size) {
      rest = Buffer.concat([rest, bytes.subarray(at, at + size)]);
      rest = rest.subarray(readFrames(rest, (message) => read.push(message)));
    }
    expect(read).toEqual(messages);
    expect(rest).toHaveLength(0);
  });
});

describe('the client that counts', () => {
  const opened: (() => void)[] = [];

  afterEach(() => {
    for (const close of opened.splice(0).reverse()) close();
  });

  /** Answers the handshakes of Socket.IO and WebSocket, then writes so many bytes at a time. */
  async function count(size: number, messages: string[]): Promise<number[]> {
    const bytes = Buffer.concat(messages.map(serverFrame));
    const server = createServer((socket) => {
      opened.push(() => socket.destroy());
      socket.setNoDelay(true);
      const answers = [
        Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
        serverFrame('40{"sid":"a"}'),
        serverFrame('430[{"ok":true}]'),
      ];
      socket.on('data', async () => {
        socket.write(answers.shift() ?? '');
        if (answers.length === 2) socket.write(serverFrame('0{"sid":"a"}'));
        if (answers.length > 0) return;
        for (let at = 0; at < bytes.length; at += size) {
          await new Promise<unknown>((done) => socket.write(bytes.subarray(at, at + size), done));
          await new Promise(setImmediate);
        }
      });
    });
    server.listen(0, '127.0.0.1');
    opened.push(() => server.close());
    await once(server, 'listening');
    const stories: number[] = [];
    const wanted = messages.filter((message) => message.startsWith('42["story"')).length;
    await new Promise<void>((resolve, reject) => {
      connectCounting({
        port: (server.address() as AddressInfo).port,
        protocol: 'socket.io',
        topics: ['a'],
        story(length) {
          stories.push(length);
          if (stories.length === wanted) resolve();
        },
        lost: () => reject(new Error('lost')),
      }).then((close) => opened.push(close), reject);
    });
    return stories;
  }

  test.each([3, 64, 2_000, 200_000])('counts stories that arrive %s bytes at a time', async (size) => {
    const story = (length: number) => `42["story",{"id":"${'x'.repeat(length)}"}]`;
    const sent = [
      story(20),
      '42["cursor",{"cursor":"a.1"}]',
      story(400),
      `42["views",{"${'y'.repeat(300)}":1}]`,
    ];
    const stories = await count(size, size < 64 ? [...sent, story(1)] : [...sent, story(70_000), story(1)]);
    const empty = story(0).length;
    expect(stories).toEqual([20, 400, ...(size < 64 ? [] : [70_000]), 1].map((length) => empty + length));
  });
});

function serverFrame(message: string): Buffer {
  const length = Buffer.byteLength(message);
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  if (length < 126) head[1] = length;
  else if (length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, Buffer.from(message)]);
}

test('a row of the fan-out shows the median of its rounds, their range and whether the goal is met', () => {
  const figures = { gateway: [8, 6, 9], naive: [10, 10, 10], bare: [8, 8, 9] };
  expect(comparedRow('cost', figures, { atMost: 0.8 })).toEqual([
    'cost',
    '≤ 0.8',
    '0.80 (0.60–0.90)',
    'yes',
    '1.00 (0.75–1.00)',
    '8',
    '10',
    '8',
  ]);
  expect(comparedRow('speed', figures, { atLeast: 0.85 })[3]).toBe('no');
  expect(growthRow('growth', [11, 12], [10, 10], { atMost: 1.1 }).slice(2, 4)).toEqual([
    '1.10 (1.10–1.20)',
    'yes',
  ]);
});

test('a percentile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 50), percentile(values, 99), percentile([7], 99)]).toEqual([50, 99, 7]);
});
