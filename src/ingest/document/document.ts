import { setImmediate as breathe } from 'node:timers/promises';
import type { Draft } from '../../store/store.ts';
import type { Topics } from '../../topics/topics.ts';
import type { Source } from '../sources.ts';
import { parseDate } from './dates.ts';
import { decode } from './decode.ts';
import { type Detected, detectLanguage } from './detect-language.ts';
import type { ParsedFeed } from './feed.ts';
import { type FeedHints, hintsOf } from './hints.ts';
import { guidKey, identify, storyId } from './identity.ts';
import { type Normalised, normalise } from './normalise.ts';
import { parseFeed } from './parse.ts';
import { tag } from './tag.ts';
import { headlineText } from './text.ts';

export interface Document {
  bytes: Uint8Array;
  /** The HTTP header. */
  contentType?: string;
  /** Where it was read; relative addresses are relative to it. */
  url?: string;
}

export interface Reading {
  /** Withdrawals first, then the stories in document order, each id once. */
  drafts: Draft[];
  /** What the source calls each story, as its document has it, by our id; for those to which it gives a name. */
  guids: ReadonlyMap<string, string>;
  /** The document broke off after the last of them. */
  truncated: boolean;
  /** What it says of when to ask for it again. */
  hints?: FeedHints;
}

export interface ReadingDeps {
  topics: Pick<Topics, 'vocabulary' | 'tagger'>;
  now: () => number;
}

/** After so many stories other work of the process gets its turn: a gateway may share the event loop. */
const STORIES_PER_TURN = 20;

/**
 * A feed document to what the store is to be told of it: decode → parse → normalise → identify → tag.
 *
 * @throws {ParseError} when it is no feed, or nothing in it could be read
 */
export async function readDocument(
  document: Document,
  source: Source,
  { topics: known, now }: ReadingDeps,
): Promise<Reading> {
  const { text } = decode(document.bytes, document.contentType);
  const feed = await parseFeed(text);
  const place = { feed, source, url: document.url, now: now(), around: languageAround(feed) };

  const stories: Normalised[] = [];
  for (const [index, item] of feed.items.entries()) {
    if (index % STORIES_PER_TURN === STORIES_PER_TURN - 1) await breathe();
    stories.push(normalise(item, place));
  }

  const ids = identify(
    source.id,
    stories.map(({ traits }) => traits),
  );
  const gone = withdrawnIds(feed, stories, source, place.now);
  const drafts: Draft[] = [...gone].map((id) => ({ kind: 'withdrawal', id }));
  const guids = new Map<string, string>();
  for (const [index, { content, correction, traits }] of stories.entries()) {
    const id = ids[index];
    if (id === undefined || gone.has(id)) continue;
    if (traits.guid !== undefined) guids.set(id, traits.guid);
    const { topics, why } = tag(source, content, known);
    drafts.push({
      kind: 'content',
      content: { id, ...content, topics },
      why,
      ...(correction ? { correction } : {}),
    });
  }
  return { drafts, guids, truncated: feed.truncated, hints: hintsOf(text) };
}

/** What the stories' headlines say together of their language. */
function languageAround(feed: ParsedFeed): Detected | undefined {
  const titles = feed.items.slice(0, 40).map(({ title = '' }) => headlineText(title.slice(0, 300)));
  return detectLanguage(titles.join('. '));
}

/** A tombstone does not count for an entry of the same document that was changed after it: that one is back. */
function withdrawnIds(
  feed: ParsedFeed,
  stories: readonly Normalised[],
  source: Source,
  now: number,
): Set<string> {
  const present = new Map<string, number>();
  for (const { traits, updated } of stories) {
    if (traits.guid !== undefined) present.set(guidKey(traits.guid), updated ?? Number.NEGATIVE_INFINITY);
  }
  const ids = feed.withdrawn.flatMap(({ ref, when }) => {
    const key = guidKey(ref);
    const since = parseDate(when ?? '', source.timezone, now);
    const updated = present.get(key);
    // Without a date the tombstone does not say that it is younger than the entry.
    const back = updated !== undefined && (since === undefined || updated > Date.parse(since));
    return back ? [] : [storyId(source.id, key)];
  });
  return new Set(ids);
}
