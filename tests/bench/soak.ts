/**
 * Runs a service under a steady load and says whether anything grows: memory by linear regression after a warm-up of a
 * third of the time, handles, unhandled rejections, and how late the event loop comes round. Every client has to get
 * every story, once and in order; one that loses its connection, as on a machine so busy that pings go unanswered,
 * resumes and is counted.
 *
 *     npm run soak -- --minutes 30 [--store embedded|redis] [--clients 1000] [--rate 50]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { releaser } from '../../src/release.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startChild } from './child.ts';
import type { ClientsApi } from './clients-process.ts';
import type { RedisApi } from './redis-process.ts';
import type { SoakApi } from './soak-process.ts';
import { slopePerHour } from './stats.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    store: { type: 'string' },
    clients: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '50' },
  },
});
const minutes = Number(values.minutes);
const SAMPLES = 60;
const MB = 2 ** 20;
/** For so long nothing may come while clients still lack something: longer than it takes to notice a lost connection. */
const PATIENCE_MS = 60_000;
const stopping = new AbortController();
const print = (line: string) => process.stdout.write(`${line}\n`);

async function soak(store: string, where: string): Promise<boolean> {
  const { onRelease, release } = releaser();
  try {
    const service = await startChild<SoakApi>('./soak-process.ts', [where], stopping.signal);
    onRelease(service.close);
    const port = String(await service.call('port'));
    const clients = await startChild<ClientsApi>(
      './clients-process.ts',
      [port, values.clients, 'resume'],
      stopping.signal,
    );
    onRelease(clients.close);
    await service.call('begin', Number(values.rate));
    const samples: ({ at: number } & Awaited<ReturnType<SoakApi['sample']>>)[] = [];
    const began = performance.now();
    const every = (minutes * 60_000) / SAMPLES;
    // On a busy machine a sample takes a while, and then there are fewer of them.
    for (
      let at = began + every;
      at <= began + minutes * 60_000 + 1;
      at = Math.max(at + every, performance.now())
    ) {
      await wait(Math.max(0, at - performance.now()), undefined, { signal: stopping.signal });
      samples.push({ at: performance.now(), ...(await service.call('sample')) });
    }
    const written = await service.call('end');
    await clients.call('whenComplete', written, 1, PATIENCE_MS);
    await clients.call('check');

    const steady = samples.slice(Math.floor(samples.length / 3));
    const last = steady.at(-1);
    // Each client has handles: what is compared is two times with as many of them.
    const first = steady.find(({ clients: count }) => count === last?.clients);
    if (!first || !last) return false;
    const slope = (of: 'rss' | 'heapUsed') =>
      (slopePerHour(steady.map((each) => [each.at, each[of]])) / MB).toFixed(1);
    print(
      `${store}: ${written} stories to ${last.clients} clients in ${minutes} minutes, all of them, once, in order`,
    );
    print(
      `  memory: rss ${(last.rss / MB).toFixed(0)} MB, ${slope('rss')} MB/h; heap ${(last.heapUsed / MB).toFixed(0)} MB, ${slope('heapUsed')} MB/h`,
    );
    print(`  handles: ${first.handles} after the warm-up, ${last.handles} at the end`);
    const reasons = last.ends.map(([reason, count]) => `, ${reason}: ${count}`).join('');
    print(`  connections that ended and were resumed: ${await clients.call('reconnections')}${reasons}`);
    print(
      `  event loop: 99 % of the time less than ${Math.max(...steady.map(({ p99 }) => p99)).toFixed(0)} ms late, at most ${Math.max(...steady.map(({ max }) => max)).toFixed(0)} ms`,
    );
    print(`  unhandled rejections, exceptions and failed appends: ${last.failures.length}`);
    for (const failure of last.failures.slice(0, 5)) print(`    ${failure}`);
    return last.failures.length === 0 && last.handles <= first.handles + 5;
  } finally {
    await release();
  }
}

async function run(): Promise<boolean> {
  const { onRelease, release } = releaser();
  try {
    let well = true;
    if (values.store !== 'redis') {
      const folder = temporaryFolder();
      onRelease(async () => folder.remove());
      well = await soak('embedded', folder.path);
    }
    if (values.store !== 'embedded') {
      const redis = await startChild<RedisApi>('./redis-process.ts', [], stopping.signal);
      onRelease(redis.close);
      well = (await soak('Redis', `${await redis.call('url')} soak`)) && well;
    }
    return well;
  } finally {
    await release();
  }
}

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stopping.abort(new Error(`stopped by ${name}`)));
process.exitCode = (await run()) ? 0 : 1;
