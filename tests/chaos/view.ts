import type { Cursor } from '../../src/core/cursor.ts';
import type { Filter } from '../../src/core/filter.ts';
import type { View as Form, Status } from '../../src/core/story.ts';

/** A story as it was handed to somebody. */
export interface Shown {
  id: string;
  version: number;
  status: Status;
  cursor: Cursor;
  headline: string;
}

/**
 * What happened to a subscription, as its client saw it; `at` in milliseconds since 1970.
 * `asked`: it subscribed, with this `after`. `cursor`: nothing that it asked for lies before this and unsent.
 * `slow`: it was told that it reads too slowly. `down`: its connection ended. `fresh`: another process goes on for it,
 * which knows of the earlier one the cursor alone.
 */
export type Seen =
  | { kind: 'asked'; at: number; after: Cursor | undefined; last: number | undefined }
  | { kind: 'answered'; at: number; cursor: Cursor; gap: boolean }
  | { kind: 'story'; at: number; story: Shown }
  | { kind: 'ready'; at: number; cursor: Cursor; gap: boolean; replayed: number }
  | { kind: 'cursor'; at: number; cursor: Cursor }
  | { kind: 'slow' | 'down' | 'fresh'; at: number }
  | { kind: 'error'; at: number; message: string };

export const CLIENT_KINDS = ['library', 'socket.io', 'sse'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

/** One subscription's account. */
export interface View {
  /** Such as `library 12, 2nd subscription`. */
  readonly name: string;
  readonly kind: ClientKind;
  readonly filter: Filter | undefined;
  readonly form: Form;
  /** Its client has other subscriptions on the same connection. */
  readonly shared: boolean;
  readonly seen: Seen[];
  /** How far it has come. */
  cursor(): Cursor | undefined;
}
