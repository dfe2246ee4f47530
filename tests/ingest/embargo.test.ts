import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createEmbargo, type Embargo } from '../../src/ingest/publish/embargo.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openStore } from '../support/open-store.ts';
import { describeRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { draft } from '../support/stories.ts';

const log = pino({ level: 'silent' });
const metrics = { story() {} };
const script = fileURLToPath(new URL('../support/releaser.ts', import.meta.url));

const running: Embargo[] = [];
function release(store: Pick<Store, 'due' | 'append'>, now = Date.now): Embargo {
  const embargo = createEmbargo({ store, now, log, metrics });
  running.push(embargo);
  embargo.start();
  return embargo;
}
async function end(...stores: Store[]): Promise<void> {
  await Promise.all(running.splice(0).map((embargo) => embargo.close()));
  await Promise.all(stores.map((store) => store.close()));
}
afterEach(() => end());

async function hold(store: Store, count: number, at: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const embargoedUntil = new Date(at).toISOString();
      return store.hold(draft(`held-${index}`, { embargoedUntil }), at);
    }),
  );
}

/** Each of the stories is in the log once, in its first version, and not before its time. */
async function expectOnce(store: Store, count: number): Promise<void> {
  const entries = await store.read({ after: 0, limit: count * 2 });
  expect(entries.map(({ story }) => story.id).sort()).toEqual(
    Array.from({ length: count }, (_, index) => `test:held-${index}`).sort(),
  );
  expect(entries.filter(({ at, story }) => at < Date.parse(story.embargoedUntil ?? ''))).toEqual([]);
  expect(entries.every(({ story }) => story.version === 1 && story.change === 'new')).toBe(true);
  expect((await store.due(Number.MAX_SAFE_INTEGER - 1, 10)).drafts).toEqual([]);
}

function embargoes(place: () => string): void {
  test('ends at its time: not before, and once', async () => {
    const store = openStore(place());
    await hold(store, 5, Date.now() + 400);
    release(store);
    await until(async () => (await store.head()).last === 5, 'the stories');
    await expectOnce(store, 5);
    await end(store);
  });

  test('ends for a story that was held while this slept, when it is woken', async () => {
    const store = openStore(place());
    const embargo = release(store);
    await store.hold(draft('held-0', { embargoedUntil: new Date().toISOString() }), Date.now());
    embargo.wake();
    await until(async () => (await store.head()).last === 1, 'the story');
    await expectOnce(store, 1);
    await end(store);
  });

  test('ends for what came due while nobody ran, many at once', async () => {
    const where = place();
    const before = openStore(where);
    await hold(before, 250, Date.now() - 60_000);
    await before.close();
    const store = openStore(where);
    release(store);
    await until(async () => (await store.head()).last === 250, 'the stories');
    await expectOnce(store, 250);
    await end(store);
  });

  test('ends once whoever is killed with -9 in the middle of it', async () => {
    const where = place();
    const store = openStore(where);
    await hold(store, 300, Date.now() - 1);
    await store.close();
    for (const killAfter of [40, 90]) {
      const child = spawn(process.execPath, ['--import', 'tsx', script, where], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      let released = 0;
      for await (const _line of createInterface({ input: child.stdout })) {
        released += 1;
        if (released === killAfter) child.kill('SIGKILL');
      }
      await exited;
    }
    const again = openStore(where);
    expect((await again.head()).last).toBeGreaterThanOrEqual(130);
    release(again);
    await until(async () => (await again.head()).last === 300, 'the other stories');
    await expectOnce(again, 300);
    await end(again);
  });
}

describe('an embargo on the embedded store', () => {
  const folders: { path: string; remove(): void }[] = [];
  afterAll(() => folders.forEach((folder) => void folder.remove()));
  embargoes(() => {
    const folder = temporaryFolder();
    folders.push(folder);
    return folder.path;
  });
});

describeRedis('an embargo on Redis', () => {
  let server: RedisServer;
  let worlds = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());
  const place = () => `${server.url} embargo-${++worlds}`;
  embargoes(place);

  test('ends once with three processes that all look for it', async () => {
    const where = place();
    const stores = [1, 2, 3].map(() => openStore(where));
    const [store] = stores;
    if (!store) throw new Error('no store');
    await hold(store, 200, Date.now() + 200);
    for (const each of stores) release(each);
    await until(async () => (await store.head()).last >= 200, 'the stories');
    await end();
    await expectOnce(store, 200);
    await Promise.all(stores.map((each) => each.close()));
  });
});

describe('an embargo', () => {
  test('holds nothing up for a story that cannot be appended, nor for a store that is away', async () => {
    const folder = temporaryFolder();
    const store = openStore(folder.path);
    await hold(store, 3, Date.now() - 1);
    let away = 1;
    release({
      async due(now, limit) {
        if (away-- > 0) throw new Error('away');
        return store.due(now, limit);
      },
      async append(draft, how) {
        if (draft.kind === 'content' && draft.content.id === 'test:held-0') throw new Error('broken');
        return store.append(draft, how);
      },
    });
    await until(async () => (await store.head()).last === 2, 'the other two');
    await end(store);
    folder.remove();
  });

  test('that another process holds is found within a second', async () => {
    const folder = temporaryFolder();
    const store = openStore(folder.path);
    const looks: number[] = [];
    const watched = {
      append: store.append,
      due: (now: number, limit: number) => {
        looks.push(now);
        return store.due(now, limit);
      },
    };
    await store.hold(draft('far'), Date.now() + 3_600_000);
    release(watched);
    await until(() => looks.length === 2, 'a second look');
    await store.hold(draft('held-0', { embargoedUntil: new Date().toISOString() }), Date.now());
    await until(async () => (await store.head()).last === 1, 'the story that nobody told of');
    await end(store);
    folder.remove();
  });
});
