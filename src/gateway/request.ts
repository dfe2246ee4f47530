import { z } from 'zod';
import { WireError } from '../core/errors.ts';
import type { View } from '../core/story.ts';
import { DEFAULT_SUBSCRIPTION, MAX_LAST } from './protocol.ts';

/** A subscription as a client asks for it, checked but for the filter and the cursor, which have errors of their own. */
export interface SubscribeRequest {
  id: string;
  filter: unknown;
  after: unknown;
  last: number | undefined;
  view: View;
}

const shape = z.strictObject({
  id: z.string().min(1).max(64).default(DEFAULT_SUBSCRIPTION),
  filter: z.unknown().optional(),
  after: z.unknown().optional(),
  last: z.int().min(0).max(MAX_LAST).optional(),
  view: z.enum(['full', 'compact']).default('full'),
});

/** @throws {WireError} `invalid_request`; the message names the field. */
export function parseSubscribe(input: unknown): SubscribeRequest {
  const given = Array.isArray(input) ? { filter: input } : (input ?? {});
  const { data, error } = shape.safeParse(given);
  if (!data) throw refused('subscribe', error);
  return { ...data, filter: data.filter, after: data.after ?? undefined, last: data.last };
}

const naming = z.strictObject({ id: z.string().min(1).max(256) });

/** @throws {WireError} `invalid_request` */
export function parseNaming(event: 'unsubscribe' | 'view', input: unknown): { id: string } {
  const { data, error } = naming.safeParse(input);
  if (!data) throw refused(event, error);
  return data;
}

function refused(event: string, error: z.ZodError | undefined): WireError {
  const issue = error?.issues[0];
  const where = issue?.path.length ? ` ${issue.path.join('.')}` : '';
  const message = `${event}${where}: ${issue?.message ?? 'not understood'}`;
  return new WireError('invalid_request', `${message.slice(0, 200)}.`);
}
