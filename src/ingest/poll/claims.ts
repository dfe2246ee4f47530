import type { Logger } from 'pino';
import type { Store } from '../../store/store.ts';

export interface ClaimsDeps {
  store: Pick<Store, 'join' | 'leave' | 'claim' | 'unclaim'>;
  /** The name of this process among the ingestors; no other has it. */
  member: string;
  /** Every source there is, and what it goes by when sources are shared out: those with the same go to the same member. */
  sources: ReadonlyMap<string, string>;
  /** These are this process' now, until they are taken away by one of the following. Must not throw. */
  gained(ids: string[]): void;
  /** These are to go to another member: resolves when nothing is done with them any more, and it gets them. */
  handOver(ids: string[]): Promise<void>;
  /** These may be another's from now on: whatever is done with them must end at once. */
  lost(ids: string[]): void;
  log: Logger;
  /** Milliseconds: for how long a claim holds, and how often it is renewed. */
  leaseMs?: number;
  beatMs?: number;
  /**
   * While the store does not answer, what was held goes on being held: nobody else can claim it, as long as the store
   * answers nobody. An ingestor that alone has lost the store then shares its sources with whoever got them meanwhile,
   * until it is back.
   */
  holdWhileAway?: boolean;
}

export interface Claims {
  start(): void;
  /** Gives everything back; nothing may be done with a source any more when this is called. */
  close(): Promise<void>;
}

/** What is mine but still another's is asked for again so soon. */
const SOON_MS = 1000;
/** A lease ends for us this much sooner than for the store, so that it has ended for us when another one gets it. */
const MARGIN = 0.1;
/** A store that owes an answer for so long is away. */
const ANSWER_MS = 1000;
/** The store answers other questions between two of these. */
const IDS_AT_ONCE = 1000;

/**
 * Shares the sources out among all ingestors on one store. Each says that it is alive, works out by itself which
 * sources are its own (the same for all, as long as they agree on who is alive), and claims those; it holds a source
 * only while the store has confirmed that nobody else does. When one dies, its claims end and the others take them.
 */
export function createClaims({
  store,
  member,
  sources,
  gained,
  handOver,
  lost,
  log,
  leaseMs = 9000,
  beatMs = 3000,
  holdWhileAway = false,
}: ClaimsDeps): Claims {
  const held = new Set<string>();
  const leaving = new Set<string>();
  let mine: string[] = [];
  let members = '';
  let beating = Promise.resolve();
  let beat: NodeJS.Timeout | undefined;
  let lapse: NodeJS.Timeout | undefined;
  let closed = false;
  let failing = false;
  let askedAt = 0;
  /** The claims have ended while the store was away, and what was held is held on. */
  let overdue = false;

  async function renew(): Promise<void> {
    let wait = beatMs;
    try {
      // The lease is counted from before the question: the store counts from later.
      askedAt = performance.now();
      const alive = await store.join(member, leaseMs);
      // All have been away: who is back first must not take the sources of those that are about to come.
      if (overdue) wait = Math.min(beatMs, SOON_MS);
      else share(alive);
      const confirmed = await claim([...mine, ...leaving]);
      const left = leaseMs * (1 - MARGIN) - (performance.now() - askedAt);
      failing = false;
      overdue = false;
      // An answer that comes later than the lease lasts says nothing of now.
      if (left > 0 && !closed) {
        clearTimeout(lapse);
        lapse = setTimeout(end, left);
        if (settle(confirmed)) wait = Math.min(beatMs, SOON_MS);
      }
    } catch (err) {
      log.warn({ err, held: held.size }, 'the claims on the sources were not renewed; asking again');
      wait = Math.min(beatMs, SOON_MS);
      failing = true;
    }
    askedAt = 0;
    if (!closed) beat = setTimeout(run, wait);
  }

  function run(): void {
    beating = renew();
  }

  function share(alive: readonly string[]): void {
    const now = alive.join(' ');
    if (now === members) return;
    members = now;
    mine = [...sources].filter(([, key]) => ownerOf(alive, key) === member).map(([id]) => id);
    log.info({ members: alive.length, sources: mine.length }, 'sources are shared out');
  }

  async function claim(ids: readonly string[]): Promise<Set<string>> {
    const confirmed = new Set<string>();
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const some = await store.claim(member, ids.slice(at, at + IDS_AT_ONCE), leaseMs);
      for (const id of some) confirmed.add(id);
    }
    return confirmed;
  }

  /** Answers whether something that is to be mine is still another's. */
  function settle(confirmed: ReadonlySet<string>): boolean {
    const own = new Set(mine);
    const gone = [...held].filter((id) => !confirmed.has(id) && own.has(id));
    for (const id of gone) held.delete(id);
    if (gone.length > 0) lost(gone);

    const foreign = [...held].filter((id) => !own.has(id));
    for (const id of foreign) {
      held.delete(id);
      leaving.add(id);
    }
    if (foreign.length > 0) giveBack(foreign);

    const fresh = mine.filter((id) => confirmed.has(id) && !held.has(id) && !leaving.has(id));
    for (const id of fresh) held.add(id);
    if (fresh.length > 0) gained(fresh);
    return mine.some((id) => !held.has(id));
  }

  /** Until their polls have ended they are claimed on, so that nobody polls them meanwhile. */
  async function giveBack(ids: string[]): Promise<void> {
    await handOver(ids);
    for (const id of ids) leaving.delete(id);
    await store.unclaim(member, ids).catch((err: unknown) => {
      log.warn({ err }, 'sources were not given back; the claims on them will end by themselves');
    });
  }

  function end(): void {
    const isAway = failing || (askedAt > 0 && performance.now() - askedAt > ANSWER_MS);
    if (holdWhileAway && isAway) {
      overdue = true;
      log.warn({ sources: held.size }, 'the store is away; the sources that were held are polled on');
      return;
    }
    const ids = [...held, ...leaving];
    held.clear();
    log.warn(
      { sources: ids.length },
      'the claims on the sources have ended; nothing is polled until they are back',
    );
    if (ids.length > 0) lost(ids);
  }

  return {
    start: run,
    async close() {
      closed = true;
      clearTimeout(beat);
      clearTimeout(lapse);
      await beating;
      clearTimeout(beat);
      try {
        const ids = [...held, ...leaving];
        if (ids.length > 0) await store.unclaim(member, ids);
        await store.leave(member);
      } catch (err) {
        log.warn({ err }, 'sources were not given back; the claims on them will end by themselves');
      }
    },
  };
}

/** Rendezvous hashing: when a member comes or goes, only the sources that it gets or had change hands. */
export function ownerOf(members: readonly string[], key: string): string | undefined {
  let owner: string | undefined;
  let highest = -1;
  for (const member of members) {
    const weight = hash(`${member} ${key}`);
    if (weight > highest) [owner, highest] = [member, weight];
  }
  return owner;
}

/** FNV-1a with the finishing steps of MurmurHash3, without which names that differ at their end hash alike. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
