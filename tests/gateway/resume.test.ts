import { expect, test } from '@jest/globals';
import { formatCursor } from '../../src/core/cursor.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { temporaryFolder } from '../support/folder.ts';
import { listen } from '../support/listener.ts';
import { startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';

const CLIENTS = 150;
const MISSED = 300;

test('clients that resume together, each from a place of its own, cost no more than two reads of the log', async () => {
  const folder = temporaryFolder();
  const store = openEmbedded({ path: folder.path, retention: { stories: 10_000, hours: 72 } });
  for (let number = 1; number <= MISSED; number += 1) await store.append(draft(String(number)));
  let reads = 0;
  let heads = 0;
  const counted = {
    ...store,
    read: (...range: Parameters<typeof store.read>) => {
      reads += 1;
      return store.read(...range);
    },
    head: () => {
      heads += 1;
      return store.head();
    },
  };
  const service = await startService({ store: counted });
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => listen(service.url)));
  const { epoch } = await store.head();
  [reads, heads] = [0, 0];

  await Promise.all(
    clients.map(async (client, index) => {
      const answer = await client.subscribe({ after: formatCursor({ epoch, sequence: index }) });
      expect(answer).toMatchObject({ ok: true, gap: false });
      await client.ready();
    }),
  );

  expect(reads).toBeLessThanOrEqual(2);
  expect(heads).toBeLessThanOrEqual(2);
  for (const [index, client] of clients.entries()) {
    expect(client.stories).toHaveLength(MISSED - index);
    expect(client.ids()[0]).toBe(String(index + 1));
    client.close();
  }
  await service.close();
  await store.close();
  folder.remove();
});
