import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { type Position, parseCursor } from '../../src/core/cursor.ts';
import { parseFilter } from '../../src/core/filter.ts';
import type { Entry } from '../../src/core/story.ts';
import { createFanOut } from '../../src/gateway/fan-out.ts';
import { createFrame, type Frame } from '../../src/gateway/frame.ts';
import { createWaiting } from '../../src/gateway/outbox.ts';
import { createSession, type Sink, type Subscription } from '../../src/gateway/session.ts';
import { createTopicIndex } from '../../src/gateway/topic-index.ts';
import { openWire } from '../../src/gateway/wire.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createFollow, type Follow } from '../../src/store/follow.ts';
import { createModelClient } from './model-client.ts';
import { createModelLog, type Version } from './model-log.ts';

/** A quick run, always the same; set INTERLEAVINGS for more, and others each time. */
const INTERLEAVINGS = Number(process.env.INTERLEAVINGS ?? 2_000);
const SEED = process.env.INTERLEAVINGS ? {} : { seed: 20_261_122 };
const FILTERS = [undefined, 'politics', 'sport', 'politics OR sport', 'NOT sport'];
const PAGE = 3;
/** What is in memory is always more than a log loses at once, as it is outside of this model. */
const RECENT = 8;
const NEVER_MS = 2 ** 30;
const metrics = createMetrics();
const log = pino({ level: 'silent' });

type Step =
  | { do: 'append'; story: number; topics: string[]; announced: boolean }
  | { do: 'withdraw'; story: number; announced: boolean }
  | { do: 'lose'; count: number; forGood: boolean }
  | { do: 'empty' }
  | { do: 'hand in again' }
  | { do: 'trim'; count: number }
  | { do: 'look' }
  | {
      do: 'subscribe';
      id: string;
      filter: number;
      back: number | undefined;
      lives: number;
      last: number | undefined;
    }
  | { do: 'unsubscribe'; id: string }
  | { do: 'stall' }
  | { do: 'beacon' }
  | { do: 'pause' };

const story = fc.nat({ max: 7 });
const id = fc.constantFrom('a', 'b', 'c');
const announced = fc.integer({ min: 0, max: 9 }).map((n) => n > 0);
const optional = (of: fc.Arbitrary<number>) => fc.option(of, { nil: undefined });

function steps(does: Step['do'], rest: object): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant(does), ...rest }) as fc.Arbitrary<Step>;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: steps('append', { story, topics: fc.subarray(['politics', 'sport']), announced }),
  },
  { weight: 2, arbitrary: steps('withdraw', { story, announced }) },
  { weight: 1, arbitrary: steps('lose', { count: fc.nat({ max: 3 }), forGood: fc.boolean() }) },
  { weight: 1, arbitrary: fc.nat({ max: 3 }).map((n): Step => ({ do: n === 0 ? 'empty' : 'look' })) },
  { weight: 2, arbitrary: steps('hand in again', {}) },
  { weight: 1, arbitrary: steps('trim', { count: fc.nat({ max: 6 }) }) },
  {
    weight: 6,
    arbitrary: steps('subscribe', {
      id,
      filter: fc.nat({ max: FILTERS.length - 1 }),
      back: optional(fc.nat({ max: 20 })),
      lives: fc.nat({ max: 1 }),
      last: optional(fc.nat({ max: 5 })),
    }),
  },
  { weight: 1, arbitrary: steps('unsubscribe', { id }) },
  { weight: 2, arbitrary: steps('stall', {}) },
  { weight: 2, arbitrary: steps('beacon', {}) },
  { weight: 9, arbitrary: steps('pause', {}) },
);

const settle = () => new Promise(setImmediate);

