import type { Chance } from './chance.ts';
import { EVENT_IDS, EVENTS, type EventId, type Facts } from './events.ts';
import { FEEDS, type Feed } from './feeds.ts';

/** That a feed is to tell an event. */
export interface Assignment {
  feed: Feed;
  event: EventId;
  facts: Facts;
}

/** In turn one event of every section, so that no reader of one waits long. */
function shuffledBySection(chance: Chance): EventId[] {
  const rounds: EventId[][] = [];
  const dealt = new Map<string, number>();
  for (const event of chance.shuffle(EVENT_IDS)) {
    const { section } = EVENTS[event];
    const round = dealt.get(section) ?? 0;
    dealt.set(section, round + 1);
    rounds[round] = [...(rounds[round] ?? []), event];
  }
  // Cards are taken from the end, where the rounds that have all sections are to be.
  return rounds.reverse().flat();
}

/**
 * Deals events as from a pack of cards: each comes once before any comes again, every time with other facts.
 * The answer is what the feeds that tell it are to write, at least one, in no order.
 */
export function dealer(chance: Chance): () => Assignment[] {
  let pack: EventId[] = [];

  return () => {
    if (pack.length === 0) pack = shuffledBySection(chance);
    const event = pack.pop() ?? chance.pick(EVENT_IDS);
    const facts = EVENTS[event].facts(chance);
    const able = FEEDS.filter((feed) => feed.sections.includes(EVENTS[event].section));
    const willing = able.filter(() => chance.happens(0.8));
    const feeds = willing.length > 0 ? willing : [chance.pick(able)];
    return chance.shuffle(feeds).map((feed) => ({ feed, event, facts }));
  };
}

/** What was written before the newsroom opened: `each` stories for every feed, the oldest first. */
export function backlogOf(deal: () => Assignment[], each: number): Assignment[] {
  const backlog: Assignment[] = [];
  const full = (feed: Feed) => backlog.filter((past) => past.feed === feed).length >= each;
  while (!FEEDS.every(full)) backlog.push(...deal().filter(({ feed }) => !full(feed)));
  return backlog;
}
