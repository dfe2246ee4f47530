import { chanceOf } from '../../src/demo/chance.ts';
import type { Party } from './audience.ts';
import type { Size } from './fan-out-size.ts';
import type { Plan } from './load-process.ts';

/** Steady deliveries of all clients together, a second. */
export const STEADY = 20_000;
export const BURST = { stories: 20, spreadMs: 5, everyMs: 400 };
export const IN_FLIGHT = 8;
export const DESKS = 20;
export const DESKS_OF_FILTER = 5;

/** None of these is one that the gateway finds in the text of a story by itself. */
const [ASKED_FOR, NOT_ASKED_FOR] = ['asked-for', 'not-asked-for'];
export const EVERYONE = [[ASKED_FOR, 'economy', 'place:ukraine']];
const NOBODY = [[NOT_ASKED_FOR, 'economy', 'place:ukraine']];
export const everyone = (clients: number): Party[] => [{ clients, topics: [ASKED_FOR] }];

/** Stories for so many of the clients each. */
export function plansFor(size: Size, recipients: number, topics: Plan['topics']) {
  const { forMs, bursts, singles, unread } = size;
  const everyMs = Math.max(10, (recipients * 1_000) / STEADY);
  const stories = Math.max(1, Math.round(forMs / everyMs));
  return {
    steady: { topics, bursts: stories, everyMs, stories: 1, spreadMs: 0 },
    warmUp: { topics, bursts: Math.min(10, stories), everyMs, stories: 1, spreadMs: 0 },
    burst: { topics, bursts, everyMs: BURST.everyMs, stories: BURST.stories, spreadMs: BURST.spreadMs },
    saturated: { topics, inFlight: IN_FLIGHT, forMs },
    single: { topics, singles, gapMs: 20 },
    unread: { topics: NOBODY, bursts: unread, everyMs: 10, stories: 1, spreadMs: 0 },
  };
}

/** As many different choices of topics as there are clients, and stories that all go to about as many of them. */
export function desks(clients: number): { parties: Party[]; stories: string[][] } {
  const chance = chanceOf(20_261_122);
  const desk = (number: number) => `desk-${number % DESKS}`;
  const chosen = new Map<string, string[]>();
  while (chosen.size < clients) {
    const topics = new Set<string>();
    while (topics.size < DESKS_OF_FILTER) topics.add(desk(chance.between(0, DESKS - 1)));
    const filter = [...topics].sort();
    chosen.set(filter.join(), filter);
  }
  return {
    parties: [...chosen.values()].map((topics) => ({ clients: 1, topics })),
    stories: Array.from({ length: DESKS }, (_, number) => [desk(number), desk(number + 7)]),
  };
}
