import { describe, expect, test } from '@jest/globals';
import { createSubscription, type SubscribeRequest } from '../../src/client/subscription.ts';
import type { Story } from '../../src/core/story.ts';
import { story } from '../support/stories.ts';

function subscription(request: SubscribeRequest = {}) {
  const shown: string[] = [];
  const made = createSubscription(
    request,
    ({ id, version, status }) => void shown.push(`${id} ${version} ${status}`),
    {},
  );
  const answer = (cursor: string, gap = false) =>
    made.acknowledged({ ok: true, id: 'a', cursor, gap, filter: '' });
  const comes = (cursor: string, version: number, more: Partial<Story> = {}) =>
    made.story(story('a', 1, { cursor, version, ...more }), true);
  const others = (id: string, cursor: string) => made.story(story(id, 1, { cursor }), false);
  if (request.after === undefined) answer('one.0');
  return { made, shown, answer, comes, others };
}

describe('when the log goes on in another epoch, a subscription', () => {
  test('is shown nothing twice that is appended again, and no earlier version', () => {
    const { shown, answer, comes } = subscription();
    comes('one.1', 1);
    comes('one.2', 2, { headline: 'Second' });
    answer('two.0');
    comes('two.1', 1);
    comes('two.2', 2, { headline: 'Second' });
    comes('two.3', 3, { headline: 'Third' });
    expect(shown).toEqual(['test:a 1 usable', 'test:a 2 usable', 'test:a 3 usable']);
  });

  test('is shown other words under the same version', () => {
    const { shown, answer, comes } = subscription();
    comes('one.1', 1);
    answer('two.0');
    comes('two.1', 1, { headline: 'Another first' });
    expect(shown).toEqual(['test:a 1 usable', 'test:a 1 usable']);
  });

  test('is told of each withdrawal of a story that comes back', () => {
    const { shown, answer, comes } = subscription();
    const gone = { status: 'canceled', headline: '', description: '' } as const;
    comes('one.1', 1);
    comes('one.2', 2, gone);
    comes('one.3', 3, { headline: 'Back' });
    answer('two.0');
    comes('two.4', 4, gone);
    expect(shown.at(-1)).toBe('test:a 4 canceled');
  });

  test('is not shown what lies before the place that another process left it', () => {
    const { shown, answer, others } = subscription({ after: 'one.5' });
    answer('two.5');
    others('a', 'two.4');
    others('b', 'two.6');
    expect(shown).toEqual(['test:b 1 usable']);
  });

  test('asks where its place is now before it takes another replay for news, and takes nothing until it is told', () => {
    const { made, shown, answer, others } = subscription({ after: 'one.5' });
    answer('one.5');
    expect(made.isDisplacedBy(story('a', 1, { cursor: 'one.3' }))).toBe(false);
    expect(made.isDisplacedBy(story('a', 1, { cursor: 'two.4' }))).toBe(true);
    made.interrupted();
    others('a', 'two.4');
    made.ready({ id: 'a', cursor: 'two.9', replayed: 1, gap: false });
    expect(made.request()).toMatchObject({ after: 'one.5' });
    answer('two.5');
    others('a', 'two.4');
    others('b', 'two.6');
    expect(shown).toEqual(['test:b 1 usable']);
  });

  test('puts the newest in order that came in both epochs', () => {
    const shown: string[] = [];
    const made = createSubscription({ last: 5 }, ({ id }) => void shown.push(id), {});
    made.acknowledged({ ok: true, id: 'a', cursor: 'one.9', gap: false, filter: '' });
    for (const [id, cursor] of [
      ['c', 'one.9'],
      ['a', 'one.7'],
      ['b', 'one.8'],
      ['d', 'two.8'],
    ] as const) {
      expect(made.isDisplacedBy(story(id, 1, { cursor }))).toBe(false);
      made.story(story(id, 1, { cursor }), false);
    }
    made.ready({ id: 'a', cursor: 'two.8', replayed: 3, gap: false });
    expect(shown).toEqual(['test:a', 'test:b', 'test:c', 'test:d']);
  });

  test('is shown low versions as news when the log had lost everything', () => {
    const { shown, answer, comes } = subscription();
    comes('one.1', 1);
    comes('one.2', 2, { headline: 'Second' });
    answer('two.0', true);
    comes('two.1', 1, { headline: 'Second' });
    comes('two.2', 2, { headline: 'Third' });
    expect(shown).toEqual(['test:a 1 usable', 'test:a 2 usable', 'test:a 2 usable']);
  });
});
