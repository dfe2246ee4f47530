const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/**
 * How long to wait before the next attempt, in milliseconds: anything up to twice the last limit, so that clients that
 * were cut off together do not come back together.
 */
export function fullJitter(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
}
