import { type Cursor, type Position, parseCursor } from '../core/cursor.ts';
import type { Code } from '../core/errors.ts';
import { EVERYTHING, type Expr, matches, parseFilter, prepare } from '../core/filter.ts';
import { type CompactStory, compact, type Story } from '../core/story.ts';
import type { Ready, Subscribe, Subscribed } from '../gateway/protocol.ts';

export type WireStory = Story | CompactStory;

export type SubscribeRequest = Pick<Subscribe, 'filter' | 'after' | 'last' | 'view'>;

export interface SubscriptionEvents {
  /** The replay is over. With `gap` the log no longer reached back to where this client was. May come again. */
  ready?(ready: Pick<Ready, 'cursor' | 'replayed' | 'gap'> & { unknown: string[] }): void;
  /** The subscription was refused; it is not tried again. */
  error?(error: { code: Code; message: string }): void;
}

export interface Subscription {
  /** Everything up to here has been handed over; keep it to resume later with `after`. */
  readonly cursor: Cursor | undefined;
  close(): void;
}

/** So many stories are remembered by what they said, to recognise them when the log starts a new epoch. */
const REMEMBERED = 20_000;
/** Of each story, so many of its versions. */
const VERSIONS = 8;

/**
 * One subscription's own view of the wire. The log's order makes it simple: within an epoch, what is not beyond the
 * cursor has been handed over, or was not asked for.
 */
