import { z } from 'zod';
import { contentSchema } from '../core/schema.ts';

/** A held story as it is kept: the draft that `due` hands out. */
export const heldSchema = z.object({
  kind: z.literal('content'),
  content: contentSchema,
  correction: z.boolean(),
});
