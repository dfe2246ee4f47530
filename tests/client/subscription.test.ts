import { describe, expect, test } from '@jest/globals';
import { createSubscription } from '../../src/client/subscription.ts';
import type { Story } from '../../src/core/story.ts';
import { story } from '../support/stories.ts';

function subscription() {
  const shown: string[] = [];
  const made = createSubscription(
    {},
    ({ id, version, status }) => void shown.push(`${id} ${version} ${status}`),
    {},
  );
  const answer = (cursor: string, gap = false) =>
    made.acknowledged({ ok: true, id: 'a', cursor, gap, filter: '' });
  const comes = (cursor: string, version: number, more: Partial<Story> = {}) =>
    made.story(story('a', 1, { cursor, version, ...more }), true);
  answer('one.0');
  return { shown, answer, comes };
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