export function createSubscription(
  asked: SubscribeRequest,
  onStory: (story: WireStory) => void,
  events: SubscriptionEvents,
) {
  let expr = readLocally(asked.filter);
  let cursor: Cursor | undefined = asked.after;
  let at: Position | undefined = cursor === undefined ? undefined : parseCursor(cursor);
  let waiting = true;
  let acknowledged = false;
  let unknown: string[] = [];
  /** Of each story its newest version, with the epoch of it, and what the latest ones said, the newest last. */
  const had = new Map<string, { epoch: string; version: number; said: string[] }>();
  /**
   * While the newest n are on their way, which lie before the head: what comes meanwhile, theirs or another
   * subscription's, waits to be put in order.
   */
  let held: WireStory[] | undefined;

  function moveTo(next: Cursor): void {
    const position = parseCursor(next);
    if (at && position.epoch === at.epoch && position.sequence <= at.sequence) return;
    cursor = next;
    at = position;
  }

  /**
   * Whether the story is new to this subscription: by the log's order, and in a new epoch by what it says. A log that lost
   * its end is given again what it lost, in its order; one that lost everything counts its versions anew.
   */
  function isNews(story: WireStory): boolean {
    const { epoch, sequence } = parseCursor(story.cursor);
    if (at && epoch === at.epoch && sequence <= at.sequence) return false;
    const before = had.get(story.id);
    if (before === undefined || before.epoch === epoch) return true;
    const words = said(story);
    // Its versions are counted anew: what it says must be new. A story may be withdrawn more than once.
    if (before.version === 0)
      return story.status === 'canceled' ? before.said.at(-1) !== words : !before.said.includes(words);
    return (
      story.version > before.version || (story.version === before.version && !before.said.includes(words))
    );
  }

  function remember(story: WireStory): void {
    const { id, version } = story;
    const before = had.get(id)?.said ?? [];
    had.delete(id);
    had.set(id, {
      epoch: parseCursor(story.cursor).epoch,
      version,
      said: [...before, said(story)].slice(-VERSIONS),
    });
    const [oldest] = had.keys();
    if (had.size > REMEMBERED && oldest !== undefined) had.delete(oldest);
  }

  /** The log is another one: a low version may be news. */
  function countAnew(): void {
    for (const [id, { epoch, said: words }] of had) had.set(id, { epoch, version: 0, said: words });
  }

  function hand(story: WireStory): void {
    if (!isNews(story)) return;
    moveTo(story.cursor);
    remember(story);
    onStory(asked.view === 'compact' && 'flags' in story ? compact(story) : story);
  }

  /**
   * Several subscriptions share a connection, so each story is held against each filter here. What a compact story does
   * not tell is decided on full ones, which the server sends to whoever asked for them.
   */
  function needsFull(): boolean {
    return asked.view === 'compact' && asksForMoreThanCompact(expr);
  }

  function isMine(story: WireStory): boolean {
    if (needsFull() && !('flags' in story)) return false;
    // What an earlier process had, which left its cursor, is not known here.
    if (story.status === 'canceled' && (asked.after !== undefined || had.has(story.id))) return true;
    return matches(expr, prepare({ flags: [], ...story, source: { name: '', ...story.source } }));
  }

  return {
    cursor: () => cursor,
    isWaiting: () => waiting,

    /** What to ask for now: the first time what was asked, later what came after. */
    request(): SubscribeRequest {
      const { after: _, last, ...filter } = asked;
      const rest = { ...filter, view: needsFull() ? 'full' : asked.view } as const;
      // With a cursor the newest are only asked for in case the log does not reach back to it.
      const newest = last === undefined ? {} : { last };
      return cursor === undefined ? { ...rest, ...newest } : { ...rest, ...newest, after: cursor };
    },

    acknowledged(answer: Subscribed): void {
      if (!answer.ok) {
        waiting = false;
        events.error?.(answer.error);
        return;
      }
      acknowledged = true;
      if (answer.gap) countAnew();
      held = asked.last !== undefined && (cursor === undefined || answer.gap) ? [] : undefined;
      unknown = answer.unknown ?? [];
      expr = answer.filter === '' ? EVERYTHING : parseFilter(answer.filter);
      // Its place in the log's present epoch, whichever it was known in. A replay of the newest stories begins before the
      // head; until it is over there is nothing to resume after.
      if (held === undefined) moveTo(answer.cursor);
    },

    /** Nothing that comes is for it until it is acknowledged again. */
    interrupted(): void {
      waiting = true;
      acknowledged = false;
      held = undefined;
    },

    /**
     * Whether the log has gone on in another epoch than that of its place. Only the server knows where that lies now; until
     * it is asked, another subscription's replay could be taken for what is new.
     */
    isDisplacedBy(story: WireStory): boolean {
      const isPlaced = acknowledged && held === undefined && at !== undefined;
      return isPlaced && parseCursor(story.cursor).epoch !== at?.epoch;
    },

    /** @param alone whether no other subscription shares the connection, so that every story on it is this one's */
    story(story: WireStory, alone: boolean): void {
      if (!acknowledged) return;
      // Whose a withdrawal is shows only when what lies before it has been handed over.
      if (held && !alone) held.push(story);
      else if (alone || isMine(story)) hand(story);
    },

    ready({ cursor: head, replayed, gap }: Ready): void {
      if (!acknowledged) return;
      const came = inOrder(held ?? []);
      held = undefined;
      for (const story of came) if (isMine(story)) hand(story);
      waiting = false;
      if (gap) countAnew();
      moveTo(head);
      events.ready?.({ cursor: head, replayed, gap, unknown });
    },

    /** Everything up to `beacon` has been sent. */
    passed(beacon: Cursor): void {
      if (!waiting) moveTo(beacon);
    },
  };
}

/** In the order of the log; of its epochs, in that in which they came. */
function inOrder(stories: readonly WireStory[]): WireStory[] {
  const placed = stories.map((story) => ({ story, ...parseCursor(story.cursor) }));
  const epochs = [...new Set(placed.map(({ epoch }) => epoch))];
  return placed
    .sort((a, b) => epochs.indexOf(a.epoch) - epochs.indexOf(b.epoch) || a.sequence - b.sequence)
    .map(({ story }) => story);
}

/** What of a version a reader would take for another one, in few characters: FNV-1a, 32 bits of each part. */
function said({ status, headline, description = '', ...rest }: WireStory): string {
  const body = 'body' in rest ? (rest.body ?? '') : '';
  return [status, ...[headline, description, body].map(digest)].join(' ');
}

function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** What cannot be understood is for the server to refuse. */
function readLocally(filter: unknown): Expr {
  try {
    return parseFilter(filter);
  } catch {
    return EVERYTHING;
  }
}

/** Flags are not in the compact view, and its description is cut. */
function asksForMoreThanCompact(expr: Expr): boolean {
  if (expr.kind === 'any' || expr.kind === 'all') return expr.of.some(asksForMoreThanCompact);
  return expr.kind === 'not'
    ? asksForMoreThanCompact(expr.of)
    : expr.kind === 'flag' || expr.kind === 'phrase';
}
