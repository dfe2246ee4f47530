import { setTimeout as wait } from 'node:timers/promises';
import { releaser } from '../../src/release.ts';
import type { Party } from './audience.ts';
import { startChild } from './child.ts';
import { pin, unpin } from './cores.ts';
import { audienceOf, connect, cost, type Load, perDelivery, SETTLE_MS } from './fan-out-cost.ts';
import { deflating } from './fan-out-deflate.ts';
import { besideFeeds, LOOP_STEP_MS, loopP99 } from './fan-out-feeds.ts';
import {
  aloneRow,
  COLUMNS,
  comparedRow,
  growthRow,
  noFigures,
  SERVERS,
  type ServerName,
} from './fan-out-figures.ts';
import { againstNchan } from './fan-out-nchan.ts';
import {
  BURST,
  DESKS,
  DESKS_OF_FILTER,
  desks,
  EVERYONE,
  everyone,
  IN_FLIGHT,
  plansFor,
  STEADY,
} from './fan-out-plans.ts';
import { SIZES, type Size } from './fan-out-size.ts';
import {
  hasNchan,
  type Server,
  startBare,
  startGateway,
  startNaive,
  startProgram,
} from './fan-out-targets.ts';
import type { LoadApi } from './load-process.ts';
import { openFilesLimit, raiseOpenFiles } from './machine.ts';
import type { Measure, World } from './measure.ts';
import { percentile, shown } from './stats.ts';

/** What a process has open beside its connections. */
const OTHER_FILES = 200;

type Servers = Record<ServerName, Server>;

/** What it costs to send a story to everyone who asked for it, against naive Socket.IO and bare ws. */
export const fanOut: Measure = async (world) => {
  const size = SIZES.get(world.scale);
  if (!size) throw new Error('This scale says nothing about fan-out.');
  raiseOpenFiles(size.most + OTHER_FILES);
  const most = Math.min(size.most, openFilesLimit() - OTHER_FILES);
  const { onRelease, release } = releaser();
  try {
    const load = await startChild<LoadApi>('./load-process.ts', [], world.signal);
    onRelease(load.close);
    const few = await withFew(world, load, size);
    const many = await withMany(world, load, size);
    const growth = await growing(world, load, size, most);
    const redis = await throughRedis(world, load, size);
    const loop = await besideFeeds(world, load, size);
    const { plain, deflated, cpuUs } = deflating();
    const nchan = hasNchan ? await againstNchan(world, load, size) : [];
    const [clients, large] = [shown(size.clients), shown(size.many)];
    return {
      title: 'Fan-out: what a delivery costs',
      how: how(size, few, loop),
      columns: COLUMNS,
      rows: [
        comparedRow(`CPU of a delivery, steady, ${clients} clients, µs`, few.steady, { atMost: 0.7 }),
        comparedRow('the same, less that of the story itself, µs', few.steadySent),
        comparedRow(`CPU of a delivery, steady, ${large} clients, µs`, many.steady, { atMost: 0.7 }),
        comparedRow(`steady, ${clients} filters of ${DESKS_OF_FILTER} topics, µs`, few.filters, {
          atMost: 0.75,
        }),
        comparedRow(`CPU of a delivery, ${BURST.stories} stories in ${BURST.spreadMs} ms, µs`, few.burst, {
          atMost: 0.15,
        }),
        comparedRow('the same, less that of the story itself, µs', few.burstSent),
        comparedRow(`in such bursts, ${clients} filters of ${DESKS_OF_FILTER} topics, µs`, few.filtersBurst),
        comparedRow('deliveries a second of one core, saturated', few.saturated, { atLeast: 4 }),
        comparedRow('deliveries a second, saturated', few.throughput),
        comparedRow(`ms to the last of ${large} clients`, many.last, { atMost: 0.8 }),
        comparedRow(`memory of an idle connection, ${large} clients, KB`, many.memory, { atMost: 0.65 }),
        comparedRow('CPU of a connect and its subscription, ms', many.connect, { atMost: 0.8 }),
        comparedRow('CPU of a story that nobody asked for, µs', few.unread),
        growthRow(
          `CPU of a delivery, with ${clients} more clients on other topics`,
          growth.others,
          growth.less,
          { atMost: 1.05 },
        ),
        growthRow(`CPU of a delivery, ${shown(most)} clients to ${clients}`, growth.most, growth.less, {
          atMost: 1.3,
        }),
        ...redis.flatMap(({ perSecond, lastMs }) => [
          aloneRow(`Redis, ${perSecond} a second: ms to the last of ${large}, p50`, percentile(lastMs, 50)),
          aloneRow(`Redis, ${perSecond} a second: ms to the last of ${large}, p99`, percentile(lastMs, 99)),
        ]),
        ...nchan,
        growthRow('bytes of a story deflated, to those it has', [deflated], [plain]),
        aloneRow('CPU of deflating it, once for all clients, µs', cpuUs),
        aloneRow('feeds read a second, of those below', loop.perSecond, { atLeast: 0.95 * loop.wanted }),
        aloneRow('event loop late beside feeds, p99, ms', loop.p99, { atMost: 10 }),
        aloneRow('the same, without the feeds, p99, ms', few.quietLoop),
      ],
    };
  } finally {
    await release();
  }
};

