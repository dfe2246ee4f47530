import { z } from 'zod';

const time = z.iso.datetime();

export const moveSchema = z.object({ to: z.string(), sightings: z.int().min(1), since: time });

/** Where permanent redirects say that a feed lives now, how many polls in a row have said so, and since when. */
export type Move = z.infer<typeof moveSchema>;

const SIGHTINGS = 5;
const DAY_MS = 24 * 3_600_000;

/**
 * What is known after another poll. Redirects are called permanent by servers that are broken for an afternoon, by
 * hotel networks and by consent pages: one that is not seen the same time after time counts for nothing.
 */
export function sighted(
  before: Move | undefined,
  movedTo: string | undefined,
  now: number,
): Move | undefined {
  if (movedTo === undefined) return undefined;
  if (before?.to !== movedTo) return { to: movedTo, sightings: 1, since: new Date(now).toISOString() };
  return { ...before, sightings: before.sightings + 1 };
}

/**
 * Whether the new address may be asked instead of the old one. Never when that would give up encryption: such a
 * redirect is followed each time it is seen, and not made to last.
 */
export function isKept({ to, sightings, since }: Move, from: string, now: number): boolean {
  if (from.startsWith('https:') && !to.startsWith('https:')) return false;
  return sightings >= SIGHTINGS && now - Date.parse(since) >= DAY_MS;
}
