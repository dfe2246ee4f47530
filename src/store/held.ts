import { z } from 'zod';
import { contentSchema } from '../core/schema.ts';
import type { Content } from '../core/story.ts';

/** A held story as it is kept: the draft that `due` hands out. */
export const heldSchema = z.object({
  kind: z.literal('content'),
  content: contentSchema,
  correction: z.boolean(),
});

/**
 * The text of a held story, by which `append` knows whether it is still the one. Always in the order of the schema: what
 * `due` has read is in that order, whatever the order in which it was handed in.
 */
export function heldText(content: Content, correction: boolean): string {
  return JSON.stringify(heldSchema.parse({ kind: 'content', content, correction }));
}