function how(size: Size, few: Few, read: { perSecond: number; kilobytes: number }): string {
  return [
    `Stories of about 1 KB (${shown(few.storyBytes.gateway)} bytes on the wire of the gateway, ${shown(few.storyBytes.naive)} of the naive server),`,
    'handed to each server by `POST /v1/stories`. The gateway is the program itself (`newswire serve`, embedded store),',
    'which checks, tags, stores and then sends; the naive Socket.IO server has rooms, the bare one the `ws` that Engine.IO',
    'is built on and a set of connections for each topic, and neither keeps or checks a story. What a story costs before',
    'anyone is sent it has a row of its own; it is part of all other figures, but where they say that it was taken off. Servers take turns, who begins too; a ratio is',
    `gateway to naive in one round, and what is shown is the median of ${size.rounds} rounds (of ${size.growthRounds} in the rows of growth), with the`,
    'least and the greatest. The other columns are medians.',
    '',
    'CPU is the run time of all threads of the server, read from outside. Steady: as many stories a second as make',
    `${shown(STEADY)} deliveries, all clients on one topic. Filters: each client asks for ${DESKS_OF_FILTER} of ${DESKS} topics, no two for the same`,
    'ones, and each story has two, so that it goes to about the same number of clients, of whom many ask for both; in',
    'naive Socket.IO a client is in five rooms and a story is emitted to two at once, which sends it to no one twice.',
    `Saturated: ${IN_FLIGHT} stories are under way at any time; ${few.pinned ? 'the server is kept on one core and the clients on another' : 'processes could not be kept on cores of their own'};`,
    'deliveries of one core are those for a second of CPU that was spent, whatever else the machine did. The last',
    `client: the median of ${size.singles} single stories. Memory: growth of RSS after a collection. Clients connect at ${size.perSecond} a`,
    'second to all three servers at once, which is less than the gateway lets in.',
    '',
    `Feeds: ${size.feeds.sources} sources in the gateway’s own process, each document of ${shown(read.kilobytes)} KB with one new story, ${shown(read.perSecond)} read a second, while`,
    `${shown(size.clients)} clients are sent ${Math.round(STEADY / 1_000)} stories a second; from the program’s \`nodejs_eventloop_lag_p99_seconds\`, less the ${LOOP_STEP_MS} ms`,
    'between two looks. Clients count stories without parsing them, and their process never waits in the kernel’s poll,',
    'so that no write has to wake it. The run fails unless every delivery comes, and none twice.',
    'Nothing is compressed. Deflated once for all clients a story would be the smaller by what the row says, at next to no CPU;',
    'but every browser offers it whether its reader pays for bytes or not, and ws then keeps a zlib state for each that writes',
    'to it. A phone saves more by asking for the compact view, and a proxy in front can compress for those far away.',
    hasNchan
      ? 'nchan is one process of nginx that sends each story to everyone over WebSocket, and looks at none.'
      : 'nchan was not there: nginx has no module of that name on this machine.',
  ].join('\n');
}

type Few = Awaited<ReturnType<typeof withFew>>;

