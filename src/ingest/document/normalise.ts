import { type Content, type Image, shorten } from '../../core/story.ts';
import type { Source } from '../sources.ts';
import { placeOf } from './dateline.ts';
import { parseDate } from './dates.ts';
import type { Detected } from './detect-language.ts';
import type { ParsedFeed, ParsedItem } from './feed.ts';
import { hasBlocks, sanitizeBody } from './html.ts';
import type { Traits } from './identity.ts';
import { languageOf } from './language.ts';
import { absoluteUrl, canonicalLink } from './link.ts';
import { flagsOf, isCorrection } from './marks.ts';
import { headlineText, plainText } from './text.ts';

/** What one story may bring, so that no feed makes the log, or a client, carry more. */
const MAX = { headline: 500, description: 1000, bodyBytes: 200_000, by: 200, sections: 50, section: 200 };
/** A lede that is longer is a story. */
const LONG = 1000;

export interface Normalised {
  /** All that the source says; its id and topics are given where the whole document is known. */
  content: Omit<Content, 'id' | 'topics'>;
  correction: boolean;
  traits: Traits;
  /** When the publisher changed it, in milliseconds since 1970. */
  updated?: number;
}

export interface Place {
  feed: ParsedFeed;
  source: Source;
  /** Where the document was read, when it has an address. */
  url?: string;
  /** Milliseconds since 1970. */
  now: number;
  /** The language of all the document's words together. */
  around?: Detected;
}

/** One item of a feed as a story of ours: plain text, clean HTML, absolute addresses, UTC. */
export function normalise(item: ParsedItem, { feed, source, url, now, around }: Place): Normalised {
  const bases = basesOf(item, feed, url);
  const link = canonicalLink(item.link, ...bases);
  const lede = plainText(item.description ?? item.content ?? '');
  const headline =
    headlineText(item.title ?? '') || shorten(lede.slice(0, 1000), 120) || link || (item.guid ?? '');
  const sections = sectionsOf(item);
  const date = (text: string) => parseDate(text, source.timezone, now);

  const content: Normalised['content'] = {
    source: { id: source.id, name: source.name },
    language: languageOf(
      { story: item.language, source: source.language, feed: feed.language },
      `${item.title ? headline : ''}. ${lede}`,
      around,
    ),
    headline: shorten(headline.slice(0, MAX.headline * 4), MAX.headline),
    urgency: source.urgency,
    flags: flagsOf(headline, [...sections, ...(item.genres ?? [])]),
    sections,
  };
  const description = shorten(lede.slice(0, MAX.description * 4), MAX.description);
  const body = bodyOf(item, lede, bases);
  const by = item.authors.map(nameOf).filter((name) => name !== '');
  const image = imageOf(item, body, bases);
  const published = item.dates.map(date).find((each) => each !== undefined);
  if (link) content.link = link;
  if (description !== '' && description !== headline) content.description = description;
  if (body) content.body = body;
  const located = placeOf(description) ?? placeOf(plainText((item.content ?? '').slice(0, 500)));
  if (located) content.located = located;
  if (by.length > 0) content.by = shorten([...new Set(by)].join(', '), MAX.by);
  if (image) content.image = image;
  if (published) content.published = published;
  if (source.allow) content.usageTerms = source.allow;

  const updated = item.updated === undefined ? undefined : date(item.updated);
  return {
    content,
    correction: isCorrection(headline) || isCorrection(lede),
    traits: { guid: item.guid, link, text: `${content.headline}\n${description}` },
    ...(updated ? { updated: Date.parse(updated) } : {}),
  };
}

/** What the item's relative addresses are relative to, by the most particular statement first. */
function basesOf(item: ParsedItem, feed: ParsedFeed, url: string | undefined): string[] {
  const site = absoluteUrl(feed.link, feed.base, url, feed.self);
  const feedBase = absoluteUrl(feed.base, url, site);
  const itemBase = absoluteUrl(item.base, feedBase, site, url);
  return [itemBase, feedBase, site, url, absoluteUrl(feed.self, url)].filter((base) => base !== undefined);
}

function sectionsOf(item: ParsedItem): string[] {
  const sections = item.categories
    .slice(0, MAX.sections * 2)
    .map((category) => shorten(plainText(category).slice(0, 1000), MAX.section));
  return [...new Set(sections)].filter((section) => section !== '').slice(0, MAX.sections);
}

/** The whole story when the source gives it, or a lede that is one; none that says no more than the lede. */
function bodyOf(item: ParsedItem, lede: string, bases: readonly string[]): string | undefined {
  const { description = '', content } = item;
  const html = content ?? (lede.length > LONG || hasBlocks(description) ? description : undefined);
  if (html === undefined) return undefined;
  if (!html.includes('<') && html.length < LONG && plainText(html) === lede) return undefined;
  return sanitizeBody(html, MAX.bodyBytes, ...bases);
}

/** `editor@news.example (Olha Koval)` is how RSS wants an author; an address without a name names nobody. */
function nameOf(author: string): string {
  const plain = plainText(author);
  const inParentheses = /^\S+@\S+\s*\((.+)\)$/.exec(plain)?.[1];
  return (inParentheses ?? plain).replace(/\s*<?\b[\w.+-]+@[\w.-]+\.\w+>?\s*/g, ' ').trim();
}

function imageOf(item: ParsedItem, body: string | undefined, bases: readonly string[]): Image | undefined {
  for (const { href, width, height, alt } of item.images) {
    const absolute = absoluteUrl(href, ...bases);
    if (!absolute || width === 1 || height === 1) continue;
    const image: Image = { href: absolute };
    if (width) image.width = width;
    if (height) image.height = height;
    if (alt) image.alt = shorten(plainText(alt).slice(0, 2000), MAX.headline);
    return image;
  }
  // Our own sanitiser wrote it: quoted, absolute, and with no other escape than this.
  const { description = '' } = item;
  const html =
    body ?? (/<img\b/i.test(description) ? sanitizeBody(description, MAX.bodyBytes, ...bases) : '');
  const first = /<img src="([^"]+)"/.exec(html ?? '')?.[1];
  return first ? { href: first.replaceAll('&amp;', '&') } : undefined;
}
