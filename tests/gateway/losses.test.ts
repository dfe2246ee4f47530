import { describe, expect, test } from '@jest/globals';
import { createLosses } from '../../src/gateway/losses.ts';
import { entry } from '../support/stories.ts';

describe('what the log has lost', () => {
  test('is known again by story, version and words, at the place where it was handed out', () => {
    const losses = createLosses();
    expect(losses.lose([entry('a', 11, { version: 2 }), entry('b', 12)], 12, false)).toEqual({
      sequence: 12,
      loss: 1,
    });
    expect(losses.placesOf(entry('a', 11, { version: 2 }))).toMatchObject([{ loss: 1, sequence: 11 }]);
    expect(losses.placesOf(entry('a', 14, { version: 2, headline: 'Other' }))).toEqual([]);
    expect(losses.placesOf(entry('c', 11))).toBeUndefined();
  });

  test('speaks for earlier versions too: who had a later one is not shown them again', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11, { version: 3 })], 11, false);
    expect(losses.placesOf(entry('a', 11, { version: 2, headline: 'Earlier' }))).toHaveLength(1);
    expect(losses.placesOf(entry('a', 12, { version: 4 }))).toEqual([]);
  });

  test('is known by its words where another log counts versions anew, and what is new there is new', () => {
    const losses = createLosses();
    const says = (version: number, headline: string, status: 'usable' | 'canceled' = 'usable') =>
      entry('a', 20 + version, { version, headline, status });
    losses.lose([says(1, 'One'), says(2, 'Two'), says(3, 'Three')], 23, true);
    expect(losses.placesOf(says(1, 'Three'))).toMatchObject([{ sequence: 23 }]);
    // Whoever had a later one is not shown it after that.
    expect(losses.placesOf(says(1, 'Two'))).toMatchObject([{ sequence: 22 }, { sequence: 23 }]);
    expect(losses.placesOf(says(2, 'Four'))).toEqual([]);
    expect(losses.placesOf(says(2, '', 'canceled'))).toEqual([]);
  });

  test('is not taken for later because it was lost later', () => {
    const losses = createLosses();
    losses.lose([entry('a', 3, { version: 2, headline: 'Two' })], 3, false);
    losses.lose([entry('a', 2, { version: 1, headline: 'One' })], 2, true);
    expect(losses.placesOf(entry('a', 6, { version: 2, headline: 'Two' }))).toMatchObject([{ sequence: 3 }]);
  });

  test('takes a withdrawal for the same one only if nothing came after that', () => {
    const losses = createLosses();
    const gone = entry('a', 2, { version: 2, headline: '', status: 'canceled' });
    losses.lose([entry('a', 1), gone], 2, true);
    expect(losses.placesOf({ ...gone, sequence: 5 })).toMatchObject([{ sequence: 2 }]);
    losses.lose([entry('a', 5, { headline: 'Back' })], 5, true);
    expect(losses.placesOf(gone)).toEqual([]);
  });

  test('is known through several losses, each at its own place', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11)], 11, false);
    losses.lose([], 15, false);
    losses.lose([entry('b', 11)], 16, false);
    expect(losses.placesOf(entry('a', 13))).toMatchObject([{ loss: 1, sequence: 11 }]);
    expect(losses.placesOf(entry('b', 14))).toMatchObject([{ loss: 3, sequence: 11 }]);
  });

  test('widens a withdrawal to those who had a version that is lost, and nothing else', () => {
    const losses = createLosses();
    losses.lose([entry('a', 11, { version: 2, topics: ['sport'] })], 11, false);
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
