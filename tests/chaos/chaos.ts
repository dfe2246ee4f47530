import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { parseCursor } from '../../src/core/cursor.ts';
import type { Entry } from '../../src/core/story.ts';
import { startRedis } from '../support/redis-server.ts';
import { gather } from './audience.ts';
import { drawClients } from './clients.ts';
import { createEditor } from './editor.ts';
import { drawFaults, type Fault, type FaultKind } from './faults.ts';
import { FEEDS, openFeedServer } from './feed-server.ts';
import { createNewsroom, type Newsroom, type Told } from './newsroom.ts';
import { createLog, type Judged, judgeLog, judgeView, type Violation } from './oracle.ts';
import { createLives, judgeLives, judgeViewAfterLoss } from './oracle-after-loss.ts';
import { createPublisher } from './publisher.ts';
import { createRandom } from './random.ts';
import { createRecorder, type Recorder, readLog, type Stored } from './recorder.ts';
import type { View } from './view.ts';
import { openWorld } from './world.ts';

export interface ChaosOptions {
  seed: string;
  ms: number;
  clients: number;
  kinds: readonly FaultKind[];
  /** The built program. */
  cli: string;
  /** An empty folder. */
  folder: string;
  /** Ends it at once, without a result. */
  signal: AbortSignal;
  say(line: string): void;
}

export interface Result {
  begun: number;
  violations: Violation[];
  faults: Fault[];
  counts: Record<string, number>;
}

/** Everything that was published is in the log, and everyone has come to its end, within this time of the last fault. */
const SETTLE_MS = 180_000;
const LOOK_MS = 100;

