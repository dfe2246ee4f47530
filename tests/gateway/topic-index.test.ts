import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../src/core/story.ts';
import { createTopicIndex } from '../../src/gateway/topic-index.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { listen } from '../support/listener.ts';
import { startService } from '../support/service.ts';
import { draft, withdrawal } from '../support/stories.ts';

const signal = new AbortController().signal;

async function withStore(run: (store: Store) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  const store = openEmbedded({ path: folder.path, retention: { stories: 100_000, hours: 72 } });
  try {
    await run(store);
  } finally {
    await store.close();
    folder.remove();
  }
}

async function appendTo(store: Store, ...drafts: Parameters<Store['append']>[0][]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const each of drafts) {
    const appended = await store.append(each);
    if (appended.outcome !== 'known') entries.push(appended.entry);
  }
  return entries;
}

describe('the index of topics', () => {
  test('counts the stories of the whole log, each by its newest version, and knows where they are', async () => {
    await withStore(async (store) => {
      await appendTo(
        store,
        draft('a', { topics: ['politics'] }),
        draft('b', { topics: ['sport'] }),
        draft('a', { topics: ['politics', 'sport'], headline: 'Other' }),
        draft('c', { topics: ['sport'] }),
        withdrawal('b'),
      );
      const index = createTopicIndex(store);
      expect(index.places(['sport'], 0, 9, 10)).toBeUndefined();
      const late = await appendTo(store, draft('d', { topics: ['sport'] }));
      for (const entry of late) index.add(entry);
      // As far as the process has come, which is further than where it began to follow.
      await index.fill(6, signal);
      expect(Object.fromEntries(index.counts())).toEqual({ politics: 1, sport: 3 });
      // The withdrawal goes to whoever had the story.
      expect(index.places(['sport'], 0, 9, 10)).toEqual([3, 4, 5, 6]);
      expect(index.places(['politics', 'sport'], 3, 5, 10)).toEqual([4, 5]);
      expect(index.places(['sport'], 0, 9, 2)).toEqual([3, 4]);
      expect(index.places(['weather'], 0, 9, 2)).toEqual([]);
    });
  });

  test('follows what is found out about stories, and what leaves the log', async () => {
    await withStore(async (store) => {
      const index = createTopicIndex(store);
      await index.fill(0, signal);
      const entries = await appendTo(
        store,
        draft('a', { topics: ['politics'] }),
        draft('b', { topics: ['politics'] }),
        draft('c', { topics: ['sport'] }),
      );
      for (const entry of entries) index.add(entry);
      index.note('test:b', 1, { topics: ['sport'] });
      index.note('test:c', 7, { topics: ['arts'] });
      expect(index.places(['sport'], 0, 9, 10)).toEqual([2, 3]);
      expect(Object.fromEntries(index.counts())).toEqual({ politics: 1, sport: 2 });
      index.trim(3);
      expect(index.places(['sport', 'politics'], 2, 9, 10)).toEqual([3]);
      // Memory may reach further back than the log, and this index knows nothing of that.
      expect(index.places(['sport', 'politics'], 1, 9, 10)).toBeUndefined();
      expect(Object.fromEntries(index.counts())).toEqual({ sport: 1 });
    });
  });
});

test('who comes back for a rare topic is read what is of it, not what lies between', async () => {
  await withStore(async (store) => {
    // Together more than a gateway keeps in memory.
    const body = 'x'.repeat(23_000);
    await Promise.all(
      Array.from({ length: 3_000 }, (_, n) =>
        store.append(draft(`n${n}`, { body, topics: [n % 1_000 === 999 ? 'rare' : 'common'] })),
      ),
    );
    let read = 0;
    const counting: Store = {
      ...store,
      async read(range) {
        const entries = await store.read(range);
        read += entries.length;
        return entries;
      },
      async readAt(sequences) {
        const entries = await store.readAt(sequences);
        read += entries.length;
        return entries;
      },
    };
    const service = await startService({ store: counting });
    await until(() => service.gateway.topicCounts().get('common') === 2_997, 'the index');
    read = 0;
    const client = await listen(service.url);
    const { epoch } = await store.head();
    const after = `${epoch}.0`;
    expect(await client.subscribe({ filter: ['rare'], after })).toMatchObject({ ok: true, gap: false });
    expect(await client.ready()).toMatchObject({ replayed: 3, gap: false });
    expect(client.ids()).toEqual(['n999', 'n1999', 'n2999']);
    // What of it is in memory comes from there.
    expect(read).toBeLessThanOrEqual(3);
    client.close();
    await service.close();
  });
});
