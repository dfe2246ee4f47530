import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { formatCursor, parseCursor } from '../../src/core/cursor.ts';
import { matches, parseFilter, prepare } from '../../src/core/filter.ts';
import type { Entry } from '../../src/core/story.ts';
import { createFanOut } from '../../src/gateway/fan-out.ts';
import { createFrame } from '../../src/gateway/frame.ts';
import { createLosses } from '../../src/gateway/losses.ts';
import { createWaiting } from '../../src/gateway/outbox.ts';
import type { Notice, Ready } from '../../src/gateway/protocol.ts';
import { createSession, type Session, type Sink, type Subscription } from '../../src/gateway/session.ts';
import type { Wire } from '../../src/gateway/wire.ts';
import { createMetrics } from '../../src/metrics.ts';
import { entry } from '../support/stories.ts';

const EPOCH = 'epoch';
const FILTERS = ['politics', 'sport', 'politics OR sport', 'NOT sport'];
const metrics = createMetrics();
const log = pino({ level: 'silent' });

type Step =
  | { do: 'append'; topics: string[] }
  | { do: 'subscribe'; id: string; filter: string; back: number }
  | { do: 'unsubscribe'; id: string }
  | { do: 'stall' }
  | { do: 'pause' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('append' as const), topics: fc.subarray(['politics', 'sport']) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      id: fc.constantFrom('a', 'b', 'c'),
      filter: fc.constantFrom(...FILTERS),
      back: fc.nat({ max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), id: fc.constantFrom('a', 'b', 'c') }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'stall' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'pause' as const }) },
);

/** What one subscription is owed: its filter, where it starts, and the part of the connection that is its own. */
interface Owed {
  filter: string;
  after: number;
  from: number;
  until?: number;
  /** The log's end when it ended; everything up to there may have come, nothing has to. */
  ended?: boolean;
}

/** A client's session on a log whose every answer comes when the scheduler lets it. */
function world(scheduler: fc.Scheduler) {
  const entries: Entry[] = [];
  const sent: Entry[] = [];
  const readies: Ready[] = [];
  const notices: Notice[] = [];
  const losses = createLosses();
  let backlog = 0;
  let stallsAt: number | undefined;
  const waiting = createWaiting(({ frames }) => {
    for (const { frame } of frames) sent.push(frame.entry);
    if (sent.length === stallsAt) backlog = 1_000_000;
  });
  const sink: Sink = {
    ...waiting,
    id: 'client',
    ready(ready) {
      waiting.flush();
      readies.push(ready);
    },
    cursor() {},
    views() {},
    notice(notice) {
      waiting.flush();
      notices.push(notice);
    },
    backlog: () => backlog,
    drained: () =>
      scheduler.schedule(Promise.resolve(), 'drained').then(() => {
        backlog = 0;
      }),
    close() {},
  };
  const read = (from: number, limit: number) =>
    entries.slice(from, from + limit).map((each) => ({ ...each, current: true }));
  const wire: Wire = {
    position: () => ({ epoch: EPOCH, sequence: entries.length }),
    losses,
    begun: Promise.resolve(),
    isUp: () => true,
    recent: (count) => entries.slice(-count),
    locate: (cursor) =>
      scheduler.schedule(Promise.resolve({ sequence: parseCursor(cursor).sequence, gap: false }), 'locate'),
    after(sequence) {
      const page = read(sequence, 3);
      return scheduler.schedule(
        Promise.resolve({ entries: page, upTo: page.at(-1)?.sequence ?? sequence }),
        `after ${sequence}`,
      );
    },
    at: (sequences) =>
      scheduler.schedule(
        Promise.resolve({ entries: sequences.flatMap((each) => read(each - 1, 1)), first: 1 }),
        'at',
      ),
    before: (sequence, limit) =>
      scheduler.schedule(
        Promise.resolve(
          read(0, sequence - 1)
            .slice(-limit)
            .reverse(),
        ),
        'before',
      ),
    catchUp: async () => {},
    close: async () => {},
  };
  const fanOut = createFanOut<Subscription>();
  const places = (topics: readonly string[], after: number, end: number, limit: number) =>
    entries
      .filter(({ sequence }) => sequence > after && sequence <= end)
      .filter(({ story }) => story.topics.some((topic) => topics.includes(topic)))
      .map(({ sequence }) => sequence)
      .slice(0, limit);
  const session: Session = createSession({ sink, wire, fanOut, places, metrics, log, page: 3 });

  return {
    entries,
    sent,
    readies,
    notices,
    session,
    stall() {
      backlog = 1_000_000;
    },
    /** It takes nothing more once it has been sent so many. */
    stallAt(count: number) {
      stallsAt = count;
    },
    /** The log loses what comes after `to`: it goes on in a new epoch, or is another one. */
    lose(to: number, how: 'renewed' | 'reset') {
      const past = losses.lose(entries.slice(to), entries.length, how === 'reset');
      entries.splice(to);
      session[how]({ epoch: EPOCH, sequence: to }, past);
    },
    /** As the gateway does it: everything in one turn. */
    append(topics: string[], id = `s${entries.length + 1}`) {
      const next = entry(id, entries.length + 1, { topics });
      entries.push(next);
      const again = losses.placesOf(next);
      const wanted = [...fanOut.match(next)].filter((subscription) => !subscription.had(again));
      const recipients = new Set(wanted.map((subscription) => subscription.session));
      for (const recipient of recipients) {
        if (!recipient.isLive()) continue;
        if (recipient.sink.backlog() > 256 * 1024) recipient.fallBehind(next);
        // A lone story leaves at once; others wait for the window to end, whenever that is.
        else if (next.sequence % 4 === 1) recipient.sink.story(createFrame(next, EPOCH), 'full');
        else if (recipient.sink.later(createFrame(next, EPOCH), 'full'))
          void scheduler.schedule(Promise.resolve(), 'window').then(recipient.sink.flush);
      }
    },
  };
}

