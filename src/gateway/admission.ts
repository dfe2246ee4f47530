import { createBucket, type Rate } from './bucket.ts';

/** So many newcomers a second, and so many at once after a quiet time, are let in by one gateway. */
export const HANDSHAKES: Rate = { perSecond: 500, burst: 1_000 };
/** Nobody is told to stay away for longer than this, in seconds. */
export const MAX_AWAY = 60;
const SOONEST = 1;

export const CROWDED = 'Too many clients are coming at once; come again a little later.';

/** Whether a newcomer is let in now (0), or after how many seconds it should come again. */
export type Admit = () => number;

/**
 * Lets newcomers in at a bounded rate, so that a storm of them delays no story. Those who are refused are given times
 * of their own, one after the other at that same rate, so that they do not come back as the storm they left as.
 */
export function createAdmission(
  rate: Rate = HANDSHAKES,
  now: () => number = performance.now.bind(performance),
): Admit {
  const bucket = createBucket(rate, now);
  /** The time that was last given away, in milliseconds. */
  let given = 0;

  return () => {
    if (bucket.take()) return 0;
    const at = now();
    given = Math.max(given + 1000 / rate.perSecond, at + SOONEST * 1000);
    const seconds = (given - at) / 1000;
    // More than that many are too many to promise each a time: they are spread over all of it.
    if (seconds > MAX_AWAY) given = at + SOONEST * 1000;
    return Math.round(Math.min(seconds, MAX_AWAY) * 10) / 10;
  };
}
