import { afterEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { ownerOf } from '../../src/ingest/poll/claims.ts';
import { createHosts } from '../../src/ingest/poll/hosts.ts';
import { createSchedule, type Schedule, type ScheduleDeps } from '../../src/ingest/poll/schedule.ts';
import type { SourceRecord } from '../../src/store/store.ts';
import { until } from '../support/events.ts';
import { source } from '../support/feeds.ts';
import { createSharedClaims } from '../support/shared-claims.ts';

const log = pino({ level: 'silent' });
const LEASE = { leaseMs: 400, beatMs: 100 };
const found = { outcome: 'fetched', new: 0, updated: 0, canceled: 0, known: 0, bodyHash: 'x' } as const;

let closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
  closers = [];
});

/** A world of `count` sources, each on a host of its own, and of processes that share them. */
function world(count: number, { pollMs = 5 }: { pollMs?: number } = {}) {
  const sources = Array.from({ length: count }, (_, n) =>
    source({ id: `s${n}`, url: `http://h${n}.example/`, every: 50 }),
  );
  const claims = createSharedClaims();
  const records = new Map<string, SourceRecord>();
  const polling = new Map<string, string>();
  const polls: { id: string; member: string; at: number; etag?: string }[] = [];
  const together: string[] = [];

  function process(member: string, more: Partial<ScheduleDeps> = {}) {
    const link = claims.as();
    let isDead = false;
    const schedule: Schedule = createSchedule({
      sources,
      hosts: createHosts({ now: Date.now, spacingMs: 0 }),
      pipeline: {
        async read({ id }, known, options) {
          if (isDead) return new Promise((_, reject) => options?.signal?.addEventListener('abort', reject));
          if (polling.has(id)) together.push(`${id}: ${polling.get(id)} and ${member}`);
          polling.set(id, member);
          polls.push({ id, member, at: performance.now(), etag: known.validators.etag });
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, pollMs);
            options?.signal?.addEventListener('abort', () => {
              clearTimeout(timer);
              resolve();
            });
          });
          if (!isDead) polling.delete(id);
          options?.signal?.throwIfAborted();
          return { ...found, lagsMs: [], validators: { etag: `"${id}"` } };
        },
      },
      store: {
        ...link,
        source: async (id) => records.get(id),
        sources: async () => new Map(records),
        saveSource: async (id, record) => void records.set(id, record),
      },
      member,
      now: Date.now,
      log,
      random: Math.random,
      claims: LEASE,
      ...more,
    });
    schedule.start();
    closers.push(schedule.close);
    return {
      ...link,
      close: schedule.close,
      /** As kill -9: nothing is said any more, and what was polled is polled no more. */
      kill() {
        link.cut();
        isDead = true;
        for (const [id, who] of polling) if (who === member) polling.delete(id);
      },
    };
  }

  const by = (member: string, since = 0) =>
    new Set(polls.filter((poll) => poll.member === member && poll.at >= since).map(({ id }) => id));
  const shared = () => {
    const begun = performance.now();
    return until(() => {
      const since = performance.now() - 300;
      const [a, b] = [by('a', since), by('b', since)];
      const isShared =
        since > begun &&
        a.size > 0 &&
        b.size > 0 &&
        a.size + b.size === count &&
        new Set([...a, ...b]).size === count;
      return isShared ? since : undefined;
    }, 'each source to be polled by one of both');
  };
  return { sources, process, polls, records, together, by, shared, claims };
}

describe('sources are shared', () => {
  test('by two processes, each polled by one of them and by no two at once', async () => {
    const { process, together, shared, polls } = world(40);
    process('a');
    await until(() => polls.length > 40, 'the first alone');
    process('b');
    await shared();
    expect(together).toEqual([]);
  });

  test('with what is known of them', async () => {
    const { process, by, polls, records } = world(20);
    const first = process('a');
    await until(() => records.size === 20, 'all by the first');
    await first.close();
    process('b');
    await until(() => by('b').size === 20, 'all by the second');
    const begun = polls.filter(({ member }) => member === 'b').slice(0, 20);
    expect(begun.every(({ id, etag }) => etag === `"${id}"`)).toBe(true);
  });

  test('with those of one host together', async () => {
    const { process, by, shared } = world(8);
    const hosts = createHosts({ now: Date.now, spacingMs: 0, concurrent: 8 });
    const one = { ...hosts, of: (url: string) => (/h[0-3]\./.test(url) ? 'same' : hosts.of(url)) };
    process('a', { hosts: one });
    process('b', { hosts: one });
    await shared();
    const since = performance.now();
    await until(() => by('a', since).size + by('b', since).size === 8, 'all');
    const same = (ids: Set<string>) => [...ids].filter((id) => /s[0-3]/.test(id)).length;
    expect([same(by('a', since)), same(by('b', since))].sort()).toEqual([0, 4]);
  });
});

