import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fullJitter } from '../../src/client/backoff.ts';
import { connect, type State, type Wire, type WireStory } from '../../src/client/wire.ts';
import { until } from '../support/events.ts';
import { type Service, startService } from '../support/service.ts';
import { draft, withdrawal } from '../support/stories.ts';

let service: Service;
let wire: Wire;

beforeEach(async () => {
  service = await startService();
  wire = connect(service.url);
});

afterEach(async () => {
  wire.close();
  await service.close();
});

const names = (stories: WireStory[]) =>
  stories.map(({ id, version }) => `${id.replace('test:', '')}${version > 1 ? version : ''}`);
const append = (id: string, more: Parameters<typeof draft>[1] = {}) => service.store.append(draft(id, more));
const live = () => until(() => wire.state === 'live', 'the wire to be live');

describe('the client library', () => {
  test('hands each subscription its own stories, of several on one connection', async () => {
    const seen: Record<string, WireStory[]> = { politics: [], sport: [], all: [] };
    wire.subscribe({ filter: 'politics' }, (story) => seen.politics?.push(story));
    wire.subscribe({ filter: { any: ['sport', { text: 'everyone' }] } }, (story) => seen.sport?.push(story));
    wire.subscribe({}, (story) => seen.all?.push(story));
    await live();
    await append('a', { topics: ['politics'] });
    await append('b', { topics: ['sport'] });
    await append('c', { topics: ['politics', 'sport'] });
    await append('d', { topics: [], headline: 'For everyone' });
    await until(() => seen.all?.length === 4, 'four stories');
    expect(Object.fromEntries(Object.entries(seen).map(([key, stories]) => [key, names(stories)]))).toEqual({
      politics: ['a', 'c'],
      sport: ['b', 'c', 'd'],
      all: ['a', 'b', 'c', 'd'],
    });
  });

  test('gives a later subscription its replay, and the earlier one nothing twice', async () => {
    for (const id of ['a', 'b', 'c']) await append(id);
    const first: WireStory[] = [];
    const second: WireStory[] = [];
    wire.subscribe({ filter: 'politics' }, (story) => first.push(story));
    await live();
    await append('d');
    await until(() => first.length === 1, 'the live story');
    wire.subscribe({ last: 3 }, (story) => second.push(story));
    await until(() => second.length === 3, 'the replay');
    await append('e');
    await until(() => first.length === 2 && second.length === 4, 'the next live story');
    expect(names(first)).toEqual(['d', 'e']);
    expect(names(second)).toEqual(['b', 'c', 'd', 'e']);
  });

  test('comes back after the connection was cut, with everything in between, once and in order', async () => {
    const seen: WireStory[] = [];
    const states: State[] = [];
    wire.on('state', (state) => states.push(state));
    wire.subscribe({ filter: 'politics' }, (story) => seen.push(story));
    await live();
    await append('a');
    await until(() => seen.length === 1, 'the first story');
    const sinkCut = until(() => wire.state === 'offline', 'the cut to be noticed');
    for (const socket of await socketsOf(service)) socket.close();
    await append('b');
    await append('a', { headline: 'A again' });
    await sinkCut;
    await append('c', { topics: ['sport'] });
    await append('d');
    await until(() => seen.length === 4, 'what was missed');
    await append('e');
    await until(() => seen.length === 5, 'what is live again');
    expect(names(seen)).toEqual(['a', 'b', 'a2', 'd', 'e']);
    expect(states).toEqual(expect.arrayContaining(['offline', 'live']));
  });

  test('hands over withdrawals, to whoever had the story even if it has moved on', async () => {
    const politics: WireStory[] = [];
    const sport: WireStory[] = [];
    wire.subscribe({ filter: 'politics' }, (story) => politics.push(story));
    wire.subscribe({ filter: 'sport' }, (story) => sport.push(story));
    await live();
    await append('a', { topics: ['politics'] });
    await append('a', { topics: ['weather'], headline: 'Moved' });
    await service.store.append(withdrawal('a'));
    await append('end', { topics: ['sport'] });
    await until(() => sport.length === 1, 'the last story');
    expect(politics.map(({ status }) => status)).toEqual(['usable', 'canceled']);
    expect(names(sport)).toEqual(['end']);
  });

  test('says what the server refuses, and keeps the other subscriptions', async () => {
    const errors: string[] = [];
    const seen: WireStory[] = [];
    wire.subscribe({ filter: 'politics AND' }, () => {}, { error: ({ code }) => errors.push(code) });
    wire.subscribe({}, (story) => seen.push(story));
    await until(() => errors.length === 1, 'the refusal');
    await live();
    await append('a');
    await until(() => seen.length === 1, 'the story');
    expect(errors).toEqual(['invalid_filter']);
    expect(() => wire.subscribe({ after: 'rubbish' }, () => {})).toThrow('is not a cursor');
  });

  test('keeps the cursor to resume with later, also in another process', async () => {
    await append('a');
    const subscription = wire.subscribe({ last: 1 }, () => {});
    await live();
    const { cursor } = subscription;
    wire.close();
    await append('b');
    const seen: WireStory[] = [];
    wire = connect(service.url);
    let gap: boolean | undefined;
    wire.subscribe({ after: cursor }, (story) => seen.push(story), {
      ready: (ready) => {
        gap = ready.gap;
      },
    });
    await until(() => gap !== undefined, 'the replay');
    expect({ names: names(seen), gap }).toEqual({ names: ['b'], gap: false });
  });

  test('gives the compact view, also where a filter needs more than that to decide', async () => {
    const flagged: WireStory[] = [];
    const plain: WireStory[] = [];
    wire.subscribe({ filter: { flag: ['breaking'] }, view: 'compact' }, (story) => flagged.push(story));
    wire.subscribe({ filter: 'politics', view: 'compact' }, (story) => plain.push(story));
    await live();
    await append('a', { flags: ['breaking'], topics: ['sport'] });
    await append('b');
    await until(() => plain.length === 1 && flagged.length === 1, 'both stories');
    expect([...flagged, ...plain].some((story) => 'flags' in story)).toBe(false);
    expect([names(flagged), names(plain)]).toEqual([['a'], ['b']]);
  });

  test('ends a subscription without ending the others', async () => {
    const ended: WireStory[] = [];
    const seen: WireStory[] = [];
    const subscription = wire.subscribe({}, (story) => ended.push(story));
    wire.subscribe({}, (story) => seen.push(story));
    await live();
    subscription.close();
    await append('a');
    await until(() => seen.length === 1, 'the story');
    expect(ended).toEqual([]);
  });
});

/** The server's end of every connection. */
async function socketsOf({ gateway }: Service): Promise<{ close(): void }[]> {
  return gateway.clients().map(({ sink }) => ({ close: () => sink.close() }));
}

test('clients that were cut off together do not come back together', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 100 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (attempt, random) => {
        const pause = fullJitter(attempt, () => random);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(20_000);
        expect(pause).toBeCloseTo(random * Math.min(20_000, 500 * 2 ** attempt));
      },
    ),
  );
});
