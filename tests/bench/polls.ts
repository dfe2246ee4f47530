import { setTimeout as wait } from 'node:timers/promises';
import { releaser } from '../../src/release.ts';
import { startChild } from './child.ts';
import type { FeedsApi } from './feeds-process.ts';
import type { Measure, World } from './measure.ts';
import type { PollsApi, Span } from './polls-process.ts';
import { ratio, shown } from './stats.ts';

/** Items of a document; of a changed one the newest is new. */
const ITEMS = 20;
const UNCHANGED = 95;

/** What it costs to ask ten thousand sources every minute whether they have news. */
export const polls: Measure = async (world) => {
  const { sources, everyMs, rushMs, documents } = world.scale.polls;
  world.say('polls, sustained');
  const sustained = await poll(world, 'sustained', sources, everyMs, UNCHANGED, everyMs);
  world.say('polls, as fast as it can');
  // More than it can do: each source is due again before its turn comes.
  const rush = await poll(world, 'rush', Math.ceil(sources / 10), 50, 100, rushMs);
  world.say('polls, parsing');
  const parsed = await parse(world, documents);
  const rate = (cpuMs: number) => (parsed.items * 1000) / cpuMs;
  return {
    title: 'Polls of sources',
    how: [
      `Ingest in one process on one thread with the embedded store, and a feed server in another, on loopback: ${sources.toLocaleString('en-US')}`,
      `sources, each due every ${everyMs / 1000} s, of which ${UNCHANGED} % answer 304 and the others a document of ${ITEMS} stories, one of them new.`,
      '`late` is how long after its time a poll began. CPU is all that the process spends, DNS and I/O threads included.',
      'An unchanged poll is measured by polling nothing else as fast as one thread can. Documents are read in turns by',
      'three: `parsed` is decode, repair and parse, `read` is all that makes stories of it (parsed, and dates, links,',
      'sanitised HTML, language, identity and topics), and `rss-parser` alone gets the text decoded and does not repair.',
    ].join('\n'),
    columns: ['', ''],
    rows: [
      ['polls a second that were due', shown((sources * 1000) / everyMs)],
      ['polls a second, done', shown((sustained.polls * 1000) / sustained.wallMs)],
      ['of which failed', String(sustained.failed)],
      ['of one core', `${shown((100 * sustained.cpuMs) / sustained.wallMs)} %`],
      ['late, p50, ms', shown(sustained.lateP50)],
      ['late, p99, ms', shown(sustained.lateP99)],
      ['late, most, ms', shown(sustained.lateMost)],
      ['unchanged polls a second, at most', shown((rush.polls * 1000) / rush.wallMs)],
      ['CPU of an unchanged poll, µs', shown((1000 * rush.cpuMs) / rush.polls)],
      ['CPU of an item parsed, µs', shown((1000 * parsed.parsed) / parsed.items)],
      ['items parsed a second', shown(rate(parsed.parsed))],
      ['items a second, rss-parser alone', shown(rate(parsed.bare))],
      ['ratio', ratio(rate(parsed.parsed), rate(parsed.bare))],
      ['CPU of an item read, µs', shown((1000 * parsed.read) / parsed.items)],
      ['items read a second', shown(rate(parsed.read))],
    ],
  };
};

async function poll(
  world: World,
  name: string,
  sources: number,
  everyMs: number,
  unchanged: number,
  forMs: number,
): Promise<Span> {
  const { onRelease, release } = releaser();
  try {
    const feeds = await startChild<FeedsApi>('./feeds-process.ts', [String(ITEMS)], world.signal);
    onRelease(feeds.close);
    await feeds.call('answerUnchanged', unchanged);
    const args = [world.folder(name), await feeds.call('origin'), String(sources), String(everyMs)];
    const ingest = await startChild<PollsApi>('./polls-process.ts', args, world.signal);
    onRelease(ingest.close);
    await ingest.call('start');
    // Loading the records is over, and polls are under way.
    await wait(1500, undefined, { signal: world.signal });
    await ingest.call('begin');
    await wait(forMs, undefined, { signal: world.signal });
    return await ingest.call('end');
  } finally {
    await release();
  }
}

async function parse(world: World, documents: number) {
  const args = [world.folder('parse'), 'http://127.0.0.1', '0', '1000'];
  const ingest = await startChild<PollsApi>('./polls-process.ts', args, world.signal);
  try {
    return await ingest.call('parse', documents, ITEMS);
  } finally {
    await ingest.close();
  }
}
