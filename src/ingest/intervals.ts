const HOUR_MS = 3_600_000;
const LONGEST_BACKOFF_MS = HOUR_MS;
const LONGEST_RETRY_AFTER_MS = 8 * HOUR_MS;
/** Over how long the sources that are overdue after a restart are spread. */
const START_SPREAD_MS = 10_000;

/** Milliseconds to the next poll; ± 10 %, so that sources which were once polled together drift apart. */
export function afterSuccess(every: number, retryAfterMs: number | undefined, random: () => number): number {
  return Math.max(every * (0.9 + 0.2 * random()), Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

/**
 * Milliseconds to the next try: anywhere up to `every` × 2^failures, so that what failed together does not come back
 * together; at most an hour, never sooner than `every`, nor than the server asked for (of which 8 hours are believed).
 */
export function afterFailure(
  every: number,
  failures: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const ceiling = Math.min(every * 2 ** Math.min(failures, 30), LONGEST_BACKOFF_MS);
  return Math.max(every, random() * ceiling, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

/**
 * Milliseconds from the start of the process to the first poll of a source: now, when it was never polled; what
 * remains of its interval or backoff; and when it is overdue, soon, at a moment of its own.
 *
 * @param phase a number from 0 to 1 that is always the same for the same source
 */
export function atStart(
  { nextPoll, failures }: { nextPoll?: string; failures: number },
  every: number,
  now: number,
  phase: number,
): number {
  if (nextPoll === undefined) return 0;
  const remaining = Date.parse(nextPoll) - now;
  if (remaining <= 0) return phase * Math.min(every, START_SPREAD_MS);
  return Math.min(remaining, failures > 0 ? LONGEST_RETRY_AFTER_MS : every * 1.1);
}
