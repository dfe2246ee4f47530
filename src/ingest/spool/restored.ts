import { z } from 'zod';
import type { Store } from '../../store/store.ts';
import type { HandedIn } from './overtaken.ts';

/** What all processes together have handed in again after the store lost it. */
export interface Restored {
  /** By story id: the draft that was handed in again last. */
  handedIn: Map<string, HandedIn>;
  /** Answers whether this process still is the one that restores. */
  renew(): Promise<boolean>;
  /** Writes down what was restored, and lets the next process restore. */
  close(): Promise<void>;
}

const SETTING = 'restored';
/** No source has such an id. */
const CLAIM = ':restore';
const LEASE_MS = 15_000;
/** The newest are remembered. */
const MOST = 20_000;

/** Of each story, when it was first handed in and its entry. */
const shape = z.object({
  epoch: z.string(),
  handedIn: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

/**
 * One process restores at a time: of a story that was published at one gateway and withdrawn at another, the older word
 * must not be the last, whichever of them restores first.
 *
 * @returns `undefined` while another process does
 * @throws {WireError} `unavailable`
 */
export async function beginRestoring(
  store: Pick<Store, 'claim' | 'unclaim' | 'setting' | 'saveSetting'>,
  member: string,
  epoch: string,
): Promise<Restored | undefined> {
  const renew = async () => (await store.claim(member, [CLAIM], LEASE_MS)).has(CLAIM);
  if (!(await renew())) return undefined;
  const handedIn = read(await store.setting(SETTING), epoch);
  return {
    handedIn,
    renew,
    async close() {
      const newest = [...handedIn].sort(([, a], [, b]) => b.at - a.at).slice(0, MOST);
      const told = newest.map(([id, { at, sequence }]) => [id, [at, sequence]]);
      await store.saveSetting(SETTING, JSON.stringify({ epoch, handedIn: Object.fromEntries(told) }));
      await store.unclaim(member, [CLAIM]);
    },
  };
}

function read(text: string | undefined, epoch: string): Restored['handedIn'] {
  try {
    const { data } = shape.safeParse(JSON.parse(text ?? ''));
    const told = data?.epoch === epoch ? Object.entries(data.handedIn) : [];
    return new Map(told.map(([id, [at, sequence]]) => [id, { at, sequence }]));
  } catch {
    return new Map();
  }
}
