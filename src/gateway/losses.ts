import { type Entry, facetsOf, type Story } from '../core/story.ts';

/** Where this process stood when the log lost its end, and which loss it was: 1, 2, 3 … */
export interface Past {
  sequence: number;
  loss: number;
}

/** An entry that was handed out, and lost with the end of the log: its sequence before that loss. */
export interface Lost {
  loss: number;
  sequence: number;
}

/** What was handed out and then lost with the end of the log: appended again, it is no news to those who had it. */
export interface Losses {
  /**
   * These entries, handed out, are gone; this process had come to `from`. `anew`: what follows is another log, in which
   * versions are counted from 1 again.
   */
  lose(entries: readonly Entry[], from: number, anew?: 'anew'): Past;
  /**
   * Where the same version of the same story, or a later one, was handed out before it was lost: to whoever had one of
   * them, it is no news. `undefined` for what is new to everyone.
   */
  placesOf(entry: Entry): readonly Lost[] | undefined;
  /** A withdrawal reaches also those who had a version that the log no longer knows of; other entries stay as they are. */
  widened(entry: Entry): Entry;
}

/** Of so many stories what was lost is known again. */
const REMEMBERED = 50_000;

export function createLosses(): Losses {
  let losses = 0;
  /** The last loss before which versions were counted otherwise. */
  let countedSince = 0;
  const lost = new Map<string, (Lost & { story: Story })[]>();

  return {
    lose(entries, from, anew) {
      losses += 1;
      if (anew) countedSince = losses;
      for (const { story, sequence } of entries) {
        const known = lost.get(story.id) ?? [];
        lost.delete(story.id);
        lost.set(story.id, [...known, { loss: losses, sequence, story }]);
      }
      while (lost.size > REMEMBERED) lost.delete(lost.keys().next().value ?? '');
      return { sequence: from, loss: losses };
    },

    placesOf({ story }) {
      if (lost.size === 0) return undefined;
      return lost
        .get(story.id)
        ?.filter(
          (before) =>
            (before.loss > countedSince && before.story.version > story.version) || isSame(before.story, story),
        );
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
