import { describe, expect, test } from '@jest/globals';
import { createLosses } from '../../src/gateway/losses.ts';
import { entry } from '../support/stories.ts';

describe('what the log has lost', () => {
  test('is known again by story, version and words, at the place where it was handed out', () => {
    const losses = createLosses();
    expect(losses.lose([entry('a', 11, { version: 2 }), entry('b', 12)], 12)).toEqual({
      sequence: 12,
      loss: 1,
    });
    expect(losses.placesOf(entry('a', 11, { version: 2 }))).toMatchObject([{ loss: 1, sequence: 11 }]);
    expect(losses.placesOf(entry('a', 14, { version: 2, headline: 'Other' }))).toEqual([]);
    expect(losses.placesOf(entry('c', 11))).toBeUndefined();
  });

  test('speaks for earlier versions too: who had a later one is not shown them again', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11, { version: 3 })], 11);
    expect(losses.placesOf(entry('a', 11, { version: 2, headline: 'Earlier' }))).toHaveLength(1);
    expect(losses.placesOf(entry('a', 12, { version: 4 }))).toEqual([]);
  });

  test('says nothing of the versions of a log that began from nothing, which are counted anew', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11, { version: 3 })], 11, 'anew');
    expect(losses.placesOf(entry('a', 1, { version: 2, headline: 'Later' }))).toEqual([]);
    expect(losses.placesOf(entry('a', 2, { version: 3 }))).toHaveLength(1);
    losses.lose([entry('a', 2, { version: 3 })], 2);
    expect(losses.placesOf(entry('a', 2, { version: 2, headline: 'Earlier' }))).toMatchObject([{ loss: 2 }]);
  });

  test('is known through several losses, each at its own place', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11)], 11);
    losses.lose([], 15);
    losses.lose([entry('b', 11)], 16);
    expect(losses.placesOf(entry('a', 13))).toMatchObject([{ loss: 1, sequence: 11 }]);
    expect(losses.placesOf(entry('b', 14))).toMatchObject([{ loss: 3, sequence: 11 }]);
  });

  test('widens a withdrawal to those who had a version that is lost, and nothing else', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11, { version: 2, topics: ['sport'] })], 11);
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