/** All three with a thousand clients: steady, in bursts, saturated, and with filters. */
async function withFew(world: World, load: Load, size: Size) {
  const { onRelease, release } = releaser();
  const figures = {
    steady: noFigures(),
    steadySent: noFigures(),
    burst: noFigures(),
    burstSent: noFigures(),
    saturated: noFigures(),
    throughput: noFigures(),
    unread: noFigures(),
    filters: noFigures(),
    filtersBurst: noFigures(),
  };
  const storyBytes: Record<ServerName, number> = { gateway: 0, naive: 0, bare: 0 };
  let pinned = true;
  try {
    world.say(`fan-out, ${size.clients} clients`);
    const servers = await startAll(world, 'few', onRelease);
    const { clients } = size;
    const plans = plansFor(size, clients, EVERYONE);

    await connectAll(load, servers, everyone(clients), size);
    for (const name of SERVERS) await load.call('run', name, plans.steady);
    await rounds(size.rounds, async (name) => {
      const server = servers[name];
      const unread = await cost(load, server, name, plans.unread);
      const storyUs = unread.cpuUs / unread.run.stories;
      figures.unread[name].push(storyUs);
      const steady = await cost(load, server, name, plans.steady);
      figures.steady[name].push(perDelivery(steady));
      figures.steadySent[name].push(perDelivery(steady, storyUs));
      storyBytes[name] = steady.run.bytes / steady.run.deliveries;
      const burst = await cost(load, server, name, plans.burst);
      figures.burst[name].push(perDelivery(burst));
      figures.burstSent[name].push(perDelivery(burst, storyUs));
      pinned = pin(server.pid, load.pid) && pinned;
      const saturated = await cost(load, server, name, plans.saturated);
      unpin(server.pid, load.pid);
      figures.saturated[name].push(1e6 / perDelivery(saturated));
      figures.throughput[name].push((saturated.run.deliveries * 1_000) / saturated.run.wallMs);
    });
    await loopP99(servers.gateway);
    await load.call('run', 'gateway', plans.steady);
    const quietLoop = await loopP99(servers.gateway);
    for (const name of SERVERS) await load.call('leave', name);

    world.say(`fan-out, ${size.clients} filters`);
    const { parties, stories } = desks(clients);
    const filterPlans = plansFor(size, clients / 2, stories);
    await connectAll(load, servers, parties, size);
    for (const name of SERVERS) await load.call('run', name, filterPlans.steady);
    await rounds(size.rounds, async (name) => {
      const server = servers[name];
      figures.filters[name].push(perDelivery(await cost(load, server, name, filterPlans.steady)));
      figures.filtersBurst[name].push(perDelivery(await cost(load, server, name, filterPlans.burst)));
    });
    for (const name of SERVERS) await load.call('leave', name);
    return { ...figures, storyBytes, pinned, quietLoop };
  } finally {
    await release();
  }
}

/** All three with five thousand clients, new processes in each round: what connections cost, and the last client. */
async function withMany(world: World, load: Load, size: Size) {
  const figures = { connect: noFigures(), memory: noFigures(), steady: noFigures(), last: noFigures() };
  const plans = plansFor(size, size.many, EVERYONE);
  for (let round = 0; round < size.rounds; round += 1) {
    world.say(`fan-out, ${size.many} clients, round ${round + 1} of ${size.rounds}`);
    const { onRelease, release } = releaser();
    try {
      const servers = await startAll(world, `many-${round}`, onRelease);
      const before = await usages(servers);
      await connectAll(load, servers, everyone(size.many), size);
      const after = await usages(servers);
      for (const name of SERVERS) {
        const grown = after[name].rssBytes - before[name].rssBytes;
        const spent = after[name].connectedCpuUs - before[name].cpuUs;
        figures.memory[name].push(grown / 1024 / size.many);
        figures.connect[name].push(spent / 1_000 / size.many);
      }
      for (const name of SERVERS) await load.call('run', name, plans.warmUp);
      for (const name of turns(round)) {
        figures.steady[name].push(perDelivery(await cost(load, servers[name], name, plans.steady)));
        const { lastMs } = await load.call('run', name, plans.single);
        figures.last[name].push(percentile(lastMs, 50));
      }
      for (const name of SERVERS) await load.call('leave', name);
    } finally {
      await release();
    }
  }
  return figures;
}

/**
 * CPU of a delivery with a thousand clients, with as many more on other topics, which come and go in each round, and of
 * another gateway with the most.
 */
