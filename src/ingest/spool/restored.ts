import { z } from 'zod';
import type { Store } from '../../store/store.ts';

/** What all processes together have handed in again after the store lost it. */
export interface Restored {
  /** By story id: when the draft that was handed in again last was first handed in, in milliseconds since 1970. */
  at: Map<string, number>;
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

const shape = z.object({ epoch: z.string(), at: z.record(z.string(), z.number()) });

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
  const at = read(await store.setting(SETTING), epoch);
  return {
    at,
    renew,
    async close() {
      const newest = [...at].sort(([, a], [, b]) => b - a).slice(0, MOST);
      await store.saveSetting(SETTING, JSON.stringify({ epoch, at: Object.fromEntries(newest) }));
      await store.unclaim(member, [CLAIM]);
    },
  };
}

function read(text: string | undefined, epoch: string): Map<string, number> {
  try {
    const { data } = shape.safeParse(JSON.parse(text ?? ''));
    return new Map(data?.epoch === epoch ? Object.entries(data.at) : []);
  } catch {
    return new Map();
  }
}
