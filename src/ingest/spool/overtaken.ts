import { carriedOver, type Lineage, type Position, parseCursor } from '../../core/cursor.ts';
import type { Story } from '../../core/story.ts';
import { fingerprint } from '../../store/fingerprint.ts';
import type { Store } from '../../store/store.ts';
import type { Waiting } from './book.ts';
import { printOfStory } from './kept.ts';

/** The life of the log that drafts are handed in to. */
export interface Life {
  epoch: string;
  lineage: Lineage;
}

type Draft = Waiting['drafts'][number];

/** Of a draft that was handed in from where it was kept: when it first was, in milliseconds since 1970, and its entry. */
export interface HandedIn {
  at: number;
  sequence: number;
}

/**
 * How many of a story's drafts, from the oldest on, need not be handed in: the store has them, or something newer. What
 * waited while another process read the same source must not bring back an older text.
 *
 * @param handedIn the draft of this story that was handed in last, from wherever it was kept
 * @returns `skip`, and the place behind which the story has no entry, as long as this holds
 * @throws {WireError} `unavailable`
 */
export async function overtaken(
  id: string,
  { drafts }: Pick<Waiting, 'drafts'>,
  handedIn: HandedIn | undefined,
  life: Life,
  store: Pick<Store, 'story' | 'held'>,
): Promise<{ skip: number; seen: Position }> {
  const survived = drafts.findLastIndex((draft) => hasSurvived(draft, life)) + 1;
  const nowhere = { epoch: life.epoch, sequence: 0 };
  if (survived === drafts.length) return { skip: survived, seen: nowhere };
  const story = await store.story(id);
  const seen = story ? { epoch: life.epoch, sequence: parseCursor(story.cursor).sequence } : nowhere;
  return { skip: Math.max(survived, await saidBy(story, id, drafts, handedIn, life, store)), seen };
}

async function saidBy(
  story: Story | undefined,
  id: string,
  drafts: readonly Draft[],
  handedIn: HandedIn | undefined,
  life: Life,
  store: Pick<Store, 'held'>,
): Promise<number> {
  const print = printOfStory(story);
  const said = drafts.findLastIndex((draft) => draft.print === print) + 1;
  if (drafts.some(isHeld)) {
    const held = await store.held(id);
    const same = held ? `held ${fingerprint(held)}` : undefined;
    const waits = drafts.findLastIndex((draft) => draft.print === same) + 1;
    if (Math.max(said, waits) > 0) return Math.max(said, waits);
    // Somebody else's, and nobody knows which is newer: what the store has stays.
    if (held) return drafts.findLastIndex(isHeld) + 1;
  }
  if (said > 0) return said;
  if (!story) return 0;
  // What somebody has read since is newer than what was kept, whatever of it was handed in before.
  const isAsHandedIn = handedIn?.sequence === parseCursor(story.cursor).sequence;
  if (isAsHandedIn) return drafts.findLastIndex(({ at }) => at <= handedIn.at) + 1;
  return drafts.findLastIndex((draft) => isOlder(draft, story, life)) + 1;
}

function isHeld({ print }: Draft): boolean {
  return print.startsWith('held ');
}

/** The log as it is now has what the store had taken. */
export function hasSurvived({ epoch, after, isStored }: Draft, life: Life): boolean {
  return isStored === true && carriedOver(life, { epoch, sequence: after + 1 }) === after + 1;
}

/** By places in the log where they can be compared: clocks of different machines differ. */
function isOlder(draft: Draft, story: Story, { epoch, lineage }: Life): boolean {
  const lives = [...lineage.map((life) => life.epoch), epoch];
  const at = parseCursor(story.cursor);
  const [its, ours] = [lives.lastIndexOf(at.epoch), lives.lastIndexOf(draft.epoch)];
  if (its < 0 || ours < 0) return Date.parse(story.versionCreated) >= draft.at;
  return its === ours ? at.sequence > draft.after : its > ours;
}
