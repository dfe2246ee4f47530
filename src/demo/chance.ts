/** Chance that a seed decides: the same seed draws the same numbers, so that a newsroom can be repeated. */
export interface Chance {
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** Whether something of this probability (0 to 1) happens. */
  happens(probability: number): boolean;
  /** @throws {Error} when there is nothing to pick from. */
  pick<T>(from: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
}

/** @param seed any number; only its lower 32 bits count. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;

  // mulberry32: small, and good enough for anything but secrets.
  const draw = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  const between = (from: number, to: number): number => from + Math.floor(draw() * (to - from + 1));

  return {
    between,
    happens: (probability) => draw() < probability,
    pick(from) {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new Error('Nothing to pick from.');
      return picked;
    },
    shuffle(list) {
      return list
        .map((value) => ({ value, order: draw() }))
        .sort((a, b) => a.order - b.order)
        .map(({ value }) => value);
    },
  };
}
