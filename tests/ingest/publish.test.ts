import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPublisher } from '../../src/ingest/publish/publish.ts';
import { readSubmission } from '../../src/ingest/publish/submission.ts';
import type { Store } from '../../src/store/store.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openStore } from '../support/open-store.ts';

const topics = await loadTopics();
const folder = temporaryFolder();
let store: Store;
beforeAll(() => {
  store = openStore(folder.path);
});
afterAll(async () => {
  await store.close();
  folder.remove();
});

let worlds = 0;
/** A story of its own, a clock that is set by hand, and what releases held stories when told to. */
function world() {
  const id = `world-${++worlds}`;
  const clock = { now: Date.parse('2026-06-01T12:00:00Z') };
  const now = () => clock.now;
  const publisher = createPublisher({ store, topics, now, metrics: { story() {} }, held() {} });
  const post = (headline: string, at?: number) =>
    publisher.publish({
      id,
      headline,
      ...(at === undefined ? {} : { embargoedUntil: new Date(at).toISOString() }),
    });
  const withdraw = () => publisher.withdraw(`newsroom:${id}`).catch(() => undefined);
  const release = async () => {
    for (const draft of (await store.due(clock.now, 100)).drafts) await store.append(draft, 'release');
  };
  const current = () => store.story(`newsroom:${id}`);
  return { id, clock, post, withdraw, release, current };
}

type Step =
  | { does: 'post'; headline: string; ahead: number }
  | { does: 'hold'; headline: string; ahead: number }
  | { does: 'withdraw' }
  | { does: 'wait'; ms: number };
const headline = fc.constantFrom('One', 'Two', 'Three');
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant('post' as const), headline, ahead: fc.constant(0) }),
    fc.record({ does: fc.constant('hold' as const), headline, ahead: fc.integer({ min: 1, max: 5_000 }) }),
    fc.record({ does: fc.constant('withdraw' as const) }),
    fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 4_000 }) }),
  ),
  { maxLength: 12 },
);

describe('publishing', () => {
  test('says at every moment what was last meant to be out, in whatever order things are asked', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (asked) => {
        const { clock, post, withdraw, release, current } = world();
        let out: string | undefined;
        let waiting: { headline: string; at: number } | undefined;
        for (const step of asked) {
          if (step.does === 'post') {
            await post(step.headline);
            [out, waiting] = [step.headline, undefined];
          } else if (step.does === 'hold') {
            waiting = { headline: step.headline, at: clock.now + step.ahead };
            await post(step.headline, waiting.at);
          } else if (step.does === 'withdraw') {
            await withdraw();
            [out, waiting] = [undefined, undefined];
          } else {
            clock.now += step.ms;
            await release();
            if (waiting && waiting.at <= clock.now) [out, waiting] = [waiting.headline, undefined];
          }
          const story = await current();
          expect(story?.status === 'usable' ? story.headline : undefined).toBe(out);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('lets nothing out early, and nothing after its withdrawal, when all of it happens at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -1, max: 1 }), fc.boolean(), async (late, replaced) => {
        const { clock, post, withdraw, release, current } = world();
        const at = clock.now + 10;
        await post('Held', at);
        clock.now = at + late;
        const answers = [release(), replaced ? post('Other', at + 60_000) : withdraw(), release(), release()];
        await Promise.all(answers);
        const story = await current();
        if (late < 0) expect(story).toBeUndefined();
        else if (!replaced) expect(story?.status ?? 'canceled').toBe('canceled');
        if (story?.status === 'usable') expect(story).toMatchObject({ headline: 'Held', version: 1 });
      }),
      { numRuns: 100 },
    );
  });
});

describe('a submitted story', () => {
  const read = (story: object) => {
    const submission = readSubmission({ headline: 'x', ...story }, topics);
    if (submission.kind !== 'content') throw new Error('a withdrawal');
    return submission.content;
  };

  test('has no script in it, whatever is sent', () => {
    const pieces = [
      '<script>',
      '</script>',
      '<img src=x onerror=alert(1)>',
      '<a href="javascript:x">',
      '<svg onload=x>',
      '"',
      '<',
      '>',
      '&lt;script&gt;',
      'word',
      '<iframe src=//x>',
      '<p style="x">',
      '<!--',
      ']]>',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const { body = '' } = read({ body: parts.join('') });
        expect(body).not.toMatch(/<(?:script|svg|iframe|style)|<[^>]*\son\w+=|<[^>]*javascript:/i);
      }),
    );
  });

  test('is a story whatever else is sent, or is refused as one', () => {
    const keys = [
      'id',
      'source',
      'link',
      'language',
      'body',
      'flags',
      'topics',
      'sections',
      'image',
      'urgency',
      'published',
      'embargoedUntil',
      'status',
      'change',
      'by',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (more) => {
        try {
          read(more);
        } catch (error) {
          expect(error).toHaveProperty('name', 'WireError');
          expect(error).toHaveProperty('code', 'invalid_request');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is cut to what a story may carry', () => {
    const words = 'слово '.repeat(60_000);
    const { headline, description, body, by } = read({
      headline: words,
      description: words,
      body: `<p>${words}</p>`,
      by: words,
    });
    expect([...headline].length).toBeLessThanOrEqual(500);
    expect([...(description ?? '')].length).toBeLessThanOrEqual(1000);
    expect([...(by ?? '')].length).toBeLessThanOrEqual(200);
    expect(Buffer.byteLength(body ?? '')).toBeLessThanOrEqual(200_000);
  });

  test('keeps an id that begins with its source, and puts the source before any other', () => {
    expect(read({ id: 'newsroom:a' }).id).toBe('newsroom:a');
    expect(read({ id: 'unn:a' }).id).toBe('newsroom:unn:a');
    expect(read({ id: 'desk:a', source: { id: 'desk', name: 'Desk' } })).toMatchObject({
      id: 'desk:a',
      source: { id: 'desk', name: 'Desk' },
    });
  });
});
