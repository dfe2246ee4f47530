import type { Feed } from './feeds.ts';
import type { SampleStory } from './telling.ts';

/** That a story was withdrawn. Times here are milliseconds since 1970. */
export interface Withdrawn {
  guid: string;
  slug: string;
  when: number;
}

/** One feed at this moment. */
export interface Edition {
  readonly feed: Feed;
  /** Newest first; more than the feed shows, because its older stories can still be opened. */
  stories(): readonly SampleStory[];
  /** Newest first. */
  withdrawn(): readonly Withdrawn[];
  changed(): number;
  /** Whether the last two changes fell in the same second, so that an HTTP date cannot tell them apart. */
  changedTwice(): boolean;

  add(story: SampleStory): void;
  remove(story: SampleStory, at: number): void;
  /** Says that the text of a story changed. */
  touch(at: number): void;
}

/** How many stories are remembered; an older one is forgotten, and its page with it. */
const KEPT_STORIES = 500;
/** How many withdrawals a feed goes on showing. */
const KEPT_WITHDRAWN = 20;

export function openEdition(feed: Feed, opened: number): Edition {
  let stories: SampleStory[] = [];
  let withdrawn: Withdrawn[] = [];
  let changed = opened;
  let changedTwice = false;

  const touch = (at: number): void => {
    changedTwice = Math.floor(at / 1000) === Math.floor(changed / 1000);
    changed = at;
  };

  return {
    feed,
    stories: () => stories,
    withdrawn: () => withdrawn,
    changed: () => changed,
    changedTwice: () => changedTwice,
    add(story) {
      stories = [story, ...stories].slice(0, KEPT_STORIES);
      touch(story.published);
    },
    remove(story, at) {
      const { guid, slug } = story;
      stories = stories.filter((each) => each !== story);
      withdrawn = [{ guid, slug, when: at }, ...withdrawn].slice(0, KEPT_WITHDRAWN);
      touch(at);
    },
    touch,
  };
}
