import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Position, parseCursor } from '../../src/core/cursor.ts';
import type { Entry } from '../../src/core/story.ts';
import type { Retention } from '../../src/store/retention.ts';
import type { Draft, Follower, Store } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { content, draft, withdrawal } from '../support/stories.ts';

export interface World {
  /** Opens the same log again, as another process would. */
  open(options?: { retention?: Partial<Retention>; now?: () => number }): Store;
  close(): Promise<void>;
}

const HOUR = 3_600_000;

/** What every store promises; one suite that each implementation runs. */
export function storeContract(makeWorld: () => Promise<World>): void {
  let world: World;
  let store: Store;

  beforeEach(async () => {
    world = await makeWorld();
    store = world.open();
  });

  afterEach(async () => {
    await store.close();
    await world.close();
  });

  const readAll = (from = store) => from.read({ after: 0, limit: 1000 });
  const sequences = (entries: readonly Entry[]) => entries.map((entry) => entry.sequence);

  function follower(): Follower & { seen: Entry[]; resets: number; renewals: number[]; links: boolean[] } {
    const seen: Entry[] = [];
    const links: boolean[] = [];
    const made = {
      seen,
      links,
      resets: 0,
      renewals: [] as number[],
      renewed: ({ sequence }: Position) => void made.renewals.push(sequence),
      entry: (entry: Entry) => void seen.push(entry),
      reset: () => {
        made.resets += 1;
      },
      link: (up: boolean) => void links.push(up),
    };
    return made;
  }

  describe('append', () => {
    test('gives a new story version 1 and the next place in the log', async () => {
      const appended = await store.append(draft('a'));
      expect(appended.outcome).toBe('new');
      const [read] = await readAll();
      expect(read).toMatchObject({
        sequence: 1,
        current: true,
        story: { id: 'test:a', version: 1, status: 'usable', change: 'new', headline: 'Headline of a' },
      });
      expect(parseCursor(read?.story.cursor)).toEqual({ epoch: (await store.head()).epoch, sequence: 1 });
      expect(appended).toMatchObject({ entry: { story: read?.story } });
    });

    test('knows a story that it has, and writes nothing', async () => {
      await store.append(draft('a'));
      expect(await store.append(draft('a'))).toEqual({ outcome: 'known' });
      expect(await store.append(draft('a', { link: 'https://news.example/moved' }))).toEqual({
        outcome: 'known',
      });
      expect((await store.head()).last).toBe(1);
    });

    test('refuses what was asked for before the story had its newest entry, or in another epoch, and writes nothing', async () => {
      const { epoch } = await store.head();
      const offer = async (each: Draft, sequence: number, of = epoch) =>
        (await store.offer(each, { epoch: of, sequence })).outcome;
      const [one, two] = [draft('a', { headline: 'One' }), draft('a', { headline: 'Two' })];
      expect(await offer(one, 0)).toBe('new');
      expect(await offer(one, 0)).toBe('known');
      expect(await offer(two, 0)).toBe('overtaken');
      expect(await offer(two, 1, 'another')).toBe('overtaken');
      expect(await offer(draft('b'), 0)).toBe('new');
      expect(await offer(two, 1)).toBe('updated');
      expect(await offer(withdrawal('a'), 2)).toBe('overtaken');
      expect((await store.head()).last).toBe(3);
      expect(await offer(withdrawal('a'), 3)).toBe('canceled');
      expect(await offer(withdrawal('a'), 0)).toBe('known');
      expect(await offer(one, 3)).toBe('overtaken');
    });

    test('makes a changed headline, description or body the next version of the same story', async () => {
      await store.append(draft('a'));
      const changes = [
        { headline: 'New' },
        { headline: 'New', description: 'New' },
        { headline: 'New', body: '<p>New</p>' },
      ];
      for (const [index, change] of changes.entries()) {
        const appended = await store.append(draft('a', change));
        expect(appended).toMatchObject({
          outcome: 'updated',
          entry: { story: { version: index + 2, change: 'update' } },
        });
      }
      const read = await readAll();
      expect(read.map((entry) => entry.current)).toEqual([false, false, false, true]);
      expect(new Set(read.map((entry) => entry.story.firstCreated)).size).toBe(1);
    });

    test('calls a version a correction when its source does', async () => {
      await store.append(draft('a'));
      const corrected = { ...draft('a', { headline: 'Right' }), correction: true } as const;
      expect(await store.append(corrected)).toMatchObject({
        entry: { story: { change: 'correction', version: 2 } },
      });
    });

    test('withdraws a story without its text, towards everyone who got any version of it', async () => {
      await store.append(draft('a', { topics: ['politics'] }));
      await store.append(draft('a', { topics: ['sport'], headline: 'Other' }));
      const appended = await store.append(withdrawal('a'));
      expect(appended).toMatchObject({
        outcome: 'canceled',
        entry: {
          sequence: 3,
          story: {
            id: 'test:a',
            version: 3,
            status: 'canceled',
            change: 'cancel',
            headline: '',
            source: { name: 'Test' },
          },
          reach: [{ topics: ['politics'] }, { topics: ['sport'] }],
        },
      });
      expect(JSON.stringify((await store.story('test:a')) ?? '')).not.toContain('What happened');
      expect(await store.append(withdrawal('a'))).toEqual({ outcome: 'known' });
      expect(await store.append(withdrawal('never-seen'))).toEqual({ outcome: 'known' });
    });

    test('withdraws towards everyone when the log has lost a version', async () => {
      await store.close();
      store = world.open({ retention: { stories: 2 } });
      await store.append(draft('a'));
      await store.append(draft('b'));
      await store.append(draft('c'));
      expect(await store.append(withdrawal('a'))).toMatchObject({
        entry: { reach: 'everyone', story: { version: 2 } },
      });
    });

    test('publishes a withdrawn story again as its next version', async () => {
      await store.append(draft('a'));
      await store.append(withdrawal('a'));
      expect(await store.append(draft('a'))).toMatchObject({
        outcome: 'updated',
        entry: { story: { version: 3 } },
      });
    });

    test('gives every story one place when many are appended at once, from two processes', async () => {
      const other = world.open();
      const ids = Array.from({ length: 100 }, (_, index) => `s${index}`);
      const outcomes = await Promise.all(
        [store, other].flatMap((each) => ids.map((id) => each.append(draft(id)))),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'new')).toHaveLength(100);
      const read = await readAll();
      expect(sequences(read)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      expect(new Set(read.map((entry) => entry.story.id)).size).toBe(100);
      await other.close();
    });

    test('refuses what is no story, and writes nothing of it', async () => {
      const bad = [
        { urgency: 0 },
        { headline: 5 },
        { image: { href: 'x', width: Number.NaN } },
        { published: '+010000-01-01T00:00:00Z' },
      ];
      for (const more of bad) {
        await expect(store.append(draft('a', more as never))).rejects.toMatchObject({
          code: 'invalid_request',
        });
      }
      await expect(store.append(draft('a'.repeat(3000)))).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await store.head()).toMatchObject({ last: 0 });
      expect(await store.append(draft('a'))).toMatchObject({ outcome: 'new', entry: { sequence: 1 } });
    });

    test('keeps text byte for byte', async () => {
      const headline = 'Ціна "гаса" \\ 5 % \u2028 🚀 \u0000 </script> {}[]';
      await store.append(draft('a', { headline, sections: [], flags: [] }));
      expect((await readAll())[0]?.story).toMatchObject({ headline, sections: [], flags: [] });
    });
  });

  describe('read', () => {
    beforeEach(async () => {
      for (const id of ['a', 'b', 'c', 'd', 'e']) await store.append(draft(id));
    });

    test('goes upwards after a place, or downwards before one, no further than asked', async () => {
      expect(sequences(await store.read({ after: 1, limit: 2 }))).toEqual([2, 3]);
      expect(sequences(await store.read({ after: 5, limit: 2 }))).toEqual([]);
      expect(sequences(await store.read({ before: 6, limit: 2, newestFirst: true }))).toEqual([5, 4]);
      expect(sequences(await store.read({ before: 2, limit: 9, newestFirst: true }))).toEqual([1]);
      expect(sequences(await store.read({ before: 1, limit: 9, newestFirst: true }))).toEqual([]);
    });

    test('finds one story in its current version', async () => {
      await store.append(draft('c', { headline: 'Later' }));
      expect(await store.story('test:c')).toMatchObject({ version: 2, headline: 'Later' });
      expect(await store.story('test:none')).toBeUndefined();
    });
  });

  describe('follow', () => {
    test('hands over every entry after the start once and in order, first the old, then the new', async () => {
      await store.append(draft('a'));
      await store.append(draft('b'));
      const head = await store.head();
      const seen = follower();
      const following = await store.follow({ epoch: head.epoch, sequence: 1 }, seen);
      await following.catchUp();
      expect(sequences(seen.seen)).toEqual([2]);
      await Promise.all(Array.from({ length: 50 }, (_, index) => store.append(draft(`n${index}`))));
      await until(() => seen.seen.length >= 51, 'all entries');
      expect(sequences(seen.seen)).toEqual(Array.from({ length: 51 }, (_, index) => index + 2));
      expect(seen.resets).toBe(0);
      await following.close();
    });

    test('sees what another process appends', async () => {
      const other = world.open();
      const seen = follower();
      const following = await store.follow({ epoch: (await store.head()).epoch, sequence: 0 }, seen);
      await other.append(draft('a'));
      await until(() => seen.seen.length === 1, 'the entry of the other process');
      await following.close();
      await other.close();
    });

    test('says so when the log no longer reaches back, or is another one', async () => {
      await store.close();
      store = world.open({ retention: { stories: 3 } });
      for (const id of ['a', 'b', 'c', 'd', 'e']) await store.append(draft(id));
      const { epoch } = await store.head();
      for (const start of [
        { epoch, sequence: 0 },
        { epoch: 'another', sequence: 4 },
        { epoch, sequence: 99 },
      ]) {
        const seen = follower();
        const following = await store.follow(start, seen);
        await following.catchUp();
        expect(seen.resets).toBe(1);
        expect(sequences(seen.seen)).toEqual([3, 4, 5]);
        await following.close();
      }
    });

    test('is silent once closed', async () => {
      const seen = follower();
      const following = await store.follow({ epoch: (await store.head()).epoch, sequence: 0 }, seen);
      await following.close();
      await store.append(draft('a'));
      expect(seen.seen).toEqual([]);
    });
  });

  describe('retention', () => {
    test('keeps no more entries than allowed, and still knows the stories that left', async () => {
      await store.close();
      store = world.open({ retention: { stories: 3 } });
      for (const id of ['a', 'b', 'c', 'd', 'e']) await store.append(draft(id));
      expect(sequences(await readAll())).toEqual([3, 4, 5]);
      expect(await store.head()).toMatchObject({ first: 3, last: 5 });
      expect(await store.append(draft('a'))).toEqual({ outcome: 'known' });
      expect(await store.story('test:a')).toBeUndefined();
      expect(await store.append(draft('a', { headline: 'New' }))).toMatchObject({
        entry: { story: { version: 2 } },
      });
    });

    test('keeps no older entries than allowed, also in a log that nobody appends to', async () => {
      await store.close();
      let time = Date.parse('2026-01-01T00:00:00Z');
      store = world.open({ retention: { hours: 2 }, now: () => time });
      await store.append(draft('a'));
      time += HOUR;
      await store.append(draft('b'));
      time += 1.5 * HOUR;
      await store.retain();
      expect(sequences(await readAll())).toEqual([2]);
      time += HOUR;
      await store.retain();
      expect(await store.head()).toMatchObject({ first: 3, last: 2 });
      expect((await store.append(draft('c'))).outcome).toBe('new');
      expect(sequences(await readAll())).toEqual([3]);
    });

    test('forgets a story only when no source has shown it for a month', async () => {
      await store.close();
      let time = Date.parse('2026-01-01T00:00:00Z');
      store = world.open({ retention: { hours: 1 }, now: () => time });
      await store.append(draft('shown'));
      await store.append(draft('gone'));
      for (let day = 0; day < 40; day += 5) {
        time += 5 * 24 * HOUR;
        expect((await store.append(draft('shown'))).outcome).toBe('known');
        await store.retain();
      }
      expect((await store.append(draft('shown'))).outcome).toBe('known');
      expect((await store.append(draft('gone'))).outcome).toBe('new');
    });
  });

  test('reads the entries with given sequences, as far as it has them', async () => {
    for (const id of ['a', 'b', 'c']) await store.append(draft(id));
    await store.append(draft('a', { headline: 'Other' }));
    const read = await store.readAt([1, 3, 99]);
    expect(read.map(({ sequence, current }) => [sequence, current])).toEqual([
      [1, false],
      [3, true],
    ]);
    expect(await store.readAt([])).toEqual([]);
  });

  describe('what was found out about a story', () => {
    const why = [{ topic: 'politics', by: 'keyword', words: 'parliament', in: 'headline' } as const];

    test('is kept with its version: why it has its topics, until there is another version', async () => {
      await store.append({ ...draft('a'), why });
      expect(await store.why('test:a')).toEqual(why);
      await store.append(draft('a', { headline: 'Other' }));
      expect(await store.why('test:a')).toBeUndefined();
      expect(await store.why('test:nothing')).toBeUndefined();
    });

    test('is what everyone reads from then on; nothing is appended', async () => {
      await store.append({ ...draft('a'), why });
      const other = world.open();
      const findings = { topics: ['sport'], cluster: 'c1', alsoReportedBy: ['bbc'] };
      expect(await store.note('test:a', 1, findings, [{ topic: 'sport', by: 'name' }])).toBe(true);
      expect(await other.story('test:a')).toMatchObject({ version: 1, ...findings });
      expect((await readAll(other)).map(({ story }) => story)).toMatchObject([findings]);
      expect(await other.why('test:a')).toEqual([{ topic: 'sport', by: 'name' }]);
      expect((await store.head()).last).toBe(1);
      expect(await store.note('test:a', 1, { alsoReportedBy: ['bbc', 'afp'] })).toBe(true);
      expect(await other.story('test:a')).toMatchObject({ ...findings, alsoReportedBy: ['bbc', 'afp'] });
      expect(await other.why('test:a')).toEqual([{ topic: 'sport', by: 'name' }]);
      await other.close();
    });

    test('is told to those who follow', async () => {
      await store.append(draft('a'));
      const { epoch, last } = await store.head();
      const told: unknown[] = [];
      const following = await store.follow(
        { epoch, sequence: last },
        { ...follower(), noted: (...note) => void told.push(note) },
      );
      await following.catchUp();
      // A note is told to those who listen already, and when that is depends on the connection.
      const note = () => store.note('test:a', 1, { cluster: 'c1' });
      await until(async () => (await note()) && told.length > 0, 'the note');
      expect(told[0]).toEqual(['test:a', 1, { cluster: 'c1' }]);
      await following.close();
    });

    test('does not change another version, a withdrawn story, or one that is not there', async () => {
      await store.append(draft('a'));
      await store.append(draft('a', { headline: 'Other' }));
      expect(await store.note('test:a', 1, { topics: ['sport'] })).toBe(false);
      expect(await store.note('test:b', 1, { topics: ['sport'] })).toBe(false);
      await store.append(withdrawal('a'));
      expect(await store.note('test:a', 3, { topics: ['sport'] })).toBe(false);
      expect(await store.story('test:a')).toMatchObject({ topics: ['politics'] });
    });

    test('ends with its version', async () => {
      await store.append(draft('a'));
      await store.note('test:a', 1, { topics: ['sport'], cluster: 'c1' });
      await store.append(draft('a', { headline: 'Other' }));
      expect(await store.story('test:a')).toMatchObject({ version: 2, topics: ['politics'] });
      expect((await store.story('test:a'))?.cluster).toBeUndefined();
    });

    test('makes a withdrawal reach also those who got the story by what was found out', async () => {
      await store.append(draft('a', { topics: ['politics'] }));
      await store.note('test:a', 1, { topics: ['sport'] });
      await store.note('test:a', 1, { topics: ['arts'] });
      expect(await store.append(withdrawal('a'))).toMatchObject({
        entry: { reach: [{ topics: ['politics'] }, { topics: ['sport'] }, { topics: ['arts'] }] },
      });
    });
  });

  describe('a held story', () => {
    const at = Date.parse('2026-06-01T12:00:00Z');

    test('is nowhere until its time, then appended once, whoever asks and however often', async () => {
      await store.hold(draft('later'), at + 1000);
      await store.hold(
        { ...draft('soon'), correction: true, why: [{ topic: 'politics', by: 'publisher' }] },
        at,
      );
      await store.hold(
        draft('last', { image: { alt: 'In any order', href: 'https://news.example/a.jpg' } }),
        at + 5000,
      );
      expect(await store.head()).toMatchObject({ last: 0 });
      expect(await store.story('test:soon')).toBeUndefined();
      expect(await store.held('test:soon')).toEqual(content('soon'));

      expect(await store.due(at - 1, 10)).toEqual({ drafts: [], next: at });
      const due = await store.due(at + 1000, 10);
      expect(due).toMatchObject({
        drafts: [{ content: { id: 'test:soon' }, correction: true }, { content: { id: 'test:later' } }],
        next: at + 5000,
      });
      expect((await store.due(at + 1000, 1)).drafts).toHaveLength(1);

      const other = world.open();
      const released = await Promise.all(
        [store, other, store].flatMap((each) => due.drafts.map((one) => each.append(one, 'release'))),
      );
      expect(released.filter(({ outcome }) => outcome === 'new')).toHaveLength(2);
      expect(released.filter(({ outcome }) => outcome === 'known')).toHaveLength(4);
      await other.close();
      expect(await store.due(at + 1000, 10)).toEqual({ drafts: [], next: at + 5000 });
      expect(await store.held('test:soon')).toBeUndefined();
    });

    test('is replaced by another, and then the old one is not appended any more', async () => {
      await store.hold(draft('a', { headline: 'First' }), at);
      const [old] = (await store.due(at, 10)).drafts;
      await store.hold(draft('a', { headline: 'Second' }), at + 10);
      if (!old) throw new Error('nothing was due');
      expect(await store.append(old, 'release')).toEqual({ outcome: 'known' });
      expect(await store.due(at, 10)).toEqual({ drafts: [], next: at + 10 });
      const [second] = (await store.due(at + 10, 10)).drafts;
      expect(second && (await store.append(second, 'release'))).toMatchObject({
        entry: { story: { headline: 'Second', version: 1 } },
      });
    });

    test('can be taken back, and survives a restart', async () => {
      await store.hold(draft('a'), at);
      await store.hold(draft('b'), at);
      expect(await store.unhold('test:a')).toBe(true);
      expect(await store.unhold('test:a')).toBe(false);
      await store.close();
      store = world.open();
      expect((await store.due(at, 10)).drafts).toMatchObject([{ content: { id: 'test:b' } }]);
    });
  });

  test('starts a log with an epoch of its own, and keeps it over a restart', async () => {
    const before = await store.head();
    expect(before).toMatchObject({ first: 1, last: 0 });
    await store.append(draft('a'));
    await store.close();
    store = world.open();
    expect(await store.head()).toEqual({ ...before, last: 1 });
    expect((await readAll())[0]?.story.id).toBe('test:a');
  });

  test('keeps what is remembered of each source', async () => {
    expect(await store.source('a')).toBeUndefined();
    await store.saveSource('a', { etag: 'W/"é"', failures: 2, nested: { list: [1, null] } });
    await store.saveSource('b', {});
    await store.saveSource('b', { nextPoll: 5 });
    expect(await store.source('a')).toEqual({ etag: 'W/"é"', failures: 2, nested: { list: [1, null] } });
    expect(new Map(await store.sources())).toEqual(
      new Map(Object.entries({ a: await store.source('a'), b: { nextPoll: 5 } })),
    );
  });

  test('counts the readers of the stories it knows', async () => {
    await store.append(draft('a'));
    await store.addViews(
      new Map([
        ['test:a', 2],
        ['test:none', 1],
      ]),
    );
    await store.addViews(new Map([['test:a', 3]]));
    await store.addViews(new Map());
    expect(await store.views(['test:a', 'test:none'])).toEqual(new Map([['test:a', 5]]));
    expect(await store.views([])).toEqual(new Map());
  });
}
