export interface Rate {
  /** How much comes back in a second. */
  perSecond: number;
  /** How much there is at most, and at the beginning. */
  burst: number;
}

/** What is left of a rate for one client. There is one for each of them, so it is data, and all share what uses it. */
export interface Budget {
  left: number;
  filledAt: number;
}

/** @param at the time now, in milliseconds of `performance.now()` */
export function createBudget({ burst }: Rate, at = performance.now()): Budget {
  return { left: burst, filledAt: at };
}

/** A token bucket: spends what is asked for and answers true, or spends nothing. */
export function spend(
  budget: Budget,
  { perSecond, burst }: Rate,
  cost = 1,
  at: number = performance.now(),
): boolean {
  budget.left = Math.min(burst, budget.left + ((at - budget.filledAt) / 1000) * perSecond);
  budget.filledAt = at;
  if (budget.left < cost) return false;
  budget.left -= cost;
  return true;
}

/** A bucket of its own, for what there is once. */
export function createBucket(rate: Rate, now: () => number = performance.now.bind(performance)) {
  const budget = createBudget(rate, now());
  return { take: (cost = 1) => spend(budget, rate, cost, now()) };
}
