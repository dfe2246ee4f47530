/** The service of a soak, on the store at WHERE (a folder, or a Redis address and a prefix), which writes its own stories. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { openEmbedded } from '../../src/store/embedded.ts';
import { openRedis } from '../../src/store/redis.ts';
import { startService } from '../support/service.ts';
import { serve } from './child.ts';
import { sampleDraft } from './sample.ts';

export type SoakApi = Awaited<ReturnType<typeof open>>['api'];

/** Small enough that a soak of minutes comes to where as much leaves the log as enters it. */
const RETENTION = { stories: 10_000, hours: 1 };
const RETAIN_MS = 10_000;
const TICK_MS = 20;
const RESOLUTION_MS = 10;

async function open() {
  const where = process.argv[2] ?? '';
  const [url, prefix] = where.split(' ');
  const store =
    url && prefix
      ? openRedis({ url, prefix, retention: RETENTION })
      : openEmbedded({ path: where, retention: RETENTION });
  /** How many connections ended, by the reason in their log line. */
  const ends = new Map<string, number>();
  const log = pino(
    { level: 'info' },
    {
      write(line) {
        const { msg, reason } = JSON.parse(line) as { msg: string; reason?: string };
        if (msg === 'client left') ends.set(reason ?? '', (ends.get(reason ?? '') ?? 0) + 1);
      },
    },
  );
  const service = await startService({ store, log });
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const failures: string[] = [];
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (error) => failures.push(`${event}: ${error}`));
  const failed = (error: unknown) => failures.push(`append: ${error}`);
  const retain = setInterval(() => void store.retain().catch(failed), RETAIN_MS);
  let writing: NodeJS.Timeout | undefined;
  let written = 0;

  return {
    api: {
      port: () => Number(new URL(service.url).port),
      begin(perSecond: number) {
        const began = performance.now();
        delay.enable();
        writing = setInterval(() => {
          const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
          for (; written < due; written += 1) store.append(sampleDraft(written + 1)).catch(failed);
        }, TICK_MS);
      },
      end() {
        clearInterval(writing);
        return written;
      },
      /** Since the last time, in milliseconds and bytes. */
      sample() {
        // What is measured is the time from one look at the clock to the next, which are to be so far apart.
        const [p99, max] = [delay.percentile(99) / 1e6 - RESOLUTION_MS, delay.max / 1e6 - RESOLUTION_MS];
        globalThis.gc?.();
        const { rss, heapUsed, external } = process.memoryUsage();
        setImmediate(() => delay.reset());
        return {
          rss,
          heapUsed,
          external,
          p99,
          max,
          handles: process.getActiveResourcesInfo().length,
          clients: service.gateway.clients().length,
          ends: [...ends],
          failures,
        };
      },
    },
    async close() {
      clearInterval(writing);
      clearInterval(retain);
      await service.close();
      await store.close();
    },
  };
}

await serve(open);
