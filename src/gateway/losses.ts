import { type Entry, facetsOf, type Story } from '../core/story.ts';

/** Where this process stood when the log lost its end. */
export interface Past {
  sequence: number;
  /** A sequence of that epoch as a place: see `Losses.place`. */
  place(sequence: number): number;
}

/** What was handed out and then lost with the end of the log: appended again, it is no news to those who had it. */
export interface Losses {
  /** A sequence of the present epoch, counted on through all epochs, so that no place is there twice. */
  place(sequence: number): number;
  /** The log goes on from `to`, and these entries, handed out after it, are gone. Answers where it stood. */
  lose(entries: readonly Entry[], from: number, to: number): Past;
  /**
   * The places at which the same version of the same story, or a later one, was handed out before it was lost: to
   * whoever had one of them, it is no news. `undefined` for what is new to everyone.
   */
  placesOf(entry: Entry): readonly number[] | undefined;
  /** A withdrawal reaches also those who had a version that the log no longer knows of; other entries stay as they are. */
  widened(entry: Entry): Entry;
}

/** Of so many stories what was lost is known again. */
const REMEMBERED = 50_000;

export function createLosses(): Losses {
  let offset = 0;
  const lost = new Map<string, { place: number; story: Story }[]>();

  return {
    place: (sequence) => sequence + offset,

    lose(entries, from, to) {
      const past = offset;
      for (const { story, sequence } of entries) {
        const known = lost.get(story.id) ?? [];
        lost.delete(story.id);
        lost.set(story.id, [...known, { place: sequence + past, story }]);
      }
      while (lost.size > REMEMBERED) lost.delete(lost.keys().next().value ?? '');
      offset += from - to;
      return { sequence: from, place: (sequence) => sequence + past };
    },

    placesOf({ story }) {
      if (lost.size === 0) return undefined;
      return lost
        .get(story.id)
        ?.filter((before) => before.story.version > story.version || isSame(before.story, story))
        .map(({ place }) => place);
    },

    widened(entry) {
      const versions =
        entry.reach === undefined || entry.reach === 'everyone' ? [] : lost.get(entry.story.id);
      if (!versions?.length || !Array.isArray(entry.reach)) return entry;
      const usable = versions.filter(({ story }) => story.status === 'usable');
      return { ...entry, reach: [...entry.reach, ...usable.map(({ story }) => facetsOf(story))] };
    },
  };
}

/** To a reader. */
function isSame(one: Story, other: Story): boolean {
  return (
    one.version === other.version &&
    one.status === other.status &&
    one.headline === other.headline &&
    one.description === other.description &&
    one.body === other.body
  );
}
