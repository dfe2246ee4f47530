import { describe, expect, test } from '@jest/globals';
import { createLosses } from '../../src/gateway/losses.ts';
import { entry } from '../support/stories.ts';

describe('what the log has lost', () => {
  test('is known again by story, version and words, at the place where it was handed out', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11, { version: 2 }), entry('b', 12)], 12, 10);
    expect(losses.placesOf(entry('a', 11, { version: 2 }))).toEqual([11]);
    expect(losses.placesOf(entry('a', 14, { version: 2, headline: 'Other' }))).toEqual([]);
    expect(losses.placesOf(entry('c', 11))).toBeUndefined();
    // Places go on being counted: 11 of the new epoch comes after all that was handed out.
    expect(losses.place(10)).toBe(12);
    expect(losses.place(11)).toBe(13);
  });

  test('speaks for earlier versions too: who had a later one is not shown them again', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11, { version: 3 })], 11, 10);
    expect(losses.placesOf(entry('a', 11, { version: 2, headline: 'Earlier' }))).toEqual([11]);
    expect(losses.placesOf(entry('a', 12, { version: 4 }))).toEqual([]);
  });

  test('is known through several losses, each at its own place', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11)], 11, 10);
    losses.lose([], 15, 15);
    losses.lose([entry('b', 16)], 16, 12);
    expect(losses.placesOf(entry('a', 13))).toEqual([11]);
    expect(losses.placesOf(entry('b', 14))).toEqual([17]);
    expect(losses.place(12)).toBe(17);
  });

  test('widens a withdrawal to those who had a version that is lost, and nothing else', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11, { version: 2, topics: ['sport'] })], 11, 10);
    const withdrawn = entry('a', 12, { version: 2, status: 'canceled' });
    const reach = [{ ...entry('a', 1).story, topics: ['politics'] }];
    expect(losses.widened({ ...withdrawn, reach })).toMatchObject({
      reach: [{ topics: ['politics'] }, { topics: ['sport'] }],
    });
    expect(losses.widened({ ...withdrawn, reach: 'everyone' }).reach).toBe('everyone');
    const other = entry('a', 12, { version: 2 });
    expect(losses.widened(other)).toBe(other);
  });
});
