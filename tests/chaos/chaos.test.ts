import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { describeRedis } from '../support/redis.ts';

const SECONDS = 20;
/** What a world takes to be opened, to settle and to be compared, on a machine that is busy. */
const LONGEST_MS = 900_000;
const FIXED = ['anchor', 'byline', 'column', 'deadline', 'edition', 'folio', 'galley', 'herald', 'imprint'];
const today = new Date().toISOString().slice(0, 10);

/** Two at a time: a world is six processes, and the machine may have two cores. */
const pairs = [...FIXED, today].flatMap((seed, index, all) =>
  index % 2 === 0 ? [[seed, all[index + 1] ?? seed] as const] : [],
);

describeRedis('whatever fails, everyone sees what was published', () => {
  const running = new Set<ChildProcess>();

  afterEach(async () => {
    // A run ends what it has started before it ends itself.
    await Promise.all(
      [...running].map(async (run) => {
        const gone = once(run, 'exit');
        run.kill('SIGTERM');
        await gone;
      }),
    );
  });

  /** What it said, and its exit code at the end. */
  async function chaos(seed: string): Promise<string> {
    const run = fork(
      fileURLToPath(new URL('./run.ts', import.meta.url)),
      ['--seconds', String(SECONDS), '--seed', seed],
      { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    running.add(run);
    run.once('exit', () => running.delete(run));
    let said = '';
    for (const stream of [run.stdout, run.stderr]) stream?.on('data', (chunk) => (said += chunk));
    const [code] = await once(run, 'close');
    return `${said}exit code ${code}`;
  }

  test.each(pairs)(
    'with the seeds %s and %s',
    async (...seeds) => {
      for (const said of await Promise.all(seeds.map(chaos))) expect(said).toMatch(/exit code 0$/);
    },
    LONGEST_MS,
  );
});
