import { describe, expect, test } from '@jest/globals';
import { afterFailure, afterSuccess, atStart } from '../../src/ingest/intervals.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const least = () => 0;
const most = () => 0.999999;

describe('after a success a source is polled again', () => {
  test('after its interval, give or take a tenth', () => {
    expect(afterSuccess(MINUTE, undefined, least)).toBeCloseTo(54_000, -1);
    expect(afterSuccess(MINUTE, undefined, most)).toBeCloseTo(66_000, -1);
  });

  test('not before the server asked, for up to eight hours', () => {
    expect(afterSuccess(MINUTE, 10 * MINUTE, least)).toBe(10 * MINUTE);
    expect(afterSuccess(MINUTE, 100 * HOUR, least)).toBe(8 * HOUR);
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

  test('at once when it never was', () => {
    expect(atStart({ failures: 0 }, MINUTE, now, 0.5)).toBe(0);
  });

  test('when it was due anyway', () => {
    expect(atStart(due(20_000), MINUTE, now, 0.5)).toBe(20_000);
    expect(atStart(due(5 * HOUR, 4), MINUTE, now, 0.5)).toBe(5 * HOUR);
  });

  test('by its interval of now, when it had a longer one', () => {
    expect(atStart(due(HOUR), MINUTE, now, 0.5)).toBe(66_000);
  });

  test('soon, each at its own moment, when it is overdue', () => {
    expect(atStart(due(-HOUR), MINUTE, now, 0.25)).toBe(2500);
    expect(atStart(due(-HOUR), 1000, now, 0.25)).toBe(250);
  });
});