/** One run: the world, what happens to it, and what its clients make of it. */
export async function runChaos(options: ChaosOptions): Promise<Result> {
  const { seed, ms, clients: count, kinds, cli, folder, signal, say } = options;
  const random = createRandom(seed);
  const closers: (() => unknown)[] = [];
  try {
    const feeds = await openFeedServer();
    closers.push(feeds.close);
    const sources = FEEDS.map(({ id, language, urgency }, index) => {
      return { id, language, urgency, url: feeds.addressOf(index), every: '400ms' };
    });
    const world = await openWorld({ random: random.of('world'), folder, cli, sources: { sources } });
    closers.push(world.close);
    signal.throwIfAborted();

    const recorder = createRecorder(world.redisUrl);
    closers.push(recorder.close);
    const newsroom = createNewsroom(random.of('newsroom'));
    const publisher = createPublisher(random.of('desk'), (await world.openPath()).port);
    const editor = createEditor({ random: random.of('editor'), newsroom, feeds, publisher, recorder }, ms);
    const plans = drawClients(random.of('clients'), count, ms);
    const audience = await gather(random.of('audience'), plans, world.openPath);
    closers.push(audience.leave);

    const begun = Date.now();
    const happened: Fault[] = [];
    const over = deadline(ms, signal);
    const giveUp = deadline(ms + SETTLE_MS, signal);
    const working = editor.work(over, giveUp);
    working.catch(() => {});
    const attending = audience.attend(over);
    const suffering = drawFaults(random.of('faults'), ms, kinds).map(async (fault) => {
      await wait(fault.at, undefined, { signal: over }).catch(() => {});
      if (over.aborted) return;
      happened.push(fault);
      if (!(await world.apply(fault, over))) happened.splice(happened.indexOf(fault), 1);
    });
    await Promise.all([attending, ...suffering]);
    signal.throwIfAborted();
    say('the faults are over; waiting until everything has arrived');

    const violations: Violation[] = world.surprises.map((text) => ({ kind: 'wrong', text }));
    const isListed = (story: Told) => feeds.listed(story.feed ?? -1).includes(story);
    const isStored = () => unsettled(newsroom, recorder, isListed).length === 0;
    try {
      await working;
      await until(isStored, giveUp);
    } catch (error) {
      signal.throwIfAborted();
      const open = unsettled(newsroom, recorder, isListed);
      const numbers = open.slice(0, 10).map(({ number }) => `N${number}`);
      violations.push({
        kind: 'log',
        text: `${open.length} stories did not come into the log as they were published: ${numbers.join(' ')} (${(error as Error).message})`,
      });
    }
    const storedAt = Date.now();
    const stored = await readLog(world.redisUrl);
    const { entries } = stored;
    const isThere = (view: View) => hasReached(view, stored);
    await until(() => audience.views.every(isThere), deadline(SETTLE_MS, signal)).catch(() => {});
    signal.throwIfAborted();
    say('comparing');

    const { judged, ofLog } = await judge(stored, world.lives, newsroom, audience.views, isListed);
    const sum = (each: (one: (typeof judged)[number]) => number) =>
      judged.reduce((total, one) => total + each(one), 0);
    const all = [...violations, ...ofLog, ...judged.flatMap((one) => one.violations)];
    const slow = audience.views.flatMap(({ seen }) => seen).filter(({ kind }) => kind === 'slow');
    return {
      begun,
      violations: all,
      faults: happened,
      counts: {
        ...newsroom.counts,
        entries: entries.length,
        views: audience.views.length,
        'deliveries compared': sum(({ deliveries }) => deliveries),
        replaced: sum(({ replaced }) => replaced),
        gaps: sum(({ gaps }) => gaps),
        ...audience.counts,
        'slow notices': slow.length,
        'lost messages': world.lostMessages(),
        'ms to the log': storedAt - begun - ms,
        'ms to everyone': Date.now() - begun - ms,
      },
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** With what is promised when Redis has lost nothing, or with what is promised when it has. */
async function judge(
  stored: Stored,
  folders: readonly string[],
  newsroom: Newsroom,
  views: readonly View[],
  isListed: (story: Told) => boolean,
): Promise<{ judged: Judged[]; ofLog: Violation[] }> {
  if (folders.length === 0) {
    const log = createLog(stored.epochs, stored.entries);
    return { judged: views.map((view) => judgeView(view, log)), ofLog: judgeLog(log, newsroom) };
  }
  const logs: Entry[][] = [];
  for (const folder of folders) {
    const redis = await startRedis('--dir', folder, '--appendfsync', 'no');
    try {
      logs.push((await readLog(redis.url)).entries);
    } finally {
      await redis.close();
    }
  }
  const lives = createLives([...logs, stored.entries]);
  return {
    judged: views.map((view) => judgeViewAfterLoss(view, lives, newsroom, isListed)),
    ofLog: judgeLives(lives, newsroom, isListed),
  };
}

/** What the log does not say yet; of what has left its feed nobody can tell it any more. */
function unsettled(newsroom: Newsroom, recorder: Recorder, isListed: (story: Told) => boolean): Told[] {
  return [...newsroom.stories.values()].filter(
    (story) => recorder.settledSince(story) === undefined && (story.feed === undefined || isListed(story)),
  );
}

function hasReached(view: View, { epochs, entries }: Stored): boolean {
  const cursor = view.cursor();
  if (cursor === undefined) return false;
  const at = parseCursor(cursor);
  return epochs.has(at.epoch) && at.sequence >= entries.length;
}

/** Aborts after so many milliseconds, or with `signal`. */
function deadline(ms: number, signal: AbortSignal): AbortSignal {
  // Not AbortSignal.any of a timeout: Node 20 may forget such a signal before its time has come.
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason ?? new Error(`waited ${ms} ms in vain`));
  const timer = setTimeout(end, ms);
  timer.unref();
  signal.addEventListener('abort', end, { once: true });
  setMaxListeners(0, ending.signal);
  return ending.signal;
}

async function until(check: () => boolean, end: AbortSignal): Promise<void> {
  while (!check()) await wait(LOOK_MS, undefined, { signal: end });
}
