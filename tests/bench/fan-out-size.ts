import { FULL, QUICK, type Scale } from './measure.ts';

/** How much of the fan-out is measured; times are milliseconds. */
export interface Size {
  rounds: number;
  /** Clients of most measures, of the large ones, and the most that one gateway is given. */
  clients: number;
  many: number;
  most: number;
  perSecond: number;
  forMs: number;
  bursts: number;
  singles: number;
  unread: number;
  growthRounds: number;
  /** Stories a second and how many of them. */
  redis: [perSecond: number, stories: number][];
  /** Each feed has been asked for so often before anything is measured. */
  feeds: { sources: number; items: number; everyMs: number; forMs: number; before: number };
}

export const SIZES = new Map<Scale, Size>([
  [
    FULL,
    {
      rounds: 3,
      clients: 1_000,
      many: 5_000,
      most: 20_000,
      perSecond: 450,
      forMs: 2_500,
      bursts: 6,
      singles: 20,
      unread: 100,
      growthRounds: 4,
      redis: [
        [1, 15],
        [20, 100],
        [100, 300],
      ],
      feeds: { sources: 10, items: 240, everyMs: 1_000, forMs: 10_000, before: 4 },
    },
  ],
  [
    QUICK,
    {
      rounds: 1,
      clients: 40,
      many: 60,
      most: 80,
      perSecond: 450,
      forMs: 200,
      bursts: 1,
      singles: 2,
      unread: 5,
      growthRounds: 1,
      redis: [
        [1, 1],
        [20, 4],
        [100, 10],
      ],
      feeds: { sources: 2, items: 50, everyMs: 200, forMs: 500, before: 1 },
    },
  ],
]);