/** A gateway with one client on a log whose every answer and announcement comes when the scheduler lets it. */
async function world(scheduler: fc.Scheduler, earlier: number) {
  const model = createModelLog();
  const client = createModelClient(model);
  let turn = 0;
  let asked = 0;
  let isScheduled = false;
  let follow: Follow | undefined;
  /** What the log has lost, and those who handed it in hand in again. */
  let again: Version[] = [];

  /** Answers what was so when it was asked, or what is so when the answer comes. */
  async function ask<T>(read: () => T, what: string): Promise<T> {
    if (!isScheduled) return read();
    asked += 1;
    const early = asked % 2 === 0 ? [read()] : undefined;
    await scheduler.schedule(Promise.resolve(), what);
    return early ? (early[0] as T) : read();
  }

  function append(version: Version, isAnnounced = true): void {
    const entry = model.append(version);
    if (!entry || !isAnnounced || !follow) return;
    const epoch = model.epoch();
    void scheduler
      .schedule(Promise.resolve(), `hint ${entry.sequence}`)
      .then(() => follow?.hint(epoch, entry));
  }

  /** The older text of a story never follows a newer one. */
  function handIn(version: Version, isAnnounced: boolean): void {
    for (const each of again) if (each.id === version.id) append(each);
    again = again.filter((each) => each.id !== version.id);
    append(version, isAnnounced);
  }

  for (let n = 0; n < earlier; n += 1)
    append({ id: `test:${n % 8}`, text: `early ${n}`, topics: n % 3 ? ['sport'] : ['politics'] });

  let backlog = 0;
  const made = new WeakMap<Frame, number>();
  const waiting = createWaiting(({ frames }) => {
    for (const { frame } of frames) {
      const { cursor } = JSON.parse(frame.packet('full').slice(1))[1] as { cursor: string };
      client.story(frame.entry, parseCursor(cursor), made.get(frame) ?? turn);
    }
  });
  const sink: Sink = {
    ...waiting,
    id: 'client',
    ready({ id: name, cursor, gap }) {
      waiting.flush();
      client.ready(name, parseCursor(cursor), gap);
    },
    cursor({ cursor }) {
      waiting.flush();
      client.beacon(parseCursor(cursor));
    },
    views() {},
    notice: () => waiting.flush(),
    backlog: () => backlog,
    drained: () =>
      scheduler.schedule(Promise.resolve(), 'drained').then(() => {
        backlog = 0;
      }),
    close() {},
  };

  const fanOut = createFanOut<Subscription>();
  const closing = new AbortController();
  const topicIndex = createTopicIndex({ read: async (range) => model.read(range) });
  const index = () => void topicIndex.fill(wire.position().sequence, closing.signal);

  /** As the gateway does it: everything in one turn. */
  function dispatch(entry: Entry): void {
    topicIndex.add(entry);
    const frame = createFrame(entry, wire.position().epoch);
    const lost = wire.losses.placesOf(entry);
    const wanted = [...fanOut.match(entry)].filter((each) => session.isLive() && !each.had(lost));
    if (wanted.length === 0) return;
    made.set(frame, turn);
    if (sink.backlog() > 256 * 1024) session.fallBehind(entry);
    // A lone story leaves at once; others wait for the window to end, whenever that is.
    else if (entry.sequence % 4 === 1) sink.story(frame, 'full');
    else if (sink.later(frame, 'full')) void scheduler.schedule(Promise.resolve(), 'window').then(sink.flush);
  }

  const wire = openWire({
    store: {
      head: () => ask(model.head, 'head'),
      read: (range) => ask(() => model.read(range), 'read'),
      readAt: (sequences) => ask(() => model.readAt(sequences), 'readAt'),
      async follow(after, follower) {
        const entriesAfter = (sequence: number, limit: number) =>
          ask(() => model.read({ after: sequence, limit: Math.min(limit, PAGE) }), 'follow');
        follow = createFollow(
          { head: () => ask(model.head, 'head'), entriesAfter },
          after,
          follower,
          NEVER_MS,
        );
        return follow;
      },
    },
    events: {
      entry: dispatch,
      reset(at, past) {
        topicIndex.clear();
        index();
        session.reset(at, past);
      },
      renewed(at, past) {
        topicIndex.clear();
        index();
        session.renewed(at, past);
      },
      link() {},
      noted() {},
    },
    metrics,
    log,
    recent: RECENT,
  });
  const session = createSession({ sink, wire, fanOut, places: topicIndex.places, metrics, log, page: PAGE });
  await wire.begun;
  index();
  await settle();
  isScheduled = true;

  const told: Promise<unknown>[] = [];
  let texts = 0;

  function subscribe({ id: name, filter, back, lives, last }: Extract<Step, { do: 'subscribe' }>): void {
    const life = Math.max(0, model.life() - lives);
    const sequence = Math.max(0, model.entries().length - (back ?? 0));
    const after = back === undefined ? undefined : `${model.epoch(life)}.${sequence}`;
    const expr = parseFilter(FILTERS[filter]);
    told.push(
      session.subscribe({ id: name, expr, view: 'full', after, last }).then(({ cursor, gap }) => {
        client.ended(name, turn);
        turn += 1;
        const newest = after === undefined || gap ? last : undefined;
        const start: Position = parseCursor(cursor);
        client.subscribed(name, expr, start, gap, newest, wire.position().sequence, turn);
      }),
    );
  }

  async function take(each: Step): Promise<void> {
    turn += 1;
    switch (each.do) {
      case 'append':
        texts += 1;
        handIn({ id: `test:${each.story}`, text: `text ${texts}`, topics: each.topics }, each.announced);
        break;
      case 'withdraw':
        handIn({ id: `test:${each.story}`, text: '' }, each.announced);
        break;
      case 'lose': {
        // This process has in memory what is lost, however often it was before it noticed.
        const most = Math.max(0, model.entries().length - Math.max(0, wire.position().sequence - RECENT / 2));
        const gone = model.lose(Math.min(each.count, most));
        if (!each.forGood) again.unshift(...gone);
        client.lost();
        break;
      }
      case 'empty':
        again.unshift(...model.empty());
        client.lost();
        break;
      case 'hand in again': {
        const [next] = again.splice(0, 1);
        if (next) append(next);
        break;
      }
      case 'trim':
        model.trim(model.first() + each.count);
        break;
      case 'look':
        void follow?.catchUp();
        break;
      case 'subscribe':
        subscribe(each);
        break;
      case 'unsubscribe':
        session.unsubscribe(each.id);
        client.ended(each.id, turn);
        break;
      case 'stall':
        backlog = 1_000_000;
        break;
      case 'beacon':
        if (session.isPlaced()) sink.cursor({ cursor: session.cursor(), at: '' });
        break;
      case 'pause':
        if (scheduler.count() > 0) await scheduler.waitOne();
        break;
    }
    await settle();
  }

  /** Lets everything happen that is waiting to. */
  async function untilQuiet(): Promise<void> {
    for (let quiet = 0; quiet < 25; quiet += 1) {
      if (scheduler.count() > 0) {
        quiet = 0;
        await scheduler.waitOne();
      }
      await settle();
    }
  }

  return {
    take,
    async finish(): Promise<readonly string[]> {
      await untilQuiet();
      for (const each of again.splice(0)) append(each);
      void follow?.catchUp();
      await untilQuiet();
      await Promise.all(told);
      client.finish();
      session.close();
      closing.abort();
      await wire.close();
      return client.faults();
    },
  };
}

describe('a client of a log that grows, forgets, fails over and is lost', () => {
  test(
    `gets all that it is owed, in order and once, or is told of the gap: ${INTERLEAVINGS} interleavings`,
    async () => {
      let taken = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.nat({ max: 30 }),
          fc.array(step, { minLength: 3, maxLength: 40 }),
          async (scheduler, earlier, all) => {
            const { take, finish } = await world(scheduler, earlier);
            for (const each of all) await take(each);
            taken += all.length;
            expect(await finish()).toEqual([]);
          },
        ),
        { numRuns: INTERLEAVINGS, ...SEED },
      );
      if (process.env.INTERLEAVINGS)
        process.stdout.write(`${INTERLEAVINGS} interleavings of ${taken} steps\n`);
    },
    60_000 + INTERLEAVINGS * 30,
  );
});
