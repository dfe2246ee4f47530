import { type Assignment, backlogOf, dealer } from './assignments.ts';
import type { Chance } from './chance.ts';
import { type Edition, openEdition } from './edition.ts';
import { EVENTS } from './events.ts';
import { FEEDS } from './feeds.ts';
import type { SampleStory } from './telling.ts';

/** What the desk just did, and to which story. */
export interface DeskEvent {
  kind: 'new' | 'update' | 'correction' | 'withdrawal';
  /** The feed's id. */
  feed: string;
  guid: string;
}

/** Decides what happens in the sample newsrooms. */
export interface Desk {
  /** Does the next thing; `at` in milliseconds since 1970. */
  next(at: number): DeskEvent;
  /** By the feed's id. */
  editions: ReadonlyMap<string, Edition>;
}

/** Only stories among the newest of their feed are touched again. */
const RECENT = 12;
const BACKLOG_MS = 6 * 3_600_000;

/** @param backlog how many stories each feed begins with, spread over the hours before `at`. */
export function openDesk(chance: Chance, at: number, backlog: number): Desk {
  // Identities of two runs must not meet: whoever remembers the last run would take this one's for its updates.
  const run = Math.floor(at / 1000).toString(36);
  const editions = new Map(FEEDS.map((feed) => [feed.id, openEdition(feed, at)]));
  const deal = dealer(chance);
  /** At most the feeds of two events: nothing is dealt while there is more. */
  let waiting: Assignment[] = [];
  let serial = 0;
  let step = 0;

  const editionOf = (feed: { id: string }): Edition => {
    const edition = editions.get(feed.id);
    if (!edition) throw new Error(`No edition of ${feed.id}.`);
    return edition;
  };

  const publish = ({ feed, event, facts }: Assignment, when: number): DeskEvent => {
    serial += 1;
    const slug = `${run}-${serial}`;
    const guid = `tag:${feed.id}.example,2026:${slug}`;
    editionOf(feed).add({
      feed,
      slug,
      guid,
      event,
      facts,
      author: chance.pick(feed.authors),
      picture: chance.happens(0.6) ? chance.between(1, 4) : undefined,
      published: when,
      updated: when,
      later: false,
    });
    return { kind: 'new', feed: feed.id, guid };
  };

  /** Two events are told at the same time, so that the editions of one do not all come in a row. */
  const publishNext = (when: number): DeskEvent => {
    if (waiting.length === 0 || (waiting.length < 4 && chance.happens(0.4))) waiting.push(...deal());
    const picked = chance.pick(waiting.slice(0, 4));
    waiting = waiting.filter((each) => each !== picked);
    return publish(picked, when);
  };

  /** A recent story of which `suits` holds, from any feed that has one. */
  const recent = (suits: (story: SampleStory) => boolean): SampleStory | undefined => {
    const choices = [...editions.values()]
      .map((edition) => edition.stories().slice(0, RECENT).filter(suits))
      .filter((stories) => stories.length > 0);
    return choices.length > 0 ? chance.pick(chance.pick(choices)) : undefined;
  };

  const did = (kind: DeskEvent['kind'], story: SampleStory): DeskEvent => {
    return { kind, feed: story.feed.id, guid: story.guid };
  };

  const update = (when: number): DeskEvent | undefined => {
    const story = recent((each) => !each.later);
    if (!story) return undefined;
    story.later = true;
    story.updated = when;
    if (story.correction) story.correction.mark = undefined;
    editionOf(story.feed).touch(when);
    return did('update', story);
  };

  const correct = (when: number): DeskEvent | undefined => {
    const story = recent((each) => !each.correction);
    if (!story) return undefined;
    const was = story.facts.n;
    story.facts = { ...story.facts, n: EVENTS[story.event].corrected(chance, was) };
    story.correction = { was, mark: chance.pick(['headline', 'description'] as const) };
    story.updated = when;
    editionOf(story.feed).touch(when);
    return did('correction', story);
  };

  /** Only Atom has a word for it (RFC 6721). */
  const withdraw = (when: number): DeskEvent | undefined => {
    const story = recent((each) => each.feed.format === 'atom');
    if (!story) return undefined;
    editionOf(story.feed).remove(story, when);
    return did('withdrawal', story);
  };

  const past = backlogOf(deal, backlog);
  for (const [index, assignment] of past.entries()) {
    publish(assignment, at - 60_000 - Math.round(BACKLOG_MS * (1 - index / past.length)));
  }

  return {
    editions,
    next(when) {
      step += 1;
      let done: DeskEvent | undefined;
      if (step % 15 === 10) done = withdraw(when);
      else if (step % 12 === 7) done = correct(when);
      else if (step % 5 === 3) done = update(when);
      return done ?? publishNext(when);
    },
  };
}
