import type { Request } from 'express';
import { z } from 'zod';
import { WireError } from '../core/errors.ts';
import { both, EVERYTHING, type Expr, parseFilter } from '../core/filter.ts';
import type { View } from '../core/story.ts';
import type { TopicId, TopicRef } from '../core/topic.ts';

export const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 50;

export interface StoriesQuery {
  expr: Expr;
  after: string | undefined;
  before: string | undefined;
  limit: number;
  view: View;
}

const shape = z.object({
  topics: z.string().optional(),
  filter: z.string().optional(),
  after: z.string().optional(),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  view: z.enum(['full', 'compact']).default('full'),
});

/**
 * `topics=a,b` asks for any of them, `filter=` is an expression in text or JSON form; with both, both hold.
 * @throws {WireError} `invalid_request` or `invalid_filter`
 */
export function parseStoriesQuery(
  query: Request['query'],
  resolve: (ref: TopicRef) => TopicId,
): StoriesQuery {
  const { data, error } = shape.safeParse(query);
  if (!data) {
    const issue = error.issues[0];
    throw new WireError('invalid_request', `${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const { topics, filter, ...rest } = data;
  const named = topics
    ? parseFilter(
        topics.split(',').map((topic) => topic.trim()),
        resolve,
      )
    : EVERYTHING;
  const asked = filter
    ? parseFilter(/^\s*[[{]/.test(filter) ? parseJson(filter) : filter, resolve)
    : EVERYTHING;
  return { ...rest, after: rest.after, before: rest.before, expr: both(named, asked) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WireError('invalid_filter', 'Filter: looks like JSON, but is not.');
  }
}

/** The token of `Authorization: Bearer …`; browsers' EventSource, which cannot send it, may use `access_token=`. */
export function bearer(request: Request): string | undefined {
  const match = /^Bearer ([^ ]+)$/i.exec(request.headers.authorization ?? '');
  const { access_token: inQuery } = request.query;
  return match?.[1] ?? (typeof inQuery === 'string' ? inQuery : undefined);
}