async function growing(world: World, load: Load, size: Size, most: number) {
  const { onRelease, release } = releaser();
  const { clients } = size;
  const figures: Record<'less' | 'others' | 'most', number[]> = { less: [], others: [], most: [] };
  try {
    world.say(`fan-out, ${most} clients`);
    let crowd = load;
    if (most + 2 * clients + OTHER_FILES > openFilesLimit()) {
      crowd = await startChild<LoadApi>('./load-process.ts', [], world.signal);
      onRelease(crowd.close);
    }
    const small = await startGateway(world, 'growth');
    onRelease(small.close);
    const large = await startGateway(world, 'most');
    onRelease(large.close);
    await Promise.all([
      connect(load, 'less', small, everyone(clients), size),
      connect(crowd, 'most', large, everyone(most), size),
    ]);
    const plan = plansFor(size, clients, EVERYONE).steady;
    const plans = {
      less: async () => figures.less.push(perDelivery(await cost(load, small, 'less', plan))),
      others: async () => {
        await connect(load, 'others', small, [{ clients, topics: ['something-else'] }], size);
        await wait(SETTLE_MS);
        figures.others.push(perDelivery(await cost(load, small, 'less', plan)));
        await load.call('leave', 'others');
        await wait(SETTLE_MS);
      },
      most: async () => {
        const mostPlan = plansFor(size, most, EVERYONE).steady;
        figures.most.push(perDelivery(await cost(crowd, large, 'most', mostPlan)));
      },
    };
    await load.call('run', 'less', plan);
    await crowd.call('run', 'most', plansFor(size, most, EVERYONE).warmUp);
    for (let round = 0; round < size.growthRounds; round += 1) {
      const order = [plans.less, plans.others, plans.most];
      for (const measure of round % 2 === 0 ? order : order.reverse()) await measure();
    }
    await load.call('leave', 'less');
    await crowd.call('leave', 'most');
    return figures;
  } finally {
    await release();
  }
}

/** From the append in another process to the last client of a gateway on Redis. */
async function throughRedis(world: World, load: Load, size: Size) {
  world.say(`fan-out, Redis, ${size.many} clients`);
  const prefix = 'fan-out';
  const server = await startProgram(world, 'redis', 'gateway', {
    REDIS_URL: world.redisUrl,
    REDIS_PREFIX: prefix,
  });
  try {
    await load.call('connect', 'redis', audienceOf(server, everyone(size.many), size), {
      redis: { url: world.redisUrl, prefix },
    });
    await load.call('run', 'redis', plansFor(size, size.many, EVERYONE).warmUp);
    const found: { perSecond: number; lastMs: number[] }[] = [];
    for (const [perSecond, bursts] of size.redis) {
      const plan = { topics: EVERYONE, bursts, everyMs: 1_000 / perSecond, stories: 1, spreadMs: 0 };
      found.push({ perSecond, lastMs: (await load.call('run', 'redis', plan)).lastMs });
    }
    await load.call('leave', 'redis');
    return found;
  } finally {
    await server.close();
  }
}

async function startAll(
  world: World,
  name: string,
  onRelease: (close: () => Promise<void>) => void,
): Promise<Servers> {
  const starting = [startGateway(world, name), startNaive(world), startBare(world)] as const;
  const started = await Promise.allSettled(starting);
  for (const each of started) if (each.status === 'fulfilled') onRelease(each.value.close);
  const [gateway, naive, bare] = await Promise.all(starting);
  return { gateway, naive, bare };
}

async function connectAll(load: Load, servers: Servers, parties: Party[], size: Size): Promise<void> {
  await Promise.all(SERVERS.map((name) => connect(load, name, servers[name], parties, size)));
  await wait(SETTLE_MS);
}

/** What each has cost, then what it has in memory when all garbage is gone. */
async function usages(servers: Servers) {
  const entries = await Promise.all(
    SERVERS.map(async (name) => {
      const { cpuUs: connectedCpuUs } = await servers[name].usage();
      await servers[name].collectGarbage();
      await wait(SETTLE_MS);
      return [name, { connectedCpuUs, ...(await servers[name].usage()) }] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<ServerName, (typeof entries)[number][1]>;
}

function turns(round: number): ServerName[] {
  const first = round % SERVERS.length;
  return [...SERVERS.slice(first), ...SERVERS.slice(0, first)];
}

async function rounds(count: number, measure: (name: ServerName) => Promise<void>): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    for (const name of turns(round)) await measure(name);
  }
}
