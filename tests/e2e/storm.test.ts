import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { connect, type Wire } from '../../src/client/wire.ts';
import { openRedis } from '../../src/store/redis.ts';
import { startBalancer } from '../support/balancer.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProgram } from '../support/program.ts';
import { describeRedis, startRedis } from '../support/redis.ts';
import { draft } from '../support/stories.ts';

/** The run in docs/operations.md has 3,000. */
const CLIENTS = Number(process.env.STORM_CLIENTS ?? 60);
const BACK_WITHIN_MS = 30_000;
/** The clients share a process, and with it what it can read. */
const STORY_EVERY_MS = Math.max(50, CLIENTS / 2);

describeRedis('one of three gateways', () => {
  test.each([
    ['is killed', 'SIGKILL'],
    ['is replaced', 'SIGTERM'],
  ])(
    'that %s is left by its clients for the others, all of them soon, with every story once and in order',
    async (_what, signal) => {
      const redis = await startRedis();
      const folder = temporaryFolder();
      const settings = { REDIS_URL: redis.url, REDIS_PREFIX: 'storm', DRAIN_SECONDS: '2' };
      const gateways = await Promise.all([1, 2, 3].map(() => startProgram('gateway', settings, folder.path)));
      const store = openRedis({
        url: redis.url,
        prefix: 'storm',
        retention: { stories: 100_000, hours: 1 },
      });
      const front = await startBalancer(gateways.map(({ url }) => url));
      const seen: number[][] = [];
      const wires: Wire[] = Array.from({ length: CLIENTS }, () => {
        const wire = connect(front.url);
        const mine: number[] = [];
        seen.push(mine);
        wire.subscribe({ filter: 'politics' }, ({ id }) => mine.push(Number(id.slice('test:'.length))));
        return wire;
      });
      const live = () => wires.filter(({ state }) => state === 'live').length;
      await until(() => live() === CLIENTS, 'all clients to be live', 120_000);

      let written = 0;
      let writing = true;
      const writer = (async () => {
        for (; writing; await wait(STORY_EVERY_MS)) {
          await store.append(draft(String(written + 1)));
          written += 1;
        }
      })();
      await until(() => seen.every(({ length }) => length > 0), 'the first story', 60_000);
      let away = 0;
      let last = 0;
      const began = performance.now();
      for (const wire of wires) {
        wire.on('state', (state) => {
          if (state === 'offline') away += 1;
          if (state === 'live') last = performance.now() - began;
        });
      }
      const [first] = gateways;
      const gone = signal === 'SIGKILL' ? first?.kill() : first?.stop();
      await until(() => away >= CLIENTS / 4, 'its clients to notice', 60_000);
      await gone;
      await until(() => live() === CLIENTS, 'all clients to be back', 120_000);
      if (CLIENTS > 100)
        process.stdout.write(`${away} times away, all ${CLIENTS} back after ${last.toFixed(0)} ms\n`);
      expect(last).toBeLessThan(BACK_WITHIN_MS);
      writing = false;
      await writer;
      await until(() => seen.every((mine) => mine.at(-1) === written), 'the last story', 60_000);
      // A client that was live late has its first story later than the first; from there on there is no hole.
      for (const mine of seen)
        expect(mine).toEqual(Array.from({ length: mine.length }, (_, index) => (mine[0] ?? 0) + index));

      for (const wire of wires) wire.close();
      await front.close();
      await store.close();
      await Promise.all(gateways.map((gateway) => gateway.kill()));
      await redis.close();
      folder.remove();
    },
    180_000,
  );
});
