import { cpSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { draft, withdrawal } from '../support/stories.ts';
import { storeContract } from './contract.ts';
import { killedWriter } from './killed-writer.ts';

/** @param around what is done with each store that is opened */
function contract(around: (store: Store) => Store): void {
  storeContract(async () => {
    const folder = temporaryFolder();
    let opened: Store | undefined;
    return {
      open({ retention, ...options } = {}) {
        // One process has the folder, and once: who opens the log beside it has the same store.
        if (opened) return { ...opened, close: async () => {} };
        const store = around(
          openEmbedded({
            path: folder.path,
            retention: { stories: 1000, hours: 72, ...retention },
            ...options,
          }),
        );
        opened = store;
        return {
          ...store,
          async close() {
            opened = undefined;
            await store.close();
          },
        };
      },
      close: async () => folder.remove(),
    };
  });
}

describe('the embedded store', () => {
  describe('whose stories are in the journal', () => contract((store) => store));

  describe('whose stories LMDB has taken', () =>
    contract((store) => ({
      ...store,
      async append(...draft) {
        const appended = await store.append(...draft);
        // Any transaction takes along what is in the journal.
        await store.saveSetting('taken', 'along');
        return appended;
      },
    })));

  killedWriter(async () => {
    const folder = temporaryFolder();
    return { where: folder.path, close: async () => folder.remove() };
  });

  describe('opened after a kill, before LMDB had what was in the journal', () => {
    let folder: ReturnType<typeof temporaryFolder>;
    let left: string;
    const retention = { stories: 1000, hours: 72 };
    const journalsOf = (path: string) =>
      readdirSync(path)
        .filter((name) => name.startsWith('journal-'))
        .map((name) => join(path, name));

    /** What the folder of a process has when it is killed after these, none of which LMDB has. */
    beforeEach(async () => {
      folder = temporaryFolder();
      left = join(folder.path, 'left');
      const path = join(folder.path, 'store');
      const store = openEmbedded({ path, retention });
      const taken = draft('taken');
      await store.append(taken);
      await store.close();
      const again = openEmbedded({ path, retention });
      const why = [{ topic: 'politics', by: 'section' as const }];
      await again.append({ ...draft('a'), why });
      await again.append(draft('a', { headline: 'Second' }));
      await again.append(draft('b'));
      await again.append(withdrawal('b'));
      cpSync(path, left, { recursive: true });
      await again.close();
    });
    afterEach(() => folder.remove());

    const idsOf = async (store: Store) =>
      (await store.read({ after: 0, limit: 100 })).map(({ story }) => `${story.id} ${story.version}`);

    test('has every version, and knows them', async () => {
      const store = openEmbedded({ path: left, retention });
      expect(await idsOf(store)).toEqual(['test:taken 1', 'test:a 1', 'test:a 2', 'test:b 1', 'test:b 2']);
      expect(await store.append(draft('a', { headline: 'Second' }))).toEqual({ outcome: 'known' });
      expect(await store.append(withdrawal('b'))).toEqual({ outcome: 'known' });
      expect(await store.append(draft('b'))).toMatchObject({ entry: { sequence: 6, story: { version: 3 } } });
      await store.close();
      expect(journalsOf(left)).toEqual([]);
    });

    test('goes on before a line that was torn', async () => {
      const [journal = ''] = journalsOf(left);
      truncateSync(journal, statSync(journal).size - 10);
      const store = openEmbedded({ path: left, retention });
      expect(await idsOf(store)).toEqual(['test:taken 1', 'test:a 1', 'test:a 2', 'test:b 1']);
      await store.close();
    });

    test('takes nothing that does not go on from what LMDB has', async () => {
      const [journal = ''] = journalsOf(left);
      const lines = readFileSync(journal, 'utf8').split('\n');
      writeFileSync(journal, lines.slice(1).join('\n'));
      const store = openEmbedded({ path: left, retention });
      expect(await idsOf(store)).toEqual(['test:taken 1']);
      await store.close();
    });

    test('takes nothing of another epoch', async () => {
      const [journal = ''] = journalsOf(left);
      const other = openEmbedded({ path: join(folder.path, 'other'), retention });
      await other.append(draft('other'));
      await other.close();
      cpSync(journal, join(folder.path, 'other', 'journal-2'));
      const store = openEmbedded({ path: join(folder.path, 'other'), retention });
      expect(await idsOf(store)).toEqual(['test:other 1']);
      await store.close();
    });

    test('is told by whoever writes when another process has the folder too', async () => {
      const mine = openEmbedded({ path: left, retention });
      const other = openEmbedded({ path: left, retention });
      await Promise.all([mine.append(draft('mine')), other.append(draft('other'))]);
      await other.saveSetting('written', 'first');
      const refusal = {
        code: 'unavailable',
        message: expect.stringContaining('another process writes to it'),
      };
      await expect(mine.saveSetting('written', 'second')).rejects.toMatchObject(refusal);
      await other.append(draft('more'));
      await other.close();
      await expect(mine.saveSetting('written', 'second')).rejects.toMatchObject(refusal);
      await mine.close();
    });

    test('says in a new epoch what the power cut has left', async () => {
      const store = openEmbedded({ path: left, retention, boot: 'another' });
      expect(await idsOf(store)).toHaveLength(5);
      expect((await store.head()).lineage).toMatchObject([{ sequence: 5 }]);
      await store.close();
    });
  });
});
