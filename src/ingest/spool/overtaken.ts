import { carriedOver, type Lineage, parseCursor } from '../../core/cursor.ts';
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

/**
 * How many of a story's drafts, from the oldest on, need not be handed in: the store has them, or something newer. What
 * waited while another process read the same source must not bring back an older text.
 *
 * @param handedAt of the draft of this story that was handed in last, from wherever it was kept: when it first was, in
 * milliseconds since 1970
 * @throws {WireError} `unavailable`
 */
export async function overtaken(
  id: string,
  { drafts }: Pick<Waiting, 'drafts'>,
  handedAt: number | undefined,
  life: Life,
  store: Pick<Store, 'story' | 'held'>,
): Promise<number> {
  const survived = drafts.findLastIndex((draft) => hasSurvived(draft, life)) + 1;
  if (survived === drafts.length) return survived;
  const story = await store.story(id);
  const print = printOfStory(story);
  const said = drafts.findLastIndex((draft) => draft.print === print) + 1;
  if (drafts.some(isHeld)) {
    const held = await store.held(id);
    const same = held ? `held ${fingerprint(held)}` : undefined;
    const waits = drafts.findLastIndex((draft) => draft.print === same) + 1;
    if (Math.max(said, waits) > 0) return Math.max(survived, said, waits);
    // Somebody else's, and nobody knows which is newer: what the store has stays.
    if (held) return Math.max(survived, drafts.findLastIndex(isHeld) + 1);
  }
  if (said > 0) return Math.max(survived, said);
  if (handedAt !== undefined) return Math.max(survived, drafts.findLastIndex(({ at }) => at <= handedAt) + 1);
  if (!story) return survived;
  return Math.max(survived, drafts.findLastIndex((draft) => isOlder(draft, story, life)) + 1);
}

function isHeld({ print }: Draft): boolean {
  return print.startsWith('held ');
}

function hasSurvived({ epoch, after, isStored }: Draft, life: Life): boolean {
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
