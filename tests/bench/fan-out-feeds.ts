import { setTimeout as wait } from 'node:timers/promises';
import { releaser } from '../../src/release.ts';
import { startChild } from './child.ts';
import { connect, type Load } from './fan-out-cost.ts';
import { EVERYONE, everyone } from './fan-out-plans.ts';
import type { Size } from './fan-out-size.ts';
import { type Server, startGateway } from './fan-out-targets.ts';
import type { LargeFeedsApi } from './large-feeds-process.ts';
import type { World } from './measure.ts';

/** How often Node looks at its event loop; a loop that is never late is seen this late. */
export const LOOP_STEP_MS = 50;
const PATIENCE_MS = 60_000;

/** How late the event loop of a whole program is while it reads large feeds and serves a thousand clients. */
export async function besideFeeds(world: World, load: Load, size: Size) {
  const { sources, items, everyMs, forMs, before } = size.feeds;
  world.say('fan-out, beside feeds');
  const { onRelease, release } = releaser();
  const plan = {
    topics: EVERYONE,
    bursts: Math.round((forMs * 20) / 1_000),
    everyMs: 50,
    stories: 1,
    spreadMs: 0,
  };
  try {
    const feeds = await startChild<LargeFeedsApi>('./large-feeds-process.ts', [String(items)], world.signal);
    onRelease(feeds.close);
    const origin = await feeds.call('origin');
    const lines = Array.from(
      { length: sources },
      (_, index) => `  - { id: large-${index}, name: Large, url: "${origin}/${index}", every: ${everyMs}ms }`,
    );
    const server = await startGateway(world, 'feeds', lines);
    onRelease(server.close);
    await connect(load, 'feeds', server, everyone(size.clients), size);
    // Of a first document every story is new; and the thread that reads has to be there, and warm.
    const began = performance.now();
    while ((await feeds.call('served')).requests < sources * before) {
      if (performance.now() - began > PATIENCE_MS) throw new Error('The feeds have not been read in time');
      await wait(everyMs);
    }
    await load.call('run', 'feeds', { ...plan, bursts: Math.ceil(plan.bursts / 4) });
    // Reading it begins a new span.
    await loopP99(server);
    const first = await feeds.call('served');
    const { wallMs } = await load.call('run', 'feeds', plan);
    const p99 = await loopP99(server);
    const last = await feeds.call('served');
    await load.call('leave', 'feeds');
    const requests = last.requests - first.requests;
    return {
      p99,
      perSecond: (requests * 1_000) / wallMs,
      wanted: (sources * 1_000) / everyMs,
      kilobytes: (last.bytes - first.bytes) / 1024 / Math.max(1, requests),
    };
  } finally {
    await release();
  }
}

export async function loopP99(server: Server): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(metrics)?.[1];
  return Math.max(0, Number(seconds) * 1_000 - LOOP_STEP_MS);
}