const settle = () => new Promise(setImmediate);

/** Lets everything happen that is waiting to. */
async function untilQuiet(scheduler: fc.Scheduler): Promise<void> {
  for (let quiet = 0; quiet < 5; quiet += 1) {
    if (scheduler.count() > 0) {
      quiet = 0;
      await scheduler.waitOne();
    }
    await settle();
  }
}

/** Has the log from its beginning, and is at its head. */
async function takesEverything(scheduler: fc.Scheduler, session: Session): Promise<void> {
  const after = formatCursor({ epoch: EPOCH, sequence: 0 });
  const expr = parseFilter(undefined);
  const subscribed = session.subscribe({ id: 'a', expr, view: 'full', after, last: undefined });
  await untilQuiet(scheduler);
  await subscribed;
}

describe('a session', () => {
  test('is ready at once where there is nothing to replay, with the answer that has not been taken', async () => {
    const { session, append, stall, readies } = world(fc.schedulerFor([]));
    append(['politics']);
    stall();
    await session.subscribe({
      id: 'a',
      expr: parseFilter('politics'),
      view: 'full',
      after: undefined,
      last: undefined,
    });
    await settle();
    expect(readies).toMatchObject([{ id: 'a', replayed: 0, gap: false }]);
    expect(session.isLive()).toBe(true);
  });

  test('brings every subscription what it is owed, in order and once, in any interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(step, { minLength: 3, maxLength: 25 }),
        async (scheduler, steps) => {
          const { entries, sent, session, append, stall } = world(scheduler);
          const current = new Map<string, Owed>();
          const owed: Owed[] = [];
          const end = (id: string) => {
            const before = current.get(id);
            if (before) Object.assign(before, { until: sent.length, ended: true });
            current.delete(id);
          };
          const asked: Promise<unknown>[] = [];
          const latest = new Map<string, number>();
          let requests = 0;

          for (const each of steps) {
            if (each.do === 'append') append(each.topics);
            if (each.do === 'stall') stall();
            if (each.do === 'unsubscribe') {
              latest.delete(each.id);
              session.unsubscribe(each.id);
              end(each.id);
            }
            if (each.do === 'subscribe') {
              const { id, filter } = each;
              const after = Math.max(0, entries.length - each.back);
              const request = ++requests;
              latest.set(id, request);
              const cursor = formatCursor({ epoch: EPOCH, sequence: after });
              asked.push(
                session
                  .subscribe({ id, expr: parseFilter(filter), view: 'full', after: cursor, last: undefined })
                  .then(() => {
                    end(id);
                    const mine: Owed = { filter, after, from: sent.length };
                    owed.push(mine);
                    current.set(id, mine);
                  }),
              );
            }
            if (each.do === 'pause' && scheduler.count() > 0) await scheduler.waitOne();
            await settle();
          }
          await untilQuiet(scheduler);
          await Promise.all(asked);

          for (const { filter, after, from, until, ended } of owed) {
            const expr = parseFilter(filter);
            let at = after;
            const got: number[] = [];
            for (const each of sent.slice(from, until)) {
              if (each.sequence <= at || !matches(expr, prepare(each.story))) continue;
              got.push(each.sequence);
              at = each.sequence;
            }
            const all = entries
              .filter((each) => each.sequence > after && matches(expr, prepare(each.story)))
              .map(({ sequence }) => sequence);
            expect(got).toEqual(ended ? all.slice(0, got.length) : all);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  }, 60_000);

  test('tells no place while the newest are on their way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { session, append, readies } = world(scheduler);
        append(['politics']);
        const asked = {
          id: 'a',
          expr: parseFilter(undefined),
          view: 'full',
          after: undefined,
          last: 5,
        } as const;
        await session.subscribe(asked);
        expect(session.isPlaced()).toBe(false);
        while (readies.length === 0) {
          expect(session.isPlaced()).toBe(false);
          if (scheduler.count() > 0) await scheduler.waitOne();
          await settle();
        }
        expect(session.isPlaced()).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('brings the newest once and in order, whenever the log loses its end meanwhile', async () => {
    const [COUNT, OTHERS] = [8, 4];
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.nat({ max: COUNT }),
        fc.nat({ max: COUNT }),
        fc.boolean(),
        async (scheduler, stallsAt, to, isAnother) => {
          const { sent, session, append, stallAt, lose, readies } = world(scheduler);
          for (let count = 0; count < COUNT; count += 1) append(['politics']);
          stallAt(stallsAt);
          const expr = parseFilter(undefined);
          await session.subscribe({ id: 'a', expr, view: 'full', after: undefined, last: COUNT });
          while (sent.length < stallsAt) {
            if (scheduler.count() > 0) await scheduler.waitOne();
            await settle();
          }
          if (isAnother) lose(0, 'reset');
          else lose(to, 'renewed');
          for (let left = isAnother ? COUNT : COUNT - to; left > 0; left -= 1) append(['politics']);
          await untilQuiet(scheduler);
          for (let count = 0; count < OTHERS; count += 1) append(['sport']);
          await untilQuiet(scheduler);
          const all = Array.from({ length: COUNT + OTHERS }, (_, index) => `test:s${index + 1}`);
          expect(sent.map(({ story }) => story.id)).toEqual(all);
          expect(readies.length).toBeGreaterThan(0);
          expect(session.isPlaced()).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('sends what was lost and comes back to a client that came after the loss and had not been sent it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { sent, session, append, lose } = world(scheduler);
        for (let count = 0; count < 9; count += 1) append(['politics']);
        lose(6, 'renewed');
        for (const id of ['a', 'b', 'c']) append(['politics'], id);
        const after = formatCursor({ epoch: EPOCH, sequence: 4 });
        const expr = parseFilter(undefined);
        const subscribed = session.subscribe({ id: 'a', expr, view: 'full', after, last: undefined });
        await untilQuiet(scheduler);
        await subscribed;
        lose(6, 'renewed');
        for (const id of ['b', 's7', 's8']) append(['politics'], id);
        await untilQuiet(scheduler);
        const expected = ['s5', 's6', 'a', 'b', 'c', 's7', 's8'].map((id) => `test:${id}`);
        expect(sent.map(({ story }) => story.id)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('tells of another log before anything that it has, also to who has not taken all of the old one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { sent, session, append, stall, lose, readies } = world(scheduler);
        await takesEverything(scheduler, session);
        append(['politics']);
        stall();
        for (let count = 0; count < 3; count += 1) append(['politics']);
        lose(0, 'reset');
        expect(readies.at(-1)).toMatchObject({
          gap: true,
          cursor: formatCursor({ epoch: EPOCH, sequence: 0 }),
        });
        expect(sent).toHaveLength(1);
        for (const id of ['x', 'y']) append(['politics'], id);
        await untilQuiet(scheduler);
        expect(sent.slice(1).map(({ story }) => story.id)).toEqual(['test:x', 'test:y']);
        expect(readies).toHaveLength(2);
      }),
      { numRuns: 50 },
    );
  });

  test('of a slow reader is told so once, and brings it up to the log, in order and without a second ready', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { sent, session, append, stall, notices, readies } = world(scheduler);
        await takesEverything(scheduler, session);
        append(['politics']);
        stall();
        for (let count = 0; count < 5; count += 1) append(['politics']);
        expect(sent.map(({ sequence }) => sequence)).toEqual([1]);
        await untilQuiet(scheduler);
        append(['sport']);
        await untilQuiet(scheduler);
        expect(notices.map(({ code }) => code)).toEqual(['slow']);
        expect(sent.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
        expect(readies).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});
