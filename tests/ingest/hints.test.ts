import { describe, expect, test } from '@jest/globals';
import { hintsOf } from '../../src/ingest/document/hints.ts';
import { atom, item, rss } from '../support/feeds.ts';

const HOUR = 3_600_000;

describe('a feed says when it is worth asking', () => {
  test.each([
    ['ttl in minutes', '<ttl>30</ttl>', { everyMs: HOUR / 2 }],
    ['ttl with spaces', '<ttl>\n 30 </ttl>', { everyMs: HOUR / 2 }],
    ['a period', '<sy:updatePeriod>hourly</sy:updatePeriod>', { everyMs: HOUR }],
    [
      'a part of a period',
      '<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>',
      { everyMs: HOUR / 4 },
    ],
    ['the longer of both', '<ttl>5</ttl><s:updatePeriod>daily</s:updatePeriod>', { everyMs: 24 * HOUR }],
    ['hours', '<skipHours><hour>0</hour><hour>23</hour><hour>24</hour></skipHours>', { skipHours: [0, 23] }],
    ['days', '<skipDays><day>Saturday</day><day>sunday</day></skipDays>', { skipDays: [6, 0] }],
  ])('%s', (_what, elements, hints) => expect(hintsOf(rss(elements, item('a')))).toEqual(hints));
});

describe('nothing is read from', () => {
  test.each([
    ['what is no number', rss('<ttl>often</ttl>')],
    ['zero', rss('<ttl>0</ttl>')],
    ['an item', rss(item('a', '<ttl>60</ttl>'))],
    ['a comment', rss('<!-- <ttl>60</ttl> -->')],
    [
      'a feed that skips every hour',
      rss(`<skipHours>${Array.from({ length: 24 }, (_, n) => `<hour>${n}</hour>`).join('')}</skipHours>`),
    ],
    ['days that do not exist', rss('<skipDays><day>Someday</day></skipDays>')],
    ['Atom', atom('')],
    ['JSON', '{"ttl": 5}'],
    ['nothing', ''],
  ])('%s', (_what, xml) => expect(hintsOf(xml)).toBeUndefined());

  test('a hostile document, in no time', () => {
    const before = performance.now();
    for (const part of [
      '<ttl ',
      '<ttl>',
      '<!--',
      '<skipHours>',
      '<skipHours><hour>',
      '<a:updatePeriod ',
      '<',
    ]) {
      hintsOf(part.repeat(1_000_000 / part.length));
    }
    expect(performance.now() - before).toBeLessThan(500);
  });
});
