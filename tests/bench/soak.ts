/**
 * Runs a service under a steady load and says whether anything grows: memory by linear regression after a warm-up of a
 * third of the time, handles, unhandled rejections, and how late the event loop comes round. Every client has to get
 * every story, once and in order.
 *
 *     node --expose-gc --import tsx tests/bench/soak.ts --minutes 30 [--store embedded|redis] [--clients 1000] [--rate 50]
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
      [port, values.clients],
      stopping.signal,
    );
    onRelease(clients.close);
    await service.call('begin', Number(values.rate));
    const samples: ({ at: number } & Awaited<ReturnType<SoakApi['sample']>>)[] = [];
    const began = performance.now();
    for (let n = 1; n <= SAMPLES; n += 1) {
      await wait(Math.max(0, began + (n / SAMPLES) * minutes * 60_000 - performance.now()), undefined, {
        signal: stopping.signal,
      });
      samples.push({ at: performance.now(), ...(await service.call('sample')) });
    }
    const written = await service.call('end');
    await clients.call('whenComplete', written, 1);
    await clients.call('check');

    const steady = samples.slice(SAMPLES / 3);
    const [first, last] = [steady[0], steady.at(-1)];
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
