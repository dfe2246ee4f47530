/**
 * `npm run bench`: every measure, then docs/benchmarks.md.
 *
 *   --quick       a run of seconds, to see that it works
 *   --only NAMES  some measures alone, with commas between
 *   --out FILE    writes the report there; a run that is quick or not whole is printed otherwise
 *
 * Every process of a run has the flags of this one, so `node --cpu-prof --import tsx tests/bench/run.ts` profiles each.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { releaser } from '../../src/release.ts';
import { temporaryFolder } from '../support/folder.ts';
import { appends } from './appends.ts';
import { startChild } from './child.ts';
import { delivery } from './delivery.ts';
import { fanOut } from './fan-out.ts';
import { filters } from './filters.ts';
import { machineFacts, openFilesLimit } from './machine.ts';
import { FULL, type Measure, QUICK, type Table, type World } from './measure.ts';
import { polls } from './polls.ts';
import type { RedisApi } from './redis-process.ts';
import { markdown } from './report.ts';
import { topics } from './topics.ts';

const MEASURES: Record<string, Measure> = {
  delivery,
  fanout: fanOut,
  appends,
  polls,
  filters,
  topics,
};
const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
/** What a process of the bench has open beside its connections. */
const OTHER_FILES = 100;

const { quick, only, out } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string' },
  },
}).values;
const scale = quick ? QUICK : FULL;
const stopping = new AbortController();
const { onRelease, release } = releaser();

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function run(): Promise<void> {
  const names = only?.split(',');
  const chosen = Object.entries(MEASURES).filter(([name]) => names?.includes(name) ?? true);
  if (chosen.length < (names?.length ?? 1))
    throw new Error(`--only takes some of ${Object.keys(MEASURES).join(', ')}`);
  const limit = openFilesLimit();
  if (limit < scale.clients + OTHER_FILES) {
    const needed = scale.clients + OTHER_FILES;
    throw new Error(
      `${scale.clients} clients need ${needed} open files a process, and the limit here is ${limit}; raise it with: ulimit -n ${needed}`,
    );
  }
  const machine = machineFacts();
  const folder = temporaryFolder();
  onRelease(async () => folder.remove());
  const redis = await startChild<RedisApi>('./redis-process.ts', [], stopping.signal);
  onRelease(redis.close);
  const world: World = {
    scale,
    redisUrl: await redis.call('url'),
    folder(name) {
      const path = join(folder.path, name);
      mkdirSync(path);
      return path;
    },
    signal: stopping.signal,
    say,
  };
  const tables: Table[] = [];
  for (const [, measure] of chosen) tables.push(await measure(world));
  const options = [quick ? '--quick' : '', only === undefined ? '' : `--only ${only}`].filter(Boolean);
  const command = ['npm run bench', ...(options.length > 0 ? ['--', ...options] : [])].join(' ');
  const report = markdown({ date: new Date(), command, quick, machine, tables });
  if (options.length > 0 && out === undefined) process.stdout.write(report);
  else writeFileSync(out ?? DOCUMENT, report);
}

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stopping.abort(new Error(`stopped by ${name}`)));
}
try {
  await run();
} catch (thrown) {
  const error = stopping.signal.aborted ? stopping.signal.reason : thrown;
  say(`The bench failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await release();
}
