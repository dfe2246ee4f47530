import { z } from 'zod';
import { contentSchema, whySchema } from '../core/schema.ts';
import type { ContentDraft } from './store.ts';

/** A held story as it is kept: the draft that `due` hands out. */
export const heldSchema = z.object({
  kind: z.literal('content'),
  content: contentSchema,
  correction: z.boolean().default(false),
  why: z.array(whySchema).optional(),
});

/**
 * The text of a held story, by which `append` knows whether it is still the one. Always in the order of the schema: what
 * `due` has read is in that order, whatever the order in which it was handed in.
 */
export function heldText(draft: ContentDraft): string {
  return JSON.stringify(heldSchema.parse(draft));
}
