import type { Random } from './random.ts';

/** One state of a story as it was published. */
export interface Revision {
  revision: number;
  headline: string;
  description: string;
  body?: string;
  section: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A numbered story, and all that was ever said of it. */
export interface Told {
  readonly number: number;
  /** The feed that has it; `undefined` for one that came through the API. */
  readonly feed: number | undefined;
  readonly revisions: Revision[];
  withdrawnAt?: number;
}

export interface Newsroom {
  readonly stories: ReadonlyMap<number, Told>;
  readonly counts: { stories: number; updates: number; withdrawals: number };
  /** A new story. */
  write(feed: number | undefined, bodyBytes?: number): Told;
  /** A new revision, perhaps in another section and with other words, so that it matches other filters. */
  rewrite(story: Told): Revision;
  withdraw(story: Told): void;
}

/** Section words that the vocabulary knows. */
export const SECTIONS = ['Politics', 'Economy', 'Sport', 'Weather', 'Culture', 'Health', 'Science', 'Crime'];
/** What filters look for in the texts. */
export const PHRASES = [
  'grain corridor',
  'night train',
  'rate cut',
  'flood warning',
  'open letter',
  'quiet day',
];
export const LONG_SECTION = 'Longreads';
export const LONG_TOPIC = 'longreads';

/** The number and revision that a headline begins with. */
export function readHeadline(headline: string): { number: number; revision: number } | undefined {
  const match = /^N(\d+) R(\d+) /.exec(headline);
  return match ? { number: Number(match[1]), revision: Number(match[2]) } : undefined;
}

/** Writes stories that say in their headline which they are. What is published is what it remembers. */
export function createNewsroom(random: Random): Newsroom {
  const stories = new Map<number, Told>();
  const counts = { stories: 0, updates: 0, withdrawals: 0 };

  function revisionOf(number: number, revision: number, section: string, bodyBytes = 0): Revision {
    const phrase = random.pick(PHRASES);
    return {
      revision,
      headline: `N${number} R${revision} ${phrase} ${random.chance(0.5) ? 'today' : 'again'}`,
      description: `What is known of ${random.pick(PHRASES)} so far.`,
      ...(bodyBytes > 0 ? { body: `<p>${'many words more '.repeat(bodyBytes / 16)}</p>` } : {}),
      section,
      at: Date.now(),
    };
  }

  return {
    stories,
    counts,
    write(feed, bodyBytes = 0) {
      counts.stories += 1;
      const number = counts.stories;
      const section = bodyBytes > 0 ? LONG_SECTION : random.pick(SECTIONS);
      const story: Told = { number, feed, revisions: [revisionOf(number, 1, section, bodyBytes)] };
      stories.set(number, story);
      return story;
    },
    rewrite(story) {
      counts.updates += 1;
      const before = story.revisions.at(-1);
      const section = random.chance(0.3) || !before ? random.pick(SECTIONS) : before.section;
      const next = revisionOf(story.number, (before?.revision ?? 0) + 1, section);
      story.revisions.push(next);
      return next;
    },
    withdraw(story) {
      counts.withdrawals += 1;
      story.withdrawnAt = Date.now();
    },
  };
}
