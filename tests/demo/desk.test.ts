import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { channelOf } from '../../src/demo/article.ts';
import { chanceOf } from '../../src/demo/chance.ts';
import { type Desk, type DeskEvent, openDesk } from '../../src/demo/desk.ts';
import { type SampleStory, tell } from '../../src/demo/telling.ts';

const OPENED = Date.UTC(2026, 2, 1, 9, 30);

function deskOf({ seed = 1, backlog = 8 } = {}): Desk {
  return openDesk(chanceOf(seed), OPENED, backlog);
}

/** `count` events, one every four seconds. */
function run(desk: Desk, count: number, look: (event: DeskEvent) => void = () => {}): DeskEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const event = desk.next(OPENED + (index + 1) * 4000);
    look(event);
    return event;
  });
}

function storiesOf(desk: Desk): SampleStory[] {
  return [...desk.editions.values()].flatMap((edition) => [...edition.stories()]);
}

function storyIn(desk: Desk, { feed, guid }: DeskEvent): SampleStory | undefined {
  return desk.editions
    .get(feed)
    ?.stories()
    .find((story) => story.guid === guid);
}

describe('a desk that opens', () => {
  test('has as many stories in every feed as it was asked for, of the last hours, newest first', () => {
    const desk = deskOf({ backlog: 10 });
    for (const edition of desk.editions.values()) {
      const times = edition.stories().map((story) => story.published);
      expect(times).toHaveLength(10);
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect(Math.max(...times)).toBeLessThan(OPENED);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(OPENED - 7 * 3_600_000);
    }
  });

  test('has no stories when it was asked for none, and begins all the same', () => {
    const desk = deskOf({ backlog: 0 });
    expect(storiesOf(desk)).toEqual([]);
    expect(run(desk, 3).map(({ kind }) => kind)).toEqual(['new', 'new', 'update']);
  });

  test('gives other identities than the run before it, so that no story is taken for another', () => {
    const before = storiesOf(openDesk(chanceOf(1), OPENED - 60_000, 8)).map(({ guid }) => guid);
    expect(storiesOf(deskOf()).filter(({ guid }) => before.includes(guid))).toEqual([]);
  });
});

describe('a desk that goes on', () => {
  test('mostly publishes; about every fifth event updates, every twelfth corrects, every fifteenth withdraws', () => {
    const kinds = run(deskOf(), 600).map(({ kind }) => kind);
    const share = (kind: DeskEvent['kind']) => kinds.filter((each) => each === kind).length / kinds.length;
    expect(share('new')).toBeGreaterThan(0.6);
    expect(share('update')).toBeCloseTo(1 / 5, 1);
    expect(share('correction')).toBeCloseTo(1 / 12, 1);
    expect(share('withdrawal')).toBeCloseTo(1 / 15, 1);
  });

  test('publishes in every feed, and never gives an identity twice in hours', () => {
    const published = run(deskOf(), 3000).filter(({ kind }) => kind === 'new');
    expect(new Set(published.map(({ feed }) => feed)).size).toBe(6);
    expect(new Set(published.map(({ guid }) => guid)).size).toBe(published.length);
  });

  test('tells the same event in several languages and newsrooms', () => {
    const desk = deskOf();
    run(desk, 200);
    const tellings = new Map<string, Set<string>>();
    for (const { event, facts, feed } of storiesOf(desk)) {
      const key = JSON.stringify([event, facts]);
      tellings.set(key, (tellings.get(key) ?? new Set()).add(feed.id));
    }
    const feeds = [...tellings.values()];
    expect(feeds.filter((ids) => ids.size >= 3).length).toBeGreaterThan(20);
    expect(feeds.some((ids) => ids.has('dnipro-wire-en') && ids.has('ledger-and-grain'))).toBe(true);
    expect(feeds.some((ids) => ids.has('dnipro-wire-uk') && ids.has('sioma-versta'))).toBe(true);
  });

  test('changes the text of a story by updates and corrections, and keeps its identity, link and date', () => {
    const desk = deskOf();
    const known = new Map(
      storiesOf(desk).map((story) => [story.guid, { story: { ...story }, told: tell(story) }]),
    );
    run(desk, 300, (event) => {
      const story = storyIn(desk, event);
      if (!story) return;
      const before = known.get(story.guid);
      expect(before === undefined).toBe(event.kind === 'new');
      if (before) {
        expect(tell(story)).not.toEqual(before.told);
        expect([story.slug, story.published]).toEqual([before.story.slug, before.story.published]);
        expect(story.updated).toBeGreaterThan(before.story.updated);
      }
      known.set(story.guid, { story: { ...story }, told: tell(story) });
    });
  });

  test('says of a correction that it is one, in that version alone, and what was wrong for good', () => {
    const desk = deskOf();
    let corrected = 0;
    run(desk, 300, (event) => {
      const story = storyIn(desk, event);
      if (!story) return;
      const { headline, description, body } = tell(story);
      const isMarked = [headline, description].some((text) =>
        /^(Correction|Виправлено|Исправлено): /.test(text),
      );
      expect(isMarked).toBe(event.kind === 'correction');
      if (event.kind === 'correction') {
        corrected += 1;
        expect(body.some((text) => /^(Correction|Виправлено|Исправлено): /.test(text))).toBe(true);
      }
    });
    expect(corrected).toBeGreaterThan(10);
  });

  test('withdraws in Atom feeds only, and leaves a tombstone in the place of the story', () => {
    const desk = deskOf();
    let withdrawn = 0;
    run(desk, 300, (event) => {
      if (event.kind !== 'withdrawal') return;
      withdrawn += 1;
      const edition = desk.editions.get(event.feed);
      expect(edition?.feed.format).toBe('atom');
      expect(storyIn(desk, event)).toBeUndefined();
      expect(edition?.withdrawn()[0]?.guid).toBe(event.guid);
    });
    expect(withdrawn).toBeGreaterThan(10);
  });

  test('remembers a bounded number of stories and tombstones, and shows thirty', () => {
    const desk = deskOf();
    run(desk, 6000);
    for (const edition of desk.editions.values()) {
      expect(edition.stories().length).toBeLessThanOrEqual(500);
      expect(edition.withdrawn().length).toBeLessThanOrEqual(20);
      expect(channelOf(edition, 'http://127.0.0.1').articles).toHaveLength(30);
    }
  });
});

test('the same seed at the same time does the same, another seed something else', () => {
  const life = (seed: number) => {
    const desk = deskOf({ seed });
    return { events: run(desk, 60), told: storiesOf(desk).map(tell) };
  };
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(life(seed)).toEqual(life(seed));
    }),
    { numRuns: 5 },
  );
  expect(life(1).told).not.toEqual(life(2).told);
});
