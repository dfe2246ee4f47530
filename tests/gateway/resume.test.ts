import { expect, test } from '@jest/globals';
import { formatCursor } from '../../src/core/cursor.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { listen } from '../support/listener.ts';
import { startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';

const CLIENTS = 60;
/** More than a page, so that those who ask for a topic are read only what has it. */
const MISSED = 500;
const TOPICS = ['politics', 'sport'];

test('clients that resume together, each from a place of its own, cost no more than two reads of the log', async () => {
  const folder = temporaryFolder();
  const store = openEmbedded({ path: folder.path, retention: { stories: 10_000, hours: 72 } });
  for (let number = 1; number <= MISSED; number += 1)
    await store.append(draft(String(number), { topics: [TOPICS[number % 2] ?? ''] }));
  let reads = 0;
  let heads = 0;
  const counted = {
    ...store,
    read: (...range: Parameters<typeof store.read>) => {
      reads += 1;
      return store.read(...range);
    },
    readAt: (...places: Parameters<typeof store.readAt>) => {
      reads += 1;
      return store.readAt(...places);
    },
    head: () => {
      heads += 1;
      return store.head();
    },
  };
  const service = await startService({ store: counted });
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => listen(service.url)));
  const { epoch } = await store.head();

  // The index of topics is filled beside all else; without it, everybody is read everything.
  await until(() => service.gateway.topicCounts().get('sport') === MISSED / 2, 'the topics of the log');
  /** A third wants everything, the others one topic each. */
  const filterOf = (index: number) => TOPICS[index % 3];
  [reads, heads] = [0, 0];

  await Promise.all(
    clients.map(async (client, index) => {
      const filter = filterOf(index);
      const after = formatCursor({ epoch, sequence: index });
      const answer = await client.subscribe({ filter, after });
      expect(answer).toMatchObject({ ok: true, gap: false });
      await client.ready();
    }),
  );

  expect(reads).toBeLessThanOrEqual(2);
  expect(heads).toBeLessThanOrEqual(2);
  for (const [index, client] of clients.entries()) {
    const missed = Array.from({ length: MISSED - index }, (_, n) => index + 1 + n);
    const filter = filterOf(index);
    const owed = missed.filter((number) => filter === undefined || TOPICS[number % 2] === filter);
    expect(client.ids().map(Number)).toEqual(owed);
    client.close();
  }
  await service.close();
  await store.close();
  folder.remove();
});