describe('a process', () => {
  test('that is killed loses its sources to the others, when its leases have ended and not before', async () => {
    const { process, together, by, shared } = world(20);
    const first = process('a');
    process('b');
    await shared();
    const killed = performance.now();
    first.kill();
    await until(() => by('b', killed).size === 20, 'all by the second');
    // The lease, a beat, and the time in which a claim that was refused is tried again.
    expect(performance.now() - killed).toBeLessThan(400 + 100 + 100 + 400);
    expect(together).toEqual([]);
  });

  test('that has lost the store stops before its leases end, and goes on when the store is back', async () => {
    const { process, together, by, polls, claims } = world(10);
    const first = process('a');
    await until(() => by('a').size === 10, 'all');
    first.cut();
    await until(() => claims.owner('s0') === undefined, 'the end of the leases');
    const count = polls.length;
    process('b');
    await until(() => by('b').size === 10, 'all by the second');
    expect(polls.slice(count).every(({ member }) => member === 'b')).toBe(true);
    first.mend();
    const since = performance.now();
    await until(() => by('a', since).size > 0, 'its share');
    expect(together).toEqual([]);
  });

  test('that has lost the store with all others goes on with what it had, and shares anew when the store is back', async () => {
    const { process, together, by, shared, polls, claims } = world(20);
    const keeping = { claims: { ...LEASE, holdWhileAway: true } };
    const [first, second] = [process('a', keeping), process('b', keeping)];
    const since = await shared();
    const before = [by('a', since), by('b', since)];
    first.cut();
    second.cut();
    await until(() => claims.owner('s0') === undefined, 'the end of the leases');
    const away = performance.now();
    await until(() => by('a', away).size + by('b', away).size === 20, 'all, by both');
    expect([by('a', away), by('b', away)]).toEqual(before);
    first.mend();
    second.mend();
    await until(() => claims.owner('s0') !== undefined, 'the leases');
    const back = performance.now();
    await until(() => by('a', back).size + by('b', back).size === 20, 'all, by both');
    await shared();
    expect([by('a', back), by('b', back)]).toEqual(before);
    expect(together).toEqual([]);
    expect(polls.length).toBeGreaterThan(60);
  });

  test('that alone has lost the store gives up, when it is back, what others have got meanwhile', async () => {
    const { process, by, shared, claims } = world(20);
    const first = process('a', { claims: { ...LEASE, holdWhileAway: true } });
    process('b');
    await shared();
    first.cut();
    const cut = performance.now();
    await until(() => by('b', cut).size === 20, 'all by the second');
    first.mend();
    await shared();
    await until(
      () =>
        ['a', 'b'].every((member) =>
          [...by(member, performance.now() - 100)].every((id) => claims.owner(id) === member),
        ),
      'no polls of what is not claimed',
    );
  });

  test('that gives a source away ends its poll of it first', async () => {
    const { process, together, shared, polls } = world(20, { pollMs: 250 });
    process('a', { places: { concurrency: 20 } });
    await until(() => polls.length >= 20, 'the first');
    process('b', { places: { concurrency: 20 } });
    await shared();
    expect(together).toEqual([]);
  });

  test('that is closed gives all away at once', async () => {
    const { process, by, shared, claims, sources } = world(20);
    const first = process('a');
    process('b');
    await shared();
    await first.close();
    expect(sources.every(({ id }) => claims.owner(id) !== 'a')).toBe(true);
    const since = performance.now();
    await until(() => by('b', since).size === 20, 'all by the second');
  });
});

describe('who owns a source', () => {
  const keys = Array.from({ length: 9000 }, (_, n) => `source-${n}`);

  test('is about evenly shared', () => {
    const counts = new Map<string, number>();
    for (const key of keys) {
      const owner = ownerOf(['a', 'b', 'c'], key) ?? '';
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    expect([...counts.values()].every((count) => count > 2700 && count < 3300)).toBe(true);
  });

  test('changes only for those of a member that comes or goes', () => {
    for (const key of keys) {
      const owner = ownerOf(['a', 'b', 'c'], key);
      if (owner !== 'c') expect(ownerOf(['a', 'b'], key)).toBe(owner);
    }
  });
});
