import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Position } from '../../core/cursor.ts';
import { WireError } from '../../core/errors.ts';
import type { Draft } from '../../store/store.ts';
import type { Document, Reading } from '../document/document.ts';
import { ParseError } from '../document/feed.ts';
import type { FeedHints } from '../document/hints.ts';
import { discover, type Links } from '../push/websub-discovery.ts';
import type { Source } from '../sources.ts';
import type { Handed } from '../spool/spool.ts';
import type { Fetcher } from './fetch.ts';
import { FetchError } from './fetch-error.ts';
import type { Shown } from './gone.ts';
import type { Validators } from './validators.ts';

export interface PipelineDeps {
  fetcher: Pick<Fetcher, 'fetch'>;
  /** @throws {ParseError} when it is no feed, or nothing in it could be read */
  read: (document: Document, source: Source) => Promise<Reading>;
  store: {
    append(draft: Draft): Promise<Handed>;
    /** How far the log is known to reach now. When it is known, what is fetched is offered with it: see `Store.offer`. */
    place?(): Position | undefined;
    offer?(draft: Draft, after: Position): Promise<Handed>;
  };
  /** Milliseconds since 1970. */
  now: () => number;
  log: Logger;
  metrics: {
    story(source: string, change: string): void;
    fetch(source: string, outcome: string): void;
    lag(stage: 'published_to_fetched' | 'fetched_to_stored', seconds: number): void;
  };
}

/** What is known of a source's document from the last time it was read and stored. */
export interface Known {
  validators: Validators;
  bodyHash?: string;
  /** Where it is read instead of at the source's own address. */
  address?: string;
}

export interface ReadOptions {
  /** Read and hand in everything, whatever is known of it. */
  whole?: boolean;
  /** Stops between two appends at the latest. */
  signal?: AbortSignal;
}

export interface Poll {
  /** `unchanged`: the server says so, or the bytes do. */
  outcome: 'fetched' | 'unchanged';
  validators: Validators;
  bodyHash?: string;
  new: number;
  updated: number;
  canceled: number;
  known: number;
  /** How many are on disk, because the store is away. */
  kept?: number;
  /** Of each new story that has a date: from its publication to its being stored, in milliseconds. */
  lagsMs: number[];
  /** Where permanent redirects say that the feed lives now. */
  movedTo?: string;
  retryAfterMs?: number;
  /** For how long the headers say that the document is good, in milliseconds. */
  freshForMs?: number;
  /** Of a document that had changed: its hubs. */
  links?: Links;
  /** Of a document that was read, what it said of when to ask for it, and its stories. */
  hints?: FeedHints;
  shown?: Shown[];
  /** When they were published, in milliseconds since 1970, the newest first; at most 20. */
  storyTimes?: number[];
}

export interface Pipeline {
  /**
   * One poll: fetch → decode → parse → normalise → tag → append, oldest story first.
   *
   * What it answers is to be handed in the next time. When it throws, keep what you had: then everything that was neither
   * stored nor kept on disk is read again, and nothing is lost.
   *
   * @throws {FetchError} {@link ParseError} or, when the store cannot be written, {@link WireError} `unavailable`
   */
  read(source: Source, known: Known, options?: ReadOptions): Promise<Poll>;
  /**
   * Reads and appends a document of a source that came by itself, as a poll would.
   * @throws {ParseError} or, when the store cannot be written, {@link WireError} `unavailable`
   */
  deliver(source: Source, document: Document): Promise<void>;
}

/** From so many of the newest stories a source's pace is learnt. */
const STORY_TIMES = 20;

