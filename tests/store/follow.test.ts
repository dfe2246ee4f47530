import { expect, test } from '@jest/globals';
import type { Entry } from '../../src/core/story.ts';
import { createFollow } from '../../src/store/follow.ts';
import { until } from '../support/events.ts';
import { entry } from '../support/stories.ts';

test('hands over nothing of a later epoch in the name of the one before', async () => {
  const of = (epoch: string, id: string, sequence: number) =>
    entry(id, sequence, { cursor: `${epoch}.${sequence}` });
  const heads = [{ epoch: 'one', first: 1, last: 2, lineage: [] }];
  const later = { epoch: 'two', first: 1, last: 3, lineage: [{ epoch: 'one', sequence: 1 }] };
  const now: Entry[] = [of('one', 'a', 1), of('two', 'c', 2), of('two', 'd', 3)];
  const seen: string[] = [];
  const follow = createFollow(
    {
      // Its end is lost, and it goes on, between the two questions.
      head: async () => heads.pop() ?? later,
      entriesAfter: async (sequence, limit) => now.slice(sequence, sequence + limit),
    },
    { epoch: 'one', sequence: 0 },
    {
      entry: ({ story }) => void seen.push(story.id),
      reset: () => void seen.push('reset'),
      renewed: ({ epoch, sequence }) => void seen.push(`${epoch} from ${sequence}`),
      link() {},
    },
  );
  await follow.catchUp();
  await until(() => seen.includes('test:d'), 'the last entry');
  expect(seen).toEqual(['two from 0', 'test:a', 'test:c', 'test:d']);
  await follow.close();
});
