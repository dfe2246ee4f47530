import type { Cursor } from './cursor.ts';
import type { TopicId } from './topic.ts';

export type Status = 'usable' | 'canceled' | 'withheld';
export type Change = 'new' | 'update' | 'correction' | 'cancel';
export type Flag = 'breaking' | 'exclusive' | 'opinion' | 'live' | 'sponsored';

export const FLAGS: readonly Flag[] = ['breaking', 'exclusive', 'opinion', 'live', 'sponsored'];

export interface Image {
  href: string;
  width?: number;
  height?: number;
  alt?: string;
}

/** What a source says of a story; the store adds the rest. Times are RFC 3339 in UTC. */
export interface Content {
  /** Stable for the life of the story: `SOURCE:HASH`. */
  id: string;
  source: { id: string; name: string };
  /** Absolute http(s), without tracking parameters; absent when the source gives none. */
  link?: string;
  /** BCP 47; `und` when neither declared nor recognised. */
  language: string;
  headline: string;
  /** Plain text. */
  description?: string;
  /** Sanitised HTML. */
  body?: string;
  by?: string;
  located?: string;
  /** 1 flash … 5 normal … 9. */
  urgency: number;
  flags: Flag[];
  /** The publisher's own words, untouched. */
  sections: string[];
  /** Ancestors included, each once. */
  topics: TopicId[];
  /** The same for all stories of one event, whatever their source. */
  cluster?: string;
  /** The ids of the other sources that have reported it. */
  alsoReportedBy?: string[];
  image?: Image;
  /** What the publisher says. */
  published?: string;
  embargoedUntil?: string;
  usageTerms?: string;
}

/** `view: full` of the contract: what every surface carries. */
export interface Story extends Content {
  /** 1, and one more with each change of what a reader sees. */
  version: number;
  status: Status;
  change: Change;
  cursor: Cursor;
  firstCreated: string;
  versionCreated: string;
  views?: number;
}

/** `view: compact` of the contract, for phones: at most 1 KB as JSON. */
export interface CompactStory {
  id: string;
  version: number;
  status: Status;
  cursor: Cursor;
  source: { id: string };
  language: string;
  headline: string;
  description?: string;
  topics: TopicId[];
  urgency: number;
  published?: string;
  link?: string;
}

export type View = 'full' | 'compact';

const COMPACT_BYTES = 1024;
const COMPACT_DESCRIPTION = 200;

/** Cuts at a word where one ends near the limit, and marks the cut. Counts code points, so no character is torn. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = [...text];
  if (points.length <= max) return text;
  const cut = points.slice(0, max - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space > cut.length * 0.6 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/**
 * The compact view. It stays within 1 KB by giving up, in this order, what a phone can do without: the end of the
 * description, the last topics, the link, the end of the headline.
 */
export function compact(story: Story): CompactStory {
  const small: CompactStory = {
    id: story.id,
    version: story.version,
    status: story.status,
    cursor: story.cursor,
    source: { id: story.source.id },
    language: story.language,
    headline: story.headline,
    topics: story.topics,
    urgency: story.urgency,
  };
  if (story.description) small.description = shorten(story.description, COMPACT_DESCRIPTION);
  if (story.published) small.published = story.published;
  if (story.link) small.link = story.link;

  if (bytes(small) > COMPACT_BYTES && small.description) small.description = shorten(small.description, 80);
  if (bytes(small) > COMPACT_BYTES) delete small.description;
  while (bytes(small) > COMPACT_BYTES && small.topics.length > 4) small.topics = small.topics.slice(0, -1);
  if (bytes(small) > COMPACT_BYTES) delete small.link;
  for (let keep = 160; bytes(small) > COMPACT_BYTES && keep >= 20; keep -= 20) {
    small.headline = shorten(small.headline, keep);
  }
  while (bytes(small) > COMPACT_BYTES && small.topics.length > 0) small.topics = small.topics.slice(0, -1);
  return small;
}

const utf8 = new TextEncoder();
function bytes(value: unknown): number {
  return utf8.encode(JSON.stringify(value)).length;
}

/** What a filter can ask about a story. An earlier version is remembered as this much of itself. */
export type Facets = Pick<
  Story,
  'topics' | 'language' | 'source' | 'urgency' | 'flags' | 'headline' | 'description'
>;

export function facetsOf(story: Facets): Facets {
  const { topics, language, source, urgency, flags, headline, description } = story;
  return { topics, language, source, urgency, flags, headline, description };
}

/**
 * One entry of the log: a version of a story, at its place.
 * `reach` is set on a withdrawal: the facets of every version that was sent before it, so that it follows them to
 * whoever may have got one; `everyone` when the log no longer has them all.
 */
export interface Entry {
  sequence: number;
  /** When it was appended, in milliseconds since 1970. */
  at: number;
  story: Story;
  reach?: Facets[] | 'everyone';
}
