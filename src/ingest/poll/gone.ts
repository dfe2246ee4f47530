import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Draft } from '../../store/store.ts';
import type { Fetcher } from './fetch.ts';
import { FetchError } from './fetch-error.ts';
import type { Hosts } from './hosts.ts';

const shown = z.object({ id: z.string(), link: z.string() });

export const goneSchema = z.object({
  /** What the document showed the last time it was read. */
  shown: z.array(shown).max(200),
  /** What it no longer shows; `not` counts how often its page was not there, `asked` how often it was asked for. */
  missing: z.array(shown.extend({ asked: z.int(), not: z.int() })).max(50),
});

/** A story of a document, and its page. */
export type Shown = z.infer<typeof shown>;
export type GoneMemory = z.infer<typeof goneSchema>;

export interface GoneCheck {
  /**
   * Asks for the pages of some stories that have left the document, and withdraws those that are gone for good.
   * @param now what the document shows now; absent when it has not changed
   * @returns what to hand in after the next poll, and how many were withdrawn
   * @throws {WireError} `unavailable` when the store cannot be written; keep what you had, then
   */
  check(
    before: GoneMemory | undefined,
    now: readonly Shown[] | undefined,
    signal: AbortSignal,
  ): Promise<Checked>;
}

export interface Checked {
  memory: GoneMemory;
  canceled: number;
}

export interface GoneDeps {
  fetcher: Pick<Fetcher, 'status'>;
  store: { append(draft: Draft): Promise<{ outcome: string }> };
  hosts: Pick<Hosts, 'of' | 'book' | 'heldUntil'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Where so much is to be asked first, the pages wait for another poll. */
const LONGEST_PATIENCE_MS = 5000;
/** So many pages are asked for with a poll, and so often each; a story that has only left the window costs one request. */
const PAGES = 3;
const TIMES = 5;
const MOST_SHOWN = 200;
const MOST_MISSING = 50;

/**
 * For sources with `checkGone`: most feeds only stop showing what they deleted, which they also do with what is old.
 * The page of the story knows: 410 is a word; 404 is one when it is said twice, a poll apart.
 */
export function createGoneCheck({ fetcher, store, hosts, now }: GoneDeps): GoneCheck {
  async function statusOf(url: string, signal: AbortSignal): Promise<number | undefined> {
    const host = hosts.of(url);
    if (host !== undefined && hosts.heldUntil(host) > now()) return undefined;
    const patience = host === undefined ? 0 : hosts.book(host) - now();
    if (patience > LONGEST_PATIENCE_MS) return undefined;
    try {
      await wait(patience, undefined, { signal });
      return await fetcher.status(url, signal);
    } catch (error) {
      // Whoever does not answer has not said that it is gone.
      if (error instanceof FetchError || signal.aborted) return undefined;
      throw error;
    }
  }

  return {
    async check(before, now, signal) {
      const shown = now?.slice(0, MOST_SHOWN) ?? before?.shown ?? [];
      const present = new Set(shown.map(({ id }) => id));
      const left = (before?.shown ?? []).filter(({ id }) => !present.has(id));
      const known = (before?.missing ?? []).filter(({ id }) => !present.has(id));
      const missing = [...known, ...left.map((each) => ({ ...each, asked: 0, not: 0 }))].slice(-MOST_MISSING);

      let canceled = 0;
      const open: GoneMemory['missing'] = [];
      for (const [index, each] of missing.entries()) {
        if (index >= PAGES || signal.aborted) {
          open.push(each);
          continue;
        }
        const status = await statusOf(each.link, signal);
        const asked = each.asked + 1;
        const not = status === 404 || status === 410 ? each.not + 1 : each.not;
        if (status === 410 || not >= 2) {
          const { outcome } = await store.append({ kind: 'withdrawal', id: each.id });
          if (outcome === 'canceled') canceled += 1;
        } else if (asked < TIMES && (status === undefined || status >= 400)) {
          open.push({ ...each, asked, not });
        }
      }
      return { memory: { shown: [...shown], missing: open }, canceled };
    },
  };
}
