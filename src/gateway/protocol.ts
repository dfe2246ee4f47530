import type { Cursor } from '../core/cursor.ts';
import type { Code } from '../core/errors.ts';
import type { Filter } from '../core/filter.ts';
import type { CompactStory, Story, View } from '../core/story.ts';

/** Everything that travels over Socket.IO (section 6 of the contract); the one file that both ends import. */

export const SOCKET_PATH = '/socket.io';
/**
 * In the query of its handshake, a client says with this that it heeds the `retryAfter` of a `connect_error`. Others are
 * refused with a plain 503, after which a stock client tries again by itself.
 */
export const PATIENT = 'patient';

/** The `data` of a `connect_error`. */
export interface Refusal {
  code: Code;
  message: string;
  /** Seconds to wait before connecting again. */
  retryAfter?: number;
}

export interface Subscribe {
  /** Names the subscription; the same id again replaces it. */
  id?: string;
  /** JSON, or the text form; every story when absent. */
  filter?: Filter | string;
  /** Replays what was missed since this cursor. */
  after?: Cursor;
  /** Replays the newest n that match. With `after` too: used only when the log no longer reaches back to it. */
  last?: number;
  view?: View;
}

export type Refused = { ok: false; error: { code: Code; message: string } };

export type Subscribed =
  | {
      ok: true;
      id: string;
      /** Where the subscription starts: resuming after it loses nothing. */
      cursor: Cursor;
      /** Whether the log no longer reaches back to `after`. */
      gap: boolean;
      /** The filter in its canonical text form; empty for every story. */
      filter: string;
      /** Topics of the filter that neither the vocabulary nor a recent story knows. */
      unknown?: string[];
    }
  | Refused;

export type Unsubscribed = { ok: true } | Refused;

export interface Ready {
  id: string;
  cursor: Cursor;
  /** How many stories were sent for the replay. */
  replayed: number;
  gap: boolean;
}

export interface Beacon {
  /** Nothing that was asked for lies before it and unsent. */
  cursor: Cursor;
  at: string;
}

export type NoticeCode = 'degraded' | 'restored' | 'slow' | 'draining' | 'revoked' | 'source_late';

export interface Notice {
  code: NoticeCode;
  message: string;
  /** Seconds to wait before connecting again. */
  retryAfter?: number;
}

export interface ClientToServer {
  subscribe(request: Subscribe | string[], acknowledge: (answer: Subscribed) => void): void;
  unsubscribe(request?: { id: string }, acknowledge?: (answer: Unsubscribed) => void): void;
  view(request: { id: string }): void;
}

export interface ServerToClient {
  story(story: Story | CompactStory): void;
  ready(ready: Ready): void;
  cursor(beacon: Beacon): void;
  views(totals: Record<string, number>): void;
  notice(notice: Notice): void;
}

/** The subscription's name when the client gives none. */
export const DEFAULT_SUBSCRIPTION = 'default';
export const MAX_SUBSCRIPTIONS = 32;
export const MAX_LAST = 500;
/** How often a client is told how far it has come, in milliseconds. */
export const BEACON_MS = 15_000;
