import { releaser } from '../../src/release.ts';
import { now } from './clock.ts';
import type { Measure, World } from './measure.ts';
import { percentile, ratio, shown } from './stats.ts';
import { openBareLmdb, openBareRedis, openEmbeddedWriter, openRedisWriter, type Writer } from './writers.ts';

const STORES = [
  { store: 'embedded', openOurs: openEmbeddedWriter, openBare: openBareLmdb },
  { store: 'Redis', openOurs: openRedisWriter, openBare: openBareRedis },
];
const IN_FLIGHT = [1, 64];
/** How many stories are shown again and again; about what a hundred feeds show. */
const SHOWN = 2_000;

/** How many stories a second a store takes. */
export const appends: Measure = async (world) => {
  const rows: string[][] = [];
  for (const { store, openOurs, openBare } of STORES) {
    world.say(`appends, ${store}`);
    const { onRelease, release } = releaser();
    try {
      const ours = openOurs(world);
      onRelease(ours.close);
      const bare = openBare(world);
      onRelease(bare.close);
      for (const row of await compare(world, ours, bare)) rows.push([store, ...row]);
    } finally {
      await release();
    }
  }
  return {
    title: 'Appends a second',
    how: [
      'One process appends stories of about 1 KB: `1` in flight awaits each before the next, `64` keeps 64 of them',
      'under way. A `new` story is written and announced; a `known` one is found to say nothing new, which is what an',
      'ingestor hears for nearly all that a feed shows. Nobody follows the log. p50 and p99 are milliseconds of one',
      'append, in which with 64 in flight the wait for the others is included.',
      '',
      'The peer is the least that the same database can be asked for, by the same package: one `put` (LMDB) or `XADD`',
      '(Redis) of the same JSON for a new story, one `get` or `HGET` for a known one, without the check, the sequence',
      'and the announcement that make an append. They take turns in the same run. The ratio is store to peer;',
      'above 1 the store is quicker. The Redis has an append-only file that is flushed once a second; bare LMDB',
      'answers when its transaction is committed, and flushes behind it; the embedded store answers when the story is in',
      'its journal, from which LMDB takes many at a time. Neither loses anything when the process is killed.',
    ].join('\n'),
    columns: [
      'store',
      'story',
      'in flight',
      'appends/s',
      'p50',
      'p99',
      'peer/s',
      'peer p50',
      'peer p99',
      'ratio',
    ],
    rows,
  };
};

async function compare(world: World, ours: Writer, bare: Writer): Promise<string[][]> {
  const { rounds, ms } = world.scale.appends;
  const writers = [createActs(ours), createActs(bare)];
  for (const { fill } of writers) await fill();
  const rows: string[][] = [];
  for (const story of ['new', 'known'] as const) {
    for (const inFlight of IN_FLIGHT) {
      const results = writers.map((acts) => ({
        act: acts[story],
        rates: [] as number[],
        times: [] as number[],
      }));
      // One round more than asked for: the first one warms up.
      for (let round = 0; round <= rounds; round += 1) {
        for (const { act, rates, times } of results) {
          world.signal.throwIfAborted();
          const run = await during(ms, inFlight, act);
          if (round === 0) continue;
          rates.push(run.rate);
          for (const time of run.times) times.push(time);
        }
      }
      const cells = results.flatMap(({ rates, times }) =>
        [percentile(rates, 50), percentile(times, 50), percentile(times, 99)].map(shown),
      );
      const [own = 0, peer = 0] = results.map(({ rates }) => percentile(rates, 50));
      rows.push([story, String(inFlight), ...cells, ratio(own, peer)]);
    }
  }
  return rows;
}

type Act = () => Promise<unknown>;

/** What is measured of a writer; a `new` story is one that it has never had. */
function createActs({ add, showAgain }: Writer): { fill(): Promise<void>; new: Act; known: Act } {
  let added = 0;
  let turn = 0;
  const addNext = () => {
    added += 1;
    return add(added);
  };
  return {
    async fill() {
      while (added < SHOWN) await Promise.all(Array.from({ length: 50 }, addNext));
    },
    new: addNext,
    known() {
      turn = (turn % SHOWN) + 1;
      return showAgain(turn);
    },
  };
}

/** Acts for so many milliseconds; `rate` is a second's, `times` are milliseconds. */
async function during(ms: number, inFlight: number, act: Act): Promise<{ rate: number; times: number[] }> {
  const times: number[] = [];
  const start = now();
  async function work(): Promise<void> {
    for (let began = now(); began < start + ms; began = now()) {
      await act();
      times.push(now() - began);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work));
  return { rate: (times.length * 1_000) / (now() - start), times };
}
