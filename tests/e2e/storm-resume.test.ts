import { fork } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { releaser } from '../../src/release.ts';
import { openRedis } from '../../src/store/redis.ts';
import { adopt } from '../bench/child.ts';
import { raiseOpenFiles } from '../bench/machine.ts';
import { usageOf } from '../bench/usage.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProgram } from '../support/program.ts';
import { describeRedis, startRedis } from '../support/redis.ts';
import { draft } from '../support/stories.ts';
import type { StormClientsApi } from './storm-clients.ts';

/** The run in docs/operations.md has 10,000. */
const CLIENTS = Number(process.env.RESUME_CLIENTS ?? 100);
const TOPICS = ['politics', 'sport', 'economy', 'health', 'weather'];
const BEFORE = 50;
/** Five minutes of five stories a second. */
const MISSED = 1_500;
const MEANWHILE = 50;
const PATIENCE_MS = 60_000 + CLIENTS * 30;

const at = (count: number, from: number) => Array.from({ length: count }, (_, n) => from + n);

const { onRelease, release } = releaser();

afterEach(release);

describeRedis('clients that are all cut off at once', () => {
  test(
    'resume after five minutes with all that they missed, once and in order, for two reads of the log at most',
    async () => {
      raiseOpenFiles(CLIENTS + 1_000);
      const redis = await startRedis();
      onRelease(redis.close);
      const folder = temporaryFolder();
      onRelease(async () => folder.remove());
      const settings = { REDIS_URL: redis.url, REDIS_PREFIX: 'resume' };
      const gateway = await startProgram('gateway', settings, folder.path);
      onRelease(gateway.kill);
      const retention = { stories: 100_000, hours: 1 };
      const store = openRedis({ url: redis.url, prefix: 'resume', retention });
      onRelease(store.close);
      const append = async (numbers: number[]) => {
        for (const number of numbers)
          await store.append(draft(String(number), { topics: [TOPICS[number % TOPICS.length] ?? ''] }));
      };
      const gatewayHas = (count: number) =>
        until(
          async () => {
            const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
            return metrics.includes(`\nnewswire_log_applied ${count}\n`);
          },
          `the gateway to have ${count} entries`,
          PATIENCE_MS,
        );
      /** Where each read of the log began: with a story that is missed, or with one that came later. */
      const reads: number[] = [];
      const monitor = connect({ port: Number(new URL(redis.url).port), host: '127.0.0.1' });
      onRelease(async () => void monitor.destroy());
      monitor.write('MONITOR\r\n');
      createInterface({ input: monitor }).on('line', (line) => {
        const from = /"x(?:rev)?range" "[^"]*" "(\d+)-0"/i.exec(line)?.[1];
        if (from !== undefined) reads.push(Number(from));
      });

      const child = fork(
        fileURLToPath(new URL('./storm-clients.ts', import.meta.url)),
        [new URL(gateway.url).port, String(CLIENTS), ...TOPICS],
        {
          execArgv: ['--import', 'tsx'],
          env: { PATH: process.env.PATH },
        },
      );
      const clients = await adopt<StormClientsApi>(child, 'storm-clients.ts', new AbortController().signal);
      onRelease(clients.close);
      await clients.call('enterAll');
      await append(at(BEFORE, 1));
      await clients.call('haveAll', BEFORE);

      await clients.call('cutAll');
      await append(at(MISSED, BEFORE + 1));
      await gatewayHas(BEFORE + MISSED);
      const before = await clients.call('told');
      reads.length = 0;
      const cpu = usageOf(gateway.pid).cpuUs;
      const entered = clients.call('enterAll');
      // Live stories come into the middle of it.
      await append(at(MEANWHILE, BEFORE + MISSED + 1));
      const ms = await entered;
      await clients.call('haveAll', BEFORE + MISSED + MEANWHILE);
      const missed = reads.filter((from) => from <= BEFORE + MISSED).length;
      const told = await clients.call('told');
      if (process.env.RESUME_CLIENTS)
        process.stdout.write(
          `${CLIENTS} clients resumed over ${MISSED} stories: all had everything after ${(ms / 1000).toFixed(1)} s, ` +
            `${told.stories - before.stories} stories, ${told.refusals - before.refusals} times told to come later, ${told.unanswered - before.unanswered} not answered, ${told.interruptions - before.interruptions} interrupted; ${missed} reads of what they missed, ${reads.length - missed} of what came meanwhile; ` +
            `CPU of the gateway ${((usageOf(gateway.pid).cpuUs - cpu) / 1e6).toFixed(1)} s, rss ${(usageOf(gateway.pid).rssBytes / 2 ** 20).toFixed(0)} MB\n`,
        );
      expect(told.faults).toEqual([]);
      expect(missed).toBeLessThanOrEqual(2);
    },
    4 * PATIENCE_MS,
  );
});
