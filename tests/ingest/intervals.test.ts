import { describe, expect, test } from '@jest/globals';
import { afterFailure, afterSuccess, atStart, type Pace, spreadOf } from '../../src/ingest/poll/intervals.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const least = () => 0;
const most = () => 0.999999;

describe('after a success a source is polled again', () => {
  const now = Date.parse('2026-06-01T12:30:00Z');
  const wait = (more: Partial<Pace>, random = () => 0.5) =>
    afterSuccess({ every: MINUTE, ...more }, now, random);
  /** Stories so many milliseconds apart, the newest one that long ago. */
  const stories = (gap: number, newest = gap) => Array.from({ length: 10 }, (_, n) => now - newest - n * gap);

  test('after its interval, give or take a tenth', () => {
    expect(wait({}, least)).toBeCloseTo(54_000, -1);
    expect(wait({}, most)).toBeCloseTo(66_000, -1);
  });

  test('not before the server asked, for up to eight hours', () => {
    expect(wait({ retryAfterMs: 10 * MINUTE })).toBe(10 * MINUTE);
    expect(wait({ retryAfterMs: 100 * HOUR })).toBe(8 * HOUR);
  });

  test('after half the usual time between its stories, up to a quarter of an hour', () => {
    expect(wait({ storyTimes: stories(1000) })).toBe(MINUTE);
    expect(wait({ storyTimes: stories(10 * MINUTE) })).toBe(5 * MINUTE);
    expect(wait({ storyTimes: stories(5 * HOUR) })).toBe(15 * MINUTE);
    expect(wait({ every: HOUR, storyTimes: stories(5 * HOUR) })).toBe(HOUR);
  });

  test('later when it has been silent for longer than usual', () => {
    expect(wait({ storyTimes: stories(2 * MINUTE, 40 * MINUTE) })).toBe(5 * MINUTE);
  });

  test('after its interval as long as it has shown too little to learn from', () => {
    expect(wait({ storyTimes: stories(5 * HOUR).slice(0, 3) })).toBe(MINUTE);
  });

  test('not before its document or its feed says, for up to an hour, and never sooner than its interval', () => {
    expect(wait({ freshForMs: 10 * MINUTE }, least)).toBe(10 * MINUTE);
    expect(wait({ freshForMs: 10 * MINUTE, hints: { everyMs: 20 * MINUTE } }, least)).toBe(20 * MINUTE);
    expect(wait({ hints: { everyMs: 24 * HOUR } }, least)).toBe(HOUR);
    expect(wait({ hints: { everyMs: 1000 } })).toBe(MINUTE);
    expect(wait({ every: 2 * HOUR, freshForMs: HOUR })).toBe(2 * HOUR);
  });

  test('not in hours and on days that the feed skips, for up to an hour', () => {
    expect(wait({ hints: { skipHours: [12] } })).toBe(30 * MINUTE);
    expect(wait({ hints: { skipHours: [12, 13, 14] } })).toBe(HOUR);
    // The first of June 2026 is a Monday.
    expect(wait({ hints: { skipDays: [1] } })).toBe(HOUR);
    expect(wait({ hints: { skipHours: [13], skipDays: [2] } })).toBe(MINUTE);
  });
});

describe('after failures a source is polled again', () => {
  test('never sooner than its interval', () => {
    for (let failures = 1; failures < 100; failures++) {
      expect(afterFailure(MINUTE, failures, undefined, least)).toBe(MINUTE);
    }
  });

  test('at a moment that lies ever further off, up to an hour', () => {
    expect(afterFailure(MINUTE, 1, undefined, most)).toBeCloseTo(2 * MINUTE, -2);
    expect(afterFailure(MINUTE, 3, undefined, most)).toBeCloseTo(8 * MINUTE, -2);
    expect(afterFailure(MINUTE, 20, undefined, most)).toBeCloseTo(HOUR, -2);
    expect(afterFailure(MINUTE, 100_000, undefined, most)).toBeCloseTo(HOUR, -2);
  });

  test('after its interval when that is longer than an hour', () => {
    expect(afterFailure(3 * HOUR, 5, undefined, most)).toBe(3 * HOUR);
  });

  test('not before the server asked, for up to eight hours', () => {
    expect(afterFailure(MINUTE, 1, 2 * HOUR, least)).toBe(2 * HOUR);
    expect(afterFailure(MINUTE, 1, 100 * HOUR, least)).toBe(8 * HOUR);
  });
});

describe('after a start a source is polled', () => {
  const now = Date.parse('2026-06-01T12:00:00Z');
  const due = (ms: number, failures = 0) => ({ nextPoll: new Date(now + ms).toISOString(), failures });

  const spread = 10_000;

  test('soon, each at its own moment, when it never was or is overdue', () => {
    expect(atStart({ failures: 0 }, MINUTE, now, 0.25, spread)).toBe(2500);
    expect(atStart(due(-HOUR), MINUTE, now, 0.25, spread)).toBe(2500);
    expect(atStart(due(-HOUR), 1000, now, 0.25, spread)).toBe(250);
  });

  test('when it was due anyway', () => {
    expect(atStart(due(20_000), MINUTE, now, 0.5, spread)).toBe(20_000);
    expect(atStart(due(HOUR), MINUTE, now, 0.5, spread)).toBe(HOUR);
    expect(atStart(due(5 * HOUR, 4), MINUTE, now, 0.5, spread)).toBe(5 * HOUR);
  });

  test('by its interval of now, when it had a longer one', () => {
    expect(atStart(due(5 * HOUR), MINUTE, now, 0.5, spread)).toBe(1.1 * HOUR);
    expect(atStart(due(5 * HOUR), 2 * HOUR, now, 0.5, spread)).toBe(2.2 * HOUR);
  });

  test('within two seconds when there are few, and over a while when there are many', () => {
    expect(spreadOf(10)).toBe(2000);
    expect(spreadOf(10_000)).toBe(50_000);
  });
});
