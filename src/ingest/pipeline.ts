import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { WireError } from '../core/errors.ts';
import type { Draft, Store } from '../store/store.ts';
import { type ReadingDeps, readDocument } from './document.ts';
import { ParseError } from './feed.ts';
import type { Fetcher } from './fetch.ts';
import { FetchError } from './fetch-error.ts';
import type { Source } from './sources.ts';
import type { Validators } from './validators.ts';

export interface PipelineDeps extends ReadingDeps {
  fetcher: Pick<Fetcher, 'fetch'>;
  store: Pick<Store, 'append'>;
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
}

export interface ReadOptions {
  /** Read and hand in everything, whatever is known of it. */
  whole?: boolean;
  /** Stops between two appends at the latest. */
  signal?: AbortSignal;
}

export interface Poll extends Known {
  /** `unchanged`: the server says so, or the bytes do. */
  outcome: 'fetched' | 'unchanged';
  new: number;
  updated: number;
  canceled: number;
  known: number;
  /** Of each new story that has a date: from its publication to its being stored, in milliseconds. */
  lagsMs: number[];
  /** Where permanent redirects say that the feed lives now. */
  movedTo?: string;
  retryAfterMs?: number;
}

export interface Pipeline {
  /**
   * One poll: fetch → decode → parse → normalise → tag → append, oldest story first.
   *
   * What it answers is to be handed in the next time. When it throws, keep what you had: then everything that was not
   * stored is read again, and nothing is lost.
   *
   * @throws {FetchError} {@link ParseError} or, when the store cannot be written, {@link WireError} `unavailable`
   */
  read(source: Source, known: Known, options?: ReadOptions): Promise<Poll>;
}

export function createPipeline({ fetcher, store, vocabulary, now, log, metrics }: PipelineDeps): Pipeline {
  async function poll(source: Source, known: Known, { whole = false, signal }: ReadOptions): Promise<Poll> {
    const fetched = await fetcher.fetch(source.url, whole ? {} : known.validators, signal);
    const { retryAfterMs } = fetched;
    const counts = { new: 0, updated: 0, canceled: 0, known: 0, lagsMs: [] };
    if (fetched.outcome === 'unchanged') {
      const { bodyHash } = known;
      return { ...counts, outcome: 'unchanged', validators: fetched.validators, bodyHash, retryAfterMs };
    }

    const fetchedAt = now();
    const { body, contentType, finalUrl, validators, movedTo } = fetched;
    const bodyHash = createHash('sha256').update(body).digest('base64url');
    if (bodyHash === known.bodyHash && !whole) {
      return { ...counts, outcome: 'unchanged', validators, bodyHash, movedTo, retryAfterMs };
    }

    const document = { bytes: body, contentType, url: finalUrl };
    const { drafts, truncated } = await readDocument(document, source, { vocabulary, now });
    // Of a first reading the stories are as old as the feed is long; that says nothing about us.
    const isFirst = known.bodyHash === undefined;
    const result: Poll = {
      ...counts,
      lagsMs: [],
      outcome: 'fetched',
      validators,
      bodyHash,
      movedTo,
      retryAfterMs,
    };
    // A document that broke off may be whole the next time, under the same validators.
    if (truncated) result.validators = {};

    for (const draft of oldestFirst(drafts)) {
      if (signal?.aborted) throw new FetchError('aborted', `${source.id}: stopped`);
      const appended = await store.append(draft);
      result[appended.outcome] += 1;
      if (appended.outcome === 'known') continue;
      const { change, published } = appended.entry.story;
      const storedAt = now();
      metrics.story(source.id, change);
      metrics.lag('fetched_to_stored', (storedAt - fetchedAt) / 1000);
      if (appended.outcome === 'new' && published !== undefined && !isFirst) {
        metrics.lag('published_to_fetched', Math.max(0, fetchedAt - Date.parse(published)) / 1000);
        result.lagsMs.push(Math.max(0, storedAt - Date.parse(published)));
      }
    }
    return result;
  }

  return {
    async read(source, known, options = {}) {
      const startedAt = now();
      try {
        const result = await poll(source, known, options);
        metrics.fetch(source.id, result.outcome);
        const { outcome, new: added, updated, canceled } = result;
        const level = added + updated + canceled > 0 ? 'info' : 'debug';
        const durationMs = now() - startedAt;
        log[level]({ source: source.id, outcome, new: added, updated, canceled, durationMs }, 'source read');
        return result;
      } catch (error) {
        metrics.fetch(source.id, reasonOf(error));
        throw error;
      }
    },
  };
}

/** What went wrong with a poll, in a word that is always the same. */
export function reasonOf(error: unknown): string {
  if (error instanceof FetchError) return error.reason;
  if (error instanceof ParseError) return 'not_a_feed';
  if (error instanceof WireError) return 'store';
  return 'error';
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
