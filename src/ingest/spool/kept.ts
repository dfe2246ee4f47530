import { z } from 'zod';
import { contentSchema, whySchema } from '../../core/schema.ts';
import type { Story } from '../../core/story.ts';
import { fingerprint } from '../../store/fingerprint.ts';
import type { Draft } from '../../store/store.ts';

/** A draft as it is kept on disk: one line of JSON. */
export interface Kept {
  draft: Draft;
  /** When it was handed in, in milliseconds since 1970. */
  at: number;
  /** Of the log that `after` is a place in; empty when that was not known yet, or when it made no entry. */
  epoch: string;
  /** An entry of its story behind this place of the log is newer than the draft, or is the draft itself. */
  after: number;
  /** The store has taken it; when it has an `epoch`, as the entry that follows `after`. */
  isStored?: boolean;
  /** It is under embargo until then, in milliseconds since 1970. */
  holdUntil?: number;
  /** A newsroom's own: what the store may hold of the story is replaced by it. */
  own?: boolean;
}

const keptSchema: z.ZodType<Kept> = z.object({
  draft: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('content'),
      content: contentSchema,
      why: z.array(whySchema).optional(),
      correction: z.boolean().optional(),
    }),
    z.object({ kind: z.literal('withdrawal'), id: z.string() }),
  ]),
  at: z.number(),
  epoch: z.string(),
  after: z.number(),
  isStored: z.boolean().optional(),
  holdUntil: z.number().optional(),
  own: z.boolean().optional(),
});

export function storyOf(draft: Draft): string {
  return draft.kind === 'content' ? draft.content.id : draft.id;
}

const WITHDRAWN = 'withdrawn';

/** The same for two drafts, or a draft and a story, that say the same. */
export function printOf({ draft, holdUntil }: Pick<Kept, 'draft' | 'holdUntil'>): string {
  if (draft.kind === 'withdrawal') return WITHDRAWN;
  const print = fingerprint(draft.content);
  return holdUntil === undefined ? print : `held ${print}`;
}

export function printOfStory(story: Story | undefined): string | undefined {
  if (!story) return undefined;
  return story.status === 'canceled' ? WITHDRAWN : fingerprint(story);
}

/** @returns `undefined` for a line that is torn or not ours. */
export function parseKept(line: string): Kept | undefined {
  try {
    return keptSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
