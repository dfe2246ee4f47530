import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Position } from '../../src/core/cursor.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { temporaryFolder } from '../support/folder.ts';
import { listen } from '../support/listener.ts';
import { startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';

const retention = { stories: 100_000, hours: 72 };
const inNamespace = ['--user', '--map-root-user', '--mount'];
const script = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const mountable =
  spawnSync('unshare', [...inNamespace, 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], { stdio: 'ignore' })
    .status === 0;
if (!mountable) {
  process.stderr.write(
    'SKIPPED: this system lets nobody mount a small disk, so the full disk is not tested\n',
  );
}

describe('the embedded store', () => {
  (mountable ? test : test.skip)(
    'refuses to write when the disk is full, reads on, and writes when there is room',
    async () => {
      const program = [process.execPath, '--import', 'tsx', script('full-disk.ts'), folder.path];
      const { stdout } = await promisify(execFile)('unshare', [...inNamespace, ...program]);
      const { full, after, reopened } = JSON.parse(stdout);
      expect(full.errors.length).toBeGreaterThan(0);
      for (const error of full.errors) {
        expect(error.code).toBe('unavailable');
        expect(error.message).toMatch(
          /^Could not write to the store in .*: (Input\/output error|No space left on device)/,
        );
      }
      expect(full.read.length).toBeGreaterThan(100);
      expect([...full.read].sort()).toEqual([...full.acknowledged].sort());
      expect(after.errors).toEqual([]);
      expect([...after.read].sort()).toEqual([...after.acknowledged].sort());
      expect(after.read.at(-1)).toBe('test:after');
      expect(reopened).toEqual(after.read);
    },
  );

  describe('whose writer was killed', () => {
    /** Kills a writer in the middle, and copies its files while it writes. Answers how many stories it had been told are in. */
    async function killedWriter(killed: string, copied: string): Promise<number> {
      const child = spawn(process.execPath, ['--import', 'tsx', script('appender.ts'), killed, '10000'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      let acknowledged = 0;
      for await (const _ of createInterface({ input: child.stdout })) {
        acknowledged += 1;
        if (acknowledged === 1_000) cpSync(killed, copied, { recursive: true });
        if (acknowledged === 2_000) child.kill('SIGKILL');
      }
      await exited;
      return acknowledged;
    }

    async function readWhole(path: string): Promise<number> {
      const store = openEmbedded({ path, retention });
      const read = await store.read({ after: 0, limit: 100_000 });
      expect(read.map(({ sequence }) => sequence)).toEqual(read.map((_, index) => index + 1));
      for (const { story } of read)
        expect(story.headline).toBe(`Headline of ${story.id.replace('test:', '')}`);
      expect((await store.append(draft('next'))).outcome).toBe('new');
      await store.close();
      return read.length;
    }

    test('opens with everything that it acknowledged, or refuses in one line; a torn file is never served', async () => {
      const place = (name: string) => join(folder.path, name);
      const acknowledged = await killedWriter(place('killed'), place('copied'));
      const torn = (name: string, tear: (file: string, size: number) => void) => {
        cpSync(place('killed'), place(name), { recursive: true });
        const file = join(place(name), 'data.mdb');
        tear(file, statSync(file).size);
        return () => openEmbedded({ path: place(name), retention });
      };
      const cut = (bytes: number) => (file: string, size: number) => truncateSync(file, size - bytes);
      const overwrite = (bytes: number, byte: number) => (file: string, size: number) => {
        const descriptor = openSync(file, 'r+');
        writeSync(descriptor, Buffer.alloc(bytes, byte), 0, bytes, size - bytes);
        closeSync(descriptor);
      };

      const refusal =
        /^The store in .* cannot be opened: its files are damaged \(.+\); put a copy in their place, .*$/;
      expect(torn('a page short', cut(4_096))).toThrow(refusal);
      expect(torn('much shorter', cut(400_000))).toThrow(refusal);
      expect(torn('with zeros', overwrite(400_000, 0))).toThrow(refusal);
      expect(torn('with rubbish', overwrite(40_000, 0xa5))).toThrow(refusal);
      expect(await readWhole(place('killed'))).toBeGreaterThanOrEqual(acknowledged);

      // What was copied under the writer's hands may lack its last moments or be torn; it is one or the other.
      try {
        expect(await readWhole(place('copied'))).toBeGreaterThan(0);
      } catch (error) {
        expect((error as Error).message).toMatch(refusal);
      }
    });
  });

  describe('after a power cut', () => {
    const open = (boot: string, path = folder.path) => openEmbedded({ path, retention, boot });

    test('goes on in a new epoch; a restart of the service alone changes nothing', async () => {
      const first = open('one');
      await first.append(draft('a'));
      const before = await first.head();
      await first.close();

      const restarted = open('one');
      expect(await restarted.head()).toEqual(before);
      await restarted.close();

      const rebooted = open('two');
      const head = await rebooted.head();
      expect(head).toMatchObject({ first: 1, last: 1, lineage: [{ epoch: before.epoch, sequence: 1 }] });
      expect(head.epoch).not.toBe(before.epoch);
      await rebooted.append(draft('b'));
      expect((await rebooted.story('test:b'))?.cursor).toBe(`${head.epoch}.2`);
      await rebooted.close();

      const third = open('three');
      expect((await third.head()).lineage).toEqual([
        { epoch: before.epoch, sequence: 1 },
        { epoch: head.epoch, sequence: 2 },
      ]);
      await third.close();
    });

    test('carries over whoever has its last stories, and hands over what took their places', async () => {
      const copy = join(folder.path, 'copy');
      const path = join(folder.path, 'store');
      const first = open('one', path);
      await first.append(draft('a'));
      await first.append(draft('b'));
      await first.close();
      cpSync(path, copy, { recursive: true });
      const more = open('one', path);
      await more.append(draft('lost'));
      await more.append(draft('lost-for-good'));
      const before = await more.head();
      const cursor = (await more.story('test:lost-for-good'))?.cursor;
      await more.close();

      const rebooted = open('two', copy);
      for (const id of ['c', 'd', 'lost']) await rebooted.append(draft(id));
      const seen: string[] = [];
      const renewals: Position[] = [];
      const following = await rebooted.follow(
        { epoch: before.epoch, sequence: before.last },
        {
          entry: ({ story }) => void seen.push(story.id.replace('test:', '')),
          reset: () => void seen.push('reset'),
          renewed: (at) => void renewals.push(at),
          link() {},
        },
      );
      await following.catchUp();
      expect(renewals).toEqual([{ epoch: (await rebooted.head()).epoch, sequence: 2 }]);
      expect(seen).toEqual(['c', 'd', 'lost']);
      await following.close();

      const service = await startService({ store: rebooted });
      const client = await listen(service.url);
      await client.subscribe({ after: cursor });
      expect(await client.ready()).toMatchObject({ gap: false });
      expect(client.ids()).toEqual(['c', 'd', 'lost']);
      client.close();
      await service.close();
      await rebooted.close();
    });
  });
});
