import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/folder.ts';
import { hasRedis } from '../support/redis-server.ts';
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
    expect(report).not.toMatch(/NaN|undefined/);
    expect(report).not.toContain(tmpdir());
    expect(left()).toEqual([]);
  }, 60_000);

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

function serverFrame(message: string): Buffer {
  const length = Buffer.byteLength(message);
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), Buffer.from(message)]);
}

test('a percentile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 50), percentile(values, 99), percentile([7], 99)]).toEqual([50, 99, 7]);
});
