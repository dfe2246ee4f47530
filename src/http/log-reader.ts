import { type Cursor, formatCursor, type Position } from '../core/cursor.ts';
import { type Expr, reaches, reachOf } from '../core/filter.ts';
import type { Entry, Story } from '../core/story.ts';
import type { StoriesQuery } from './query.ts';

export type ReadEntry = Entry & { current: boolean };

/** What reading pages of stories needs of this process' following of the log. */
export interface Log {
  position(): Position;
  /** Where somebody goes on who has everything up to `cursor`; with `gap`, at the log's beginning. */
  locate(cursor: unknown): Promise<{ sequence: number; gap: boolean }>;
  after(sequence: number, limit: number): PageOfLog | Promise<PageOfLog>;
  before(sequence: number, limit: number): Promise<ReadEntry[]>;
  recent(count: number): readonly Entry[];
}

export interface PageOfLog {
  entries: ReadEntry[];
  upTo: number;
}

export interface StoriesPage {
  stories: Story[];
  /** Where to go on listening. */
  cursor: Cursor;
  /** Where the next page begins, when there may be one. */
  next?: Cursor;
  /** Whether the log no longer reaches back to `after`. */
  gap?: true;
}

const PAGE = 200;
/** A request looks at no more entries than this; a page may then be short, and `next` goes on. */
const MAX_SCANNED = 20_000;

/** Newest first, usable stories in their current version, each once. */
export async function readNewest(
  log: Log,
  { expr, before, limit }: Omit<StoriesQuery, 'after' | 'view'>,
): Promise<StoriesPage> {
  const head = log.position();
  const stories: Story[] = [];
  const start = before === undefined ? undefined : await log.locate(before);
  let at = start === undefined || start.gap ? head.sequence + 1 : start.sequence;
  for (let scanned = 0; stories.length < limit && scanned < MAX_SCANNED; ) {
    const page = await log.before(at, PAGE);
    if (page.length === 0) return { stories, cursor: formatCursor(head) };
    for (const entry of page) {
      if (stories.length === limit) break;
      at = entry.sequence;
      scanned += 1;
      if (entry.current && entry.story.status === 'usable' && reaches(expr, reachOf(entry)))
        stories.push(entry.story);
    }
  }
  return { stories, cursor: formatCursor(head), next: formatCursor({ epoch: head.epoch, sequence: at }) };
}

/** Oldest first, as a client that resumes would get it: changes and withdrawals too. */
export async function readAfter(
  log: Log,
  query: { expr: Expr; after: Cursor; limit: number },
): Promise<StoriesPage> {
  const { expr, after, limit } = query;
  const { sequence, gap } = await log.locate(after);
  const { epoch } = log.position();
  const stories: Story[] = [];
  let at = sequence;
  const answer = (next: boolean): StoriesPage => {
    const cursor = formatCursor({ epoch, sequence: at });
    return { stories, cursor, ...(next ? { next: cursor } : {}), ...(gap ? { gap: true } : {}) };
  };
  for (let scanned = 0; at < log.position().sequence; ) {
    const page = await log.after(at, PAGE);
    for (const entry of page.entries) {
      if (stories.length === limit || scanned === MAX_SCANNED) return answer(true);
      at = entry.sequence;
      scanned += 1;
      if (entry.current && entry.story.status !== 'withheld' && reaches(expr, reachOf(entry)))
        stories.push(entry.story);
    }
    at = Math.max(at, page.upTo);
  }
  return answer(false);
}
