import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAdmission, MAX_AWAY } from '../../src/gateway/admission.ts';
import { createBucket } from '../../src/gateway/bucket.ts';
import { planHandover } from '../../src/gateway/handover.ts';

const rate = { perSecond: 100, burst: 10 };

describe('a token bucket', () => {
  test('gives what has come back, never more than its burst, and nothing in part', () => {
    let now = 0;
    const bucket = createBucket(rate, () => now);
    expect([bucket.take(8), bucket.take(3), bucket.take(2), bucket.take()]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    now += 30;
    expect([bucket.take(3), bucket.take()]).toEqual([true, false]);
    now += 60_000;
    expect([bucket.take(11), bucket.take(10), bucket.take()]).toEqual([false, true, false]);
  });
});

describe('the door', () => {
  test('lets a burst in, and gives everyone else a time of their own, at the rate at which it lets in', () => {
    const admit = createAdmission(rate, () => 5_000);
    const answers = Array.from({ length: 210 }, admit);
    expect(answers.slice(0, 10).every((seconds) => seconds === 0)).toBe(true);
    const told = answers.slice(10);
    expect(told[0]).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBeCloseTo(3, 1);
  });

  test('has let everybody of any storm in when the last told time is over, if they come when they are told to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (clients) => {
        let now = 0;
        const admit = createAdmission(rate, () => now);
        /** How many come at each tenth of a second. */
        const coming = [clients];
        let admitted = 0;
        for (let tenth = 0; tenth < coming.length; tenth += 1) {
          now = tenth * 100;
          for (let left = coming[tenth] ?? 0; left > 0; left -= 1) {
            const seconds = admit();
            const then = tenth + Math.round(seconds * 10);
            if (seconds === 0) admitted += 1;
            else coming[then] = (coming[then] ?? 0) + 1;
          }
        }
        const ideal = (Math.max(0, clients - rate.burst) / rate.perSecond) * 1000;
        expect(admitted).toBe(clients);
        expect(now).toBeLessThanOrEqual(ideal + 3_000);
      }),
      { numRuns: 50 },
    );
  });

  test('sends nobody away for longer than a minute, and spreads the rest over it', () => {
    const admit = createAdmission(rate, () => 0);
    const answers = Array.from({ length: 20_000 }, admit);
    expect(Math.max(...answers)).toBe(MAX_AWAY);
    const perSecond = new Map<number, number>();
    for (const seconds of answers.slice(10))
      perSecond.set(Math.floor(seconds), (perSecond.get(Math.floor(seconds)) ?? 0) + 1);
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(4 * rate.perSecond);
  });
});

describe('a handover', () => {
  test('is over in time, and never brings the other nodes more than 250 clients in a second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 0, max: 60 }),
        (clients, seconds) => {
          const plan = planHandover(clients, seconds);
          const leaves = Array.from({ length: clients }, (_, index) => plan(index));
          const arrivals = new Map<number, number>();
          for (const { at, retryAfter } of leaves) {
            const second = Math.floor(at / 1000 + retryAfter);
            arrivals.set(second, (arrivals.get(second) ?? 0) + 1);
          }
          expect(Math.max(...leaves.map(({ at }) => at))).toBeLessThanOrEqual(seconds * 1000);
          expect(Math.min(...leaves.map(({ retryAfter }) => retryAfter))).toBe(1);
          expect(Math.max(...leaves.map(({ retryAfter }) => retryAfter))).toBeLessThanOrEqual(MAX_AWAY);
          // Times are told in tenths of a second, so a tenth more may fall into one second.
          expect(Math.max(...arrivals.values())).toBeLessThanOrEqual(250 * 1.1 + 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of a few is over at once, and keeps them away for no longer than it takes to notice', () => {
    const plan = planHandover(20, 30);
    expect(plan(19)).toEqual({ at: 95, retryAfter: 1 });
  });

  test('that has no time at all tells each client a later time than the last', () => {
    const plan = planHandover(1_000, 0);
    expect([plan(0), plan(500), plan(999)]).toEqual([
      { at: 0, retryAfter: 1 },
      { at: 0, retryAfter: 3 },
      { at: 0, retryAfter: 5 },
    ]);
  });
});
