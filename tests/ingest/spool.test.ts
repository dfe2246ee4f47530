import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { WireError } from '../../src/core/errors.ts';
import { openSpool, type Spool, type SpoolDeps } from '../../src/ingest/spool/spool.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { createForgetfulStore } from '../support/forgetful-store.ts';
import { createSharedClaims } from '../support/shared-claims.ts';
import { draft, withdrawal } from '../support/stories.ts';

const log = pino({ level: 'silent' });
const metrics = { story: () => {}, lag: () => {} };
const LOOK = { idle: 20, waiting: 20 };

let folder: ReturnType<typeof temporaryFolder>;
let stores: Store[];
let spools: Spool[];

beforeEach(() => {
  folder = temporaryFolder();
  stores = [];
  spools = [];
});
afterEach(async () => {
  await Promise.all(spools.map((spool) => spool.close()));
  await Promise.all(stores.map((store) => store.close()));
  folder.remove();
});

/** A store that can be away, and come back as another one. */
function link() {
  const open = (): Store => {
    const path = join(folder.path, `store-${stores.length}`);
    const store = openEmbedded({ path, retention: { stories: 1000, hours: 72 } });
    stores.push(store);
    return store;
  };
  // The embedded store has one member only, and so refuses nobody.
  const claims = createSharedClaims().as();
  let behind = open();
  let isAway = false;
  const via = <A extends unknown[], R>(call: (store: Store, ...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (isAway) throw new WireError('unavailable', 'away');
      return call(behind, ...args);
    };
  };
  const store: SpoolDeps['store'] = {
    append: via((to, ...args: Parameters<Store['append']>) => to.append(...args)),
    offer: via((to, ...args: Parameters<Store['offer']>) => to.offer(...args)),
    head: via((to) => to.head()),
    story: via((to, id: string) => to.story(id)),
    hold: via((to, ...args: Parameters<Store['hold']>) => to.hold(...args)),
    held: via((to, id: string) => to.held(id)),
    unhold: via((to, id: string) => to.unhold(id)),
    claim: via((_, ...args: Parameters<Store['claim']>) => claims.claim(...args)),
    unclaim: via((_, ...args: Parameters<Store['unclaim']>) => claims.unclaim(...args)),
    setting: via((to, name: string) => to.setting(name)),
    saveSetting: via((to, name: string, text: string) => to.saveSetting(name, text)),
  };
  return {
    store,
    cut() {
      isAway = true;
    },
    mend() {
      isAway = false;
    },
    /** Comes back empty. */
    wipe() {
      behind = open();
      isAway = false;
    },
    behind: () => behind,
  };
}

type Link = ReturnType<typeof link>;

async function open(to: Link, more: Partial<SpoolDeps> = {}): Promise<Spool> {
  const path = join(folder.path, 'spool');
  const spool = await openSpool({
    folder: path,
    store: to.store,
    now: Date.now,
    log,
    metrics,
    lookMs: LOOK,
    staleMs: 3000,
    ...more,
  });
  spools.push(spool);
  spool.start();
  return spool;
}

/** What a process leaves that is killed now. */
function leaveAsKilled(): void {
  const path = join(folder.path, 'spool');
  const [book = ''] = readdirSync(path);
  cpSync(join(path, book), join(path, 'killed'), { recursive: true });
  utimesSync(join(path, 'killed'), 0, 0);
}

async function entries(to: Link): Promise<string[]> {
  const read = await to.behind().read({ after: 0, limit: 1000 });
  return read.map(({ story }) => {
    const { id, version, status, headline } = story;
    return `${id.replace('test:', '')} ${version} ${status === 'canceled' ? 'canceled' : headline}`;
  });
}

const says = (id: string, headline: string) => draft(id, { headline });
const logged = (to: Link, count: number) =>
  until(async () => (await entries(to)).length >= count, `${count} entries`);
const idle = (spool: Spool) => until(() => spool.waitingBytes() === 0, 'nothing to wait');

