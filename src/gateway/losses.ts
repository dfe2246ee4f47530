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
  entry: Entry;
}

/** What was handed out and then lost with the end of the log: appended again, it is no news to those who had it. */
export interface Losses {
  /**
   * These entries, handed out, are gone; this process had come to `from`.
   * @param isAll the log is another one, that counts its versions anew
   */
  lose(entries: readonly Entry[], from: number, isAll: boolean): Past;
  /**
   * Where the same version of the same story, or a later one, was handed out before it was lost: to whoever had one of
   * them, it is no news. Where versions are counted anew, what it says tells which it is. `undefined` for what is new to
   * everyone.
   */
  placesOf(entry: Entry): readonly Lost[] | undefined;
  /** A withdrawal reaches also those who had a version that the log no longer knows of; other entries stay as they are. */
  widened(entry: Entry): Entry;
}

interface Handed extends Lost {
  /** The log that it was in, 0, 1, 2 …: versions of another one say nothing in this one. */
  log: number;
}

/** Of so many stories what was lost is known again. */
const REMEMBERED = 50_000;

export function createLosses(): Losses {
  let losses = 0;
  let log = 0;
  const lost = new Map<string, Handed[]>();

  return {
    lose(entries, from, isAll) {
      losses += 1;
      for (const entry of entries) {
        const { sequence, story } = entry;
        const known = lost.get(story.id) ?? [];
        lost.delete(story.id);
        lost.set(story.id, [...known, { loss: losses, sequence, entry, log }]);
      }
      while (lost.size > REMEMBERED) lost.delete(lost.keys().next().value ?? '');
      if (isAll) log += 1;
      return { sequence: from, loss: losses };
    },

    placesOf({ story }) {
      if (lost.size === 0) return undefined;
      const versions = lost.get(story.id);
      const gone = versions?.filter((each) => each.log !== log) ?? [];
      const said = gone.filter(({ entry }) => saysSame(entry.story, story)).reduce(later, undefined);
      // A story may be withdrawn more than once: only a withdrawal that was the last word is the same one.
      const isOther = story.status === 'canceled' && said !== gone.reduce(later, undefined);
      return versions?.filter((each) => {
        if (each.log !== log) return said !== undefined && !isOther && later(said, each) === each;
        const before = each.entry.story;
        return (
          before.version > story.version || (before.version === story.version && saysSame(before, story))
        );
      });
    },

    widened(entry) {
      const versions =
        entry.reach === undefined || entry.reach === 'everyone' ? [] : lost.get(entry.story.id);
      if (!versions?.length || !Array.isArray(entry.reach)) return entry;
      const usable = versions
        .map(({ entry: { story } }) => story)
        .filter(({ status }) => status === 'usable');
      return { ...entry, reach: [...entry.reach, ...usable.map(facetsOf)] };
    },
  };
}

/** Of two versions of a story the one that came after the other; the second when they are the same. */
function later(one: Handed | undefined, other: Handed): Handed {
  if (one === undefined || one.log !== other.log) return one && one.log > other.log ? one : other;
  return one.entry.story.version > other.entry.story.version ? one : other;
}

/** To a reader. */
function saysSame(one: Story, other: Story): boolean {
  return (
    one.status === other.status &&
    one.headline === other.headline &&
    one.description === other.description &&
    one.body === other.body
  );
}
