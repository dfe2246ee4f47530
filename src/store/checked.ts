import { WireError } from '../core/errors.ts';
import { contentSchema } from '../core/schema.ts';
import type { Content } from '../core/story.ts';

/**
 * What is appended is read back through the same schema, by every process: a story that does not pass it would be a
 * hole in everyone's log.
 * @throws {WireError} `invalid_request`
 */
export function checked(content: Content): Content {
  const { error } = contentSchema.safeParse(content);
  const issue = error?.issues[0];
  if (!issue) return content;
  const id = String(content.id).slice(0, 80);
  throw new WireError(
    'invalid_request',
    `Story ${id}: ${issue.path.join('.')}: ${issue.message}`.slice(0, 300),
  );
}
