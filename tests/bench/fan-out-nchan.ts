import { setTimeout as wait } from 'node:timers/promises';
import { releaser } from '../../src/release.ts';
import { pin, unpin } from './cores.ts';
import { connect, cost, type Load, perDelivery, SETTLE_MS } from './fan-out-cost.ts';
import { growthRow } from './fan-out-figures.ts';
import { EVERYONE, everyone, plansFor } from './fan-out-plans.ts';
import type { Size } from './fan-out-size.ts';
import { startGateway, startNchan } from './fan-out-targets.ts';
import type { World } from './measure.ts';

/** The gateway and nchan in turns, with a thousand clients of each who get everything: rows of ours to theirs. */
export async function againstNchan(world: World, load: Load, size: Size): Promise<string[][]> {
  world.say(`fan-out, nchan, ${size.clients} clients`);
  const { onRelease, release } = releaser();
  const { clients } = size;
  const figures = { steady: pair(), burst: pair(), saturated: pair() };
  try {
    const gateway = await startGateway(world, 'beside-nchan');
    onRelease(gateway.close);
    const nchan = await startNchan(world);
    onRelease(nchan.close);
    const servers = { ours: gateway, theirs: nchan };
    const plans = plansFor(size, clients, EVERYONE);
    for (const name of ['ours', 'theirs'] as const) {
      await connect(load, name, servers[name], everyone(clients), size);
      await wait(SETTLE_MS);
      await load.call('run', name, plans.steady);
    }
    for (let round = 0; round < size.rounds; round += 1) {
      const order = ['ours', 'theirs'] as const;
      for (const name of round % 2 === 0 ? order : ([...order].reverse() as (keyof typeof servers)[])) {
        const server = servers[name];
        figures.steady[name].push(perDelivery(await cost(load, server, name, plans.steady)));
        figures.burst[name].push(perDelivery(await cost(load, server, name, plans.burst)));
        pin(server.pid, load.pid);
        figures.saturated[name].push(1e6 / perDelivery(await cost(load, server, name, plans.saturated)));
        unpin(server.pid, load.pid);
      }
    }
    for (const name of ['ours', 'theirs']) await load.call('leave', name);
    return [
      growthRow(
        'gateway to nchan: CPU of a delivery, steady, µs',
        figures.steady.ours,
        figures.steady.theirs,
      ),
      growthRow('gateway to nchan: CPU of a delivery, bursts, µs', figures.burst.ours, figures.burst.theirs),
      growthRow(
        'gateway to nchan: deliveries a second of one core, saturated',
        figures.saturated.ours,
        figures.saturated.theirs,
      ),
    ];
  } finally {
    await release();
  }
}

function pair(): Record<'ours' | 'theirs', number[]> {
  return { ours: [], theirs: [] };
}
