import type { Party } from './audience.ts';
import type { Child } from './child.ts';
import type { Size } from './fan-out-size.ts';
import { type Server, TOKEN } from './fan-out-targets.ts';
import type { LoadApi, Plan, Run } from './load-process.ts';

export type Load = Child<LoadApi>;

/** So long after the last subscription all that belongs to connecting has been done. */
export const SETTLE_MS = 300;

export function audienceOf({ port, protocol }: Server, parties: Party[], { perSecond }: Size) {
  return { port, protocol, parties, perSecond };
}

export function connect(
  load: Load,
  name: string,
  server: Server,
  parties: Party[],
  size: Size,
): Promise<void> {
  return load.call('connect', name, audienceOf(server, parties, size), { token: TOKEN });
}

export interface Cost {
  cpuUs: number;
  run: Run;
}

export async function cost(load: Load, server: Server, name: string, plan: Plan): Promise<Cost> {
  const before = await server.usage();
  const run = await load.call('run', name, plan);
  const after = await server.usage();
  return { cpuUs: after.cpuUs - before.cpuUs, run };
}

/** µs; `storyUs` is what is left out of each story. */
export function perDelivery({ cpuUs, run }: Cost, storyUs = 0): number {
  return (cpuUs - storyUs * run.stories) / run.deliveries;
}
