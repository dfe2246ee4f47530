import { setTimeout as wait } from 'node:timers/promises';
import { releaser } from '../../src/release.ts';
import { now } from './clock.ts';
import type { Measure, World } from './measure.ts';
import { percentile, ratio, shown } from './stats.ts';
import { openEmbeddedGateway, openNaive, openRedisGateway, openRedisNaive, type Target } from './targets.ts';

const FAST = 20;
const SLOW = 1;

const STORES = [
  { store: 'embedded', openOurs: openEmbeddedGateway, openPeer: openNaive },
  { store: 'Redis', openOurs: openRedisGateway, openPeer: openRedisNaive },
];

/** How long a story takes from its append to the last of the clients. */
export const delivery: Measure = async (world) => {
  const rows: string[][] = [];
  for (const { store, openOurs, openPeer } of STORES) {
    const { onRelease, release } = releaser();
    try {
      world.say(`delivery, ${store}: connecting twice ${world.scale.clients} clients`);
      const ours = await openOurs(world);
      onRelease(ours.close);
      const peer = await openPeer(world);
      onRelease(peer.close);
      for (const row of await compare(world, store, ours, peer)) rows.push([store, ...row]);
    } finally {
      await release();
    }
  }
  const { clients } = world.scale;
  return {
    title: `From the append of a story to the last of ${shown(clients)} Socket.IO clients`,
    how: [
      'Milliseconds, over stories of about 1 KB of JSON. One process writes the stories, a second is the gateway, a third',
      'is all clients. The time runs from the moment when the writer calls `append` (Redis), or tells',
      'the gateway to, which has the embedded store in its own process, to the moment when the last client has read',
      'the story from its socket: storing, telling the gateway and reading are all in it. Stories are sent on time,',
      'whether or not earlier ones have arrived. All clients subscribe to one topic, over WebSocket without TLS or',
      'compression, on loopback; they read the protocol and check each story, and do no more. Gateway and peer run',
      'from their TypeScript source.',
      '',
      'The peer is a naive Socket.IO server: a room, and `io.emit`. It has no log, so nothing is stored, replayed or',
      'filtered; in the rows of Redis it listens to a channel on which the other process publishes. Gateway and peer',
      'take turns in the same run, with the same clients: half a second apart at 1 a second, in blocks at 20 a second.',
      'The ratio is gateway to peer; below 1 the gateway is quicker. The run fails unless every client gets',
      'every story exactly once and in order. The p99 of fewer than 100 stories is the slowest of them.',
    ].join('\n'),
    columns: [
      'store',
      'stories/s',
      'stories',
      'p50',
      'p99',
      'peer p50',
      'peer p99',
      'ratio p50',
      'ratio p99',
    ],
    rows,
  };
};

async function compare(world: World, store: string, ours: Target, peer: Target): Promise<string[][]> {
  const { warmUp, slow, fast } = world.scale;
  const sendOurs = createSender(ours, world.signal);
  const sendPeer = createSender(peer, world.signal);

  world.say(`delivery, ${store}: warming up`);
  await sendOurs(warmUp, FAST);
  await sendPeer(warmUp, FAST);

  world.say(`delivery, ${store}: ${slow} stories at ${SLOW} a second`);
  const [slowOurs, slowPeer] = await Promise.all([
    sendOurs(slow, SLOW),
    wait(500 / SLOW, undefined, { signal: world.signal }).then(() => sendPeer(slow, SLOW)),
  ]);

  world.say(`delivery, ${store}: ${fast.blocks * fast.stories} stories at ${FAST} a second`);
  const fastOurs: number[] = [];
  const fastPeer: number[] = [];
  for (let block = 0; block < fast.blocks; block += 1) {
    fastOurs.push(...(await sendOurs(fast.stories, FAST)));
    fastPeer.push(...(await sendPeer(fast.stories, FAST)));
  }

  await ours.clients.call('check');
  await peer.clients.call('check');
  return [row(SLOW, slowOurs, slowPeer), row(FAST, fastOurs, fastPeer)];
}

/** Sends so many stories a second and returns the milliseconds that each took, in order. */
function createSender({ publish, clients }: Target, signal: AbortSignal) {
  let next = 1;
  return async (count: number, perSecond: number): Promise<number[]> => {
    const from = next;
    next += count;
    const sent: number[] = [];
    const published: Promise<unknown>[] = [];
    const start = now();
    for (let index = 0; index < count; index += 1) {
      await wait(Math.max(0, start + (index * 1_000) / perSecond - now()), undefined, { signal });
      sent.push(now());
      const publishing = publish(from + index);
      // Failures are told below, or do not matter because the run is being stopped.
      publishing.catch(() => {});
      published.push(publishing);
    }
    await Promise.all(published);
    const received = await clients.call('whenComplete', from, count);
    return received.map((at, index) => at - (sent[index] ?? Number.NaN));
  };
}

function row(perSecond: number, ours: number[], peer: number[]): string[] {
  const [p50, p99] = [percentile(ours, 50), percentile(ours, 99)];
  const [peer50, peer99] = [percentile(peer, 50), percentile(peer, 99)];
  return [
    String(perSecond),
    String(ours.length),
    ...[p50, p99, peer50, peer99].map(shown),
    ratio(p50, peer50),
    ratio(p99, peer99),
  ];
}
