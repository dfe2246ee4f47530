export interface Rate {
  /** How much comes back in a second. */
  perSecond: number;
  /** How much there is at most, and at the beginning. */
  burst: number;
}

/** A token bucket: takes what is asked for and answers true, or takes nothing. */
export function createBucket(
  { perSecond, burst }: Rate,
  now: () => number = performance.now.bind(performance),
) {
  let left = burst;
  let filled = now();

  return {
    take(cost = 1): boolean {
      const at = now();
      left = Math.min(burst, left + ((at - filled) / 1000) * perSecond);
      filled = at;
      if (left < cost) return false;
      left -= cost;
      return true;
    },
  };
}