export function createPipeline({ fetcher, read, store, now, log, metrics }: PipelineDeps): Pipeline {
  async function poll(source: Source, known: Known, { whole = false, signal }: ReadOptions): Promise<Poll> {
    const address = known.address ?? source.url;
    const after = store.place?.();
    const fetched = await fetcher.fetch(address, whole ? {} : known.validators, signal);
    const { validators, movedTo, retryAfterMs, freshForMs } = fetched;
    const answered = { ...nothing(), validators, movedTo, retryAfterMs, freshForMs };
    if (fetched.outcome === 'unchanged') {
      return { ...answered, outcome: 'unchanged', bodyHash: known.bodyHash };
    }

    const { body, contentType, finalUrl } = fetched;
    // Half of all servers ignore conditions, and some give one ETag to all that they ever send: the bytes decide.
    const bodyHash = createHash('sha256').update(body).digest('base64url');
    if (bodyHash === known.bodyHash && !whole) return { ...answered, outcome: 'unchanged', bodyHash };

    // Before the document is read: its bytes may be given away for that.
    const links = discover(fetched.link, body, finalUrl);
    // Of a first reading the stories are as old as the feed is long; that says nothing about us.
    const isFirst = known.bodyHash === undefined;
    const document = { bytes: body, contentType, url: finalUrl };
    const { truncated, ...found } = await take(source, document, { isFirst, signal, after });
    const result: Poll = { ...answered, ...found, outcome: 'fetched', bodyHash, links };
    // A document that broke off may be whole the next time, under the same validators.
    return truncated ? { ...result, validators: {}, shown: undefined } : result;
  }

  /** Reads a document and appends what it says. */
  async function take(
    source: Source,
    document: Document,
    { isFirst, signal, after }: { isFirst: boolean; signal?: AbortSignal; after?: Position },
  ): Promise<Taken> {
    const fetchedAt = now();
    const { drafts, truncated, hints } = await read(document, source);
    const contents = drafts.flatMap((draft) => (draft.kind === 'content' ? draft.content : []));
    const taken: Taken = {
      ...nothing(),
      truncated,
      hints,
      shown: contents.flatMap(({ id, link }) => (link === undefined ? [] : { id, link })),
      storyTimes: newest(contents.map(({ published }) => Date.parse(published ?? ''))),
    };
    for (const draft of oldestFirst(drafts)) {
      if (signal?.aborted) throw new FetchError('aborted', `${source.id}: stopped`);
      const appended = await (after && store.offer ? store.offer(draft, after) : store.append(draft));
      if (appended.outcome === 'overtaken') {
        const message = `${source.id}: a story has changed since the document was asked for; it is asked for again`;
        throw new WireError('unavailable', message);
      }
      if (appended.outcome === 'kept') {
        taken.kept = (taken.kept ?? 0) + 1;
        continue;
      }
      taken[appended.outcome] += 1;
      if (appended.outcome === 'known') continue;
      const { change, published } = appended.entry.story;
      const storedAt = now();
      metrics.story(source.id, change);
      metrics.lag('fetched_to_stored', (storedAt - fetchedAt) / 1000);
      if (appended.outcome === 'new' && published !== undefined && !isFirst) {
        metrics.lag('published_to_fetched', Math.max(0, fetchedAt - Date.parse(published)) / 1000);
        taken.lagsMs.push(Math.max(0, storedAt - Date.parse(published)));
      }
    }
    return taken;
  }

  return {
    async read(source, known, options = {}) {
      const startedAt = now();
      try {
        const result = await poll(source, known, options);
        metrics.fetch(source.id, result.outcome);
        const { outcome, new: added, updated, canceled, kept } = result;
        const level = added + updated + canceled + (kept ?? 0) > 0 ? 'info' : 'debug';
        const durationMs = now() - startedAt;
        log[level](
          { source: source.id, outcome, new: added, updated, canceled, kept, durationMs },
          'source read',
        );
        return result;
      } catch (error) {
        metrics.fetch(source.id, reasonOf(error));
        throw error;
      }
    },

    async deliver(source, document) {
      await take(source, document, { isFirst: false, after: store.place?.() });
    },
  };
}

type Counts = Pick<Poll, 'new' | 'updated' | 'canceled' | 'known' | 'kept' | 'lagsMs'>;
type Taken = Counts & Pick<Poll, 'hints' | 'shown' | 'storyTimes'> & { truncated: boolean };

function nothing(): Counts {
  return { new: 0, updated: 0, canceled: 0, known: 0, lagsMs: [] };
}

/** What went wrong with a poll, in a word that is always the same. */
export function reasonOf(error: unknown): string {
  if (error instanceof FetchError) return error.reason;
  if (error instanceof ParseError) return 'not_a_feed';
  if (error instanceof WireError) return 'store';
  return 'error';
}

function newest(times: readonly number[]): number[] {
  return times
    .filter((time) => !Number.isNaN(time))
    .sort((a, b) => b - a)
    .slice(0, STORY_TIMES);
}

/**
 * The order of the log is to be the order of publication. Feeds list the newest first, and where every story has its
 * date, the dates say it better.
 */
function oldestFirst(drafts: readonly Draft[]): Draft[] {
  const withdrawals = drafts.filter(({ kind }) => kind === 'withdrawal');
  const stories = drafts.filter((draft) => draft.kind === 'content').reverse();
  const time = ({ content: { published } }: (typeof stories)[number]) => Date.parse(published ?? '');
  const dated = stories.every((story) => !Number.isNaN(time(story)));
  return [...withdrawals, ...(dated ? stories.sort((a, b) => time(a) - time(b)) : stories)];
}