describe('while the store is away', () => {
  test('what is handed in is kept, and is appended once, in order, when it is back', async () => {
    const to = link();
    const spool = await open(to);
    expect(await spool.append(says('a', 'before'))).toMatchObject({ outcome: 'new' });
    to.cut();
    const kept = [says('a', 'one'), says('b', 'two'), says('a', 'three'), withdrawal('b')];
    for (const each of kept) expect(await spool.append(each)).toEqual({ outcome: 'kept' });
    to.mend();
    await logged(to, 5);
    await idle(spool);
    expect(await entries(to)).toEqual(['a 1 before', 'a 2 one', 'b 1 two', 'a 3 three', 'b 2 canceled']);
    expect(await spool.append(says('a', 'three'))).toEqual({ outcome: 'known' });
  });

  test('what the store was known to have is not kept, nor twice what is', async () => {
    const to = link();
    const spool = await open(to);
    await spool.append(says('a', 'one'));
    to.cut();
    expect(await spool.append(says('a', 'one'))).toEqual({ outcome: 'known' });
    expect(spool.waitingBytes()).toBe(0);
    await spool.append(says('a', 'two'));
    const bytes = spool.waitingBytes();
    expect(await spool.append(says('a', 'two'))).toEqual({ outcome: 'kept' });
    expect(spool.waitingBytes()).toBe(bytes);
  });

  test('no more is kept than there is room for: the oldest stays, the rest is refused', async () => {
    const to = link();
    const spool = await open(to, { mostBytes: 2000 });
    to.cut();
    const outcomes: string[] = [];
    for (let n = 0; n < 10; n++) {
      const handed = spool.append(says(`s${n}`, 'x'.repeat(300)));
      outcomes.push((await handed.catch((error: WireError) => ({ outcome: error.code }))).outcome);
    }
    const count = outcomes.indexOf('unavailable');
    expect(count).toBeGreaterThan(1);
    expect(outcomes.slice(count).every((outcome) => outcome === 'unavailable')).toBe(true);
    to.mend();
    await logged(to, count);
    await idle(spool);
    expect((await entries(to)).length).toBe(count);
    expect(await spool.append(says('s9', 'again'))).toMatchObject({ outcome: 'new' });
  });

  test('a newsroom is told so, and nothing of it is kept', async () => {
    const to = link();
    const spool = await open(to);
    to.cut();
    await expect(spool.published.append(says('a', 'one'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(spool.waitingBytes()).toBe(0);
    to.mend();
    await until(() => !spool.isAway(), 'the store');
    expect(await spool.published.append(says('a', 'two'))).toMatchObject({ outcome: 'new' });
  });

  test('one story that the store cannot take does not hold up the others for ever', async () => {
    const to = link();
    const offer: Store['offer'] = (each, after) => {
      const isBad = each.kind === 'content' && each.content.headline === 'bad';
      return isBad ? Promise.reject(new WireError('unavailable', 'broken')) : to.store.offer(each, after);
    };
    const spool = await open({ ...to, store: { ...to.store, offer } }, { stuckMs: 100 });
    to.cut();
    for (const each of [says('a', 'bad'), says('b', 'good')]) await spool.append(each);
    to.mend();
    await until(() => !spool.isAway(), 'the store');
    expect(spool.waitingBytes()).toBeGreaterThan(0);
    let n = 0;
    await until(async () => {
      // As long as the store takes nothing else, it may be the store.
      await spool.append(says(`c${n++}`, 'other'));
      return (await entries(to)).some((entry) => entry.startsWith('b'));
    }, 'the other');
    await idle(spool);
  });

  test('a story that is none is refused as ever', async () => {
    const to = link();
    const spool = await open(to);
    await expect(spool.append(draft('a', { urgency: 77 }))).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('a process that is killed', () => {
  test('leaves what it kept to the next one, but for a line that was torn', async () => {
    const to = link();
    const first = await open(to);
    to.cut();
    await first.append(says('a', 'one'));
    await first.append(says('b', 'two'));
    leaveAsKilled();
    const file = join(folder.path, 'spool', 'killed', '00000001.jsonl');
    appendFileSync(file, readFileSync(file, 'utf8').slice(0, 50));
    await first.append(says('a', 'three'));
    const second = await open(to);
    to.mend();
    await logged(to, 3);
    await Promise.all([idle(first), idle(second)]);
    expect((await entries(to)).sort()).toEqual(['a 1 one', 'a 2 three', 'b 1 two']);
    await until(() => !existsSync(join(folder.path, 'spool', 'killed')), 'it to be taken');
  });

  test('in the middle of handing in loses nothing, and brings nothing twice', async () => {
    const to = link();
    const first = await open(to);
    to.cut();
    for (const text of ['one', 'two', 'three']) await first.append(says('a', text));
    leaveAsKilled();
    await first.close();
    to.mend();
    // The first of them was in the store when it was killed, and it had not said so.
    await to.behind().append(says('a', 'one'));
    for (const name of readdirSync(join(folder.path, 'spool')))
      if (name !== 'killed') rmSync(join(folder.path, 'spool', name), { recursive: true });
    const second = await open(to);
    await logged(to, 3);
    await idle(second);
    expect(await entries(to)).toEqual(['a 1 one', 'a 2 two', 'a 3 three']);
  });

  test('does not bring back an old text when another process has read the source since', async () => {
    const to = link();
    const first = await open(to);
    await first.append(says('a', 'zero'));
    await until(() => first.waitingBytes() === 0, 'the first look');
    to.cut();
    await first.append(says('a', 'one'));
    await first.append(says('b', 'other'));
    await first.close();
    to.mend();
    await to.behind().append(says('a', 'two'));
    const second = await open(to);
    await logged(to, 3);
    await idle(second);
    expect(await entries(to)).toEqual(['a 1 zero', 'a 2 two', 'b 1 other']);
  });

  test('nor when that happens in the moment when it is handed in', async () => {
    const to = link();
    let isRead = false;
    const story: Store['story'] = async (id) => {
      const found = await to.store.story(id);
      if (!isRead) await to.behind().append(says('a', 'two'));
      isRead = true;
      return found;
    };
    const spool = await open({ ...to, store: { ...to.store, story } });
    await spool.append(says('a', 'zero'));
    to.cut();
    await spool.append(says('a', 'one'));
    await spool.append(says('b', 'other'));
    to.mend();
    await logged(to, 3);
    await idle(spool);
    expect(await entries(to)).toEqual(['a 1 zero', 'a 2 two', 'b 1 other']);
  });

  test('only seemingly keeps on keeping', async () => {
    const to = link();
    const first = await open(to);
    to.cut();
    await first.append(says('a', 'one'));
    const path = join(folder.path, 'spool');
    const [book = ''] = readdirSync(path);
    renameSync(join(path, book), join(path, 'taken'));
    utimesSync(join(path, 'taken'), 0, 0);
    await first.append(says('b', 'two'));
    to.mend();
    await logged(to, 2);
    expect((await entries(to)).sort()).toEqual(['a 1 one', 'b 1 two']);
  });
});

test('what was asked for before another process appended is overtaken; what this one appended since is not newer', async () => {
  const to = link();
  const spool = await open(to);
  await spool.append(says('a', 'zero'));
  const after = spool.place();
  if (!after) throw new Error('nothing is known of the log');
  expect(await spool.offer(says('b', 'one'), after)).toMatchObject({ outcome: 'new' });
  expect(await spool.offer(says('b', 'two'), after)).toMatchObject({ outcome: 'updated' });
  await to.behind().append(says('b', 'three'));
  expect(await spool.offer(says('b', 'one'), after)).toEqual({ outcome: 'overtaken' });
  expect(spool.place()).toMatchObject({ sequence: 4 });
  expect(await entries(to)).toEqual(['a 1 zero', 'b 1 one', 'b 2 two', 'b 3 three']);
});

describe('when the store comes back with less than it had', () => {
  test('what it had taken lately is handed in again, in order, and whoever reads sources is told', async () => {
    const to = link();
    const spool = await open(to);
    let losses = 0;
    spool.onLoss(() => {
      losses += 1;
    });
    await spool.append(says('a', 'one'));
    await spool.published.append(says('own', 'two'));
    await spool.append(says('a', 'three'));
    await spool.published.append(withdrawal('own'));
    await spool.published.hold(says('later', 'four'), Date.now() + 600_000);
    const before = await entries(to);
    to.cut();
    await spool.append(says('b', 'five'));
    to.wipe();
    await logged(to, 5);
    await idle(spool);
    expect(await entries(to)).toEqual([...before, 'b 1 five']);
    expect(losses).toBe(1);
    expect(await to.behind().held('test:later')).toMatchObject({ headline: 'four' });
  });

  test('only what was lost keeps a newsroom waiting until it has been handed in again', async () => {
    for (const [lost, outcome] of [
      [0, { outcome: 'updated' }],
      [1, { code: 'unavailable' }],
    ] as const) {
      const to = createForgetfulStore();
      let isHeldUp = true;
      const store = to.as();
      const setting: Store['setting'] = async (name) => {
        await until(() => !isHeldUp, 'the restoring to go on');
        return store.setting(name);
      };
      const spool = await openSpool({
        folder: join(folder.path, `restart-${lost}`),
        store: { ...store, setting },
        now: Date.now,
        log,
        metrics,
        lookMs: LOOK,
      });
      spools.push(spool);
      spool.start();
      await spool.published.append(says('a', 'one'));
      await until(() => spool.place() !== undefined, 'the first look');
      to.restart(lost);
      await until(() => spool.waitingBytes() > 0, 'the new epoch to be seen');
      const next = spool.published.append(says('a', 'two')).catch((error: WireError) => error);
      expect(await next).toMatchObject(outcome);
      isHeldUp = false;
      await idle(spool);
    }
  });

  test('what was published here and withdrawn there stays withdrawn, whoever is first', async () => {
    const to = link();
    const [here, there] = [await open(to), await open(to)];
    await here.published.append(says('a', 'one'));
    await there.published.append(withdrawal('a'));
    await there.published.append(says('b', 'one'));
    await here.published.append(says('b', 'two'));
    to.wipe();
    await until(async () => (await to.behind().story('test:b'))?.headline === 'two', 'the newer text');
    await Promise.all([idle(here), idle(there)]);
    const story = await to.behind().story('test:a');
    expect(story?.status ?? 'canceled').toBe('canceled');
  });

  test('what has been read anew since is not followed by what was before', async () => {
    const to = link();
    const spool = await open(to);
    await spool.append(says('a', 'one'));
    const lost = new Promise<void>((resolve) => spool.onLoss(resolve));
    to.wipe();
    await to.behind().append(says('a', 'two'));
    await lost;
    await idle(spool);
    expect(await entries(to)).toEqual(['a 1 two']);
  });

  test('a process that was killed has its part handed in by the next', async () => {
    const to = link();
    const first = await open(to);
    await first.published.append(says('a', 'one'));
    await first.close();
    to.wipe();
    await open(to);
    await logged(to, 1);
    expect(await entries(to)).toEqual(['a 1 one']);
  });

  test('what it took long ago is not kept for that', async () => {
    const to = link();
    const spool = await open(to, { journal: { ms: 0, bytes: 0 } });
    await spool.append(says('a', 'one'));
    const [book = ''] = readdirSync(join(folder.path, 'spool'));
    await until(
      () => readdirSync(join(folder.path, 'spool', book)).every((name) => !name.endsWith('.jsonl')),
      'an empty folder',
    );
  });
});
