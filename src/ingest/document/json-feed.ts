import { z } from 'zod';
import { type ParsedFeed, type ParsedItem, ParseError } from './feed.ts';
import { escapeHtml } from './html.ts';

/** Deeper than this no JSON Feed goes. */
const MAX_NESTING = 64;

/** A field of the wrong type is a field that is not there. */
const text = z
  .string()
  .transform((value) => value.trim() || undefined)
  .optional()
  .catch(undefined);
const texts = z
  .array(text)
  .catch([])
  .transform((values) => values.filter((value) => value !== undefined));
const author = z.object({ name: text }).optional().catch(undefined);

const itemSchema = z.object({
  id: z
    .union([z.string(), z.number()])
    .transform((id) => String(id).trim() || undefined)
    .optional()
    .catch(undefined),
  url: text,
  external_url: text,
  title: text,
  content_html: text,
  content_text: text,
  summary: text,
  image: text,
  banner_image: text,
  date_published: text,
  date_modified: text,
  author,
  authors: z.array(author).catch([]),
  tags: texts,
  language: text,
});

const feedSchema = z.object({
  version: text,
  title: text,
  home_page_url: text,
  language: text,
  items: z.array(z.unknown()),
});

/**
 * JSON Feed 1 and 1.1.
 *
 * @throws {ParseError}
 */
export function parseJsonFeed(json: string): ParsedFeed {
  const text = json.replace(/^[\s\ufeff]+/, '');
  const whole = parsed(text);
  const value = whole ?? parsed(upToLastItem(text));
  if (value === undefined) throw new ParseError('a broken JSON document');
  const read = feedSchema.safeParse(value);
  if (!read.success) throw new ParseError('not a feed: JSON without a list of items');
  const { version, title, home_page_url: link, language, items } = read.data;
  if (!version?.includes('jsonfeed.org')) throw new ParseError('not a feed: JSON that is no JSON Feed');

  const feed: ParsedFeed = {
    format: 'json',
    items: items.slice(0, 2000).flatMap((item) => readItem(item) ?? []),
    withdrawn: [],
    truncated: whole === undefined,
  };
  if (title) feed.title = escapeHtml(title);
  if (link) feed.link = link;
  if (language) feed.language = language;
  return feed;
}

function parsed(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A document that broke off, closed behind the last of its items that is whole; `undefined` when there is none. */
function upToLastItem(json: string): string | undefined {
  const open: string[] = [];
  let inItems = false;
  let end: number | undefined;
  const marks = /["[\]{}]/g;
  for (let mark = marks.exec(json); mark; mark = marks.exec(json)) {
    const [token] = mark;
    if (token === '"') {
      const close = endOfString(json, mark.index);
      if (open.length === 1 && json.slice(mark.index, close) === '"items"') inItems = true;
      marks.lastIndex = close;
    } else if (token === '{' || token === '[') {
      open.push(token);
      if (open.length > MAX_NESTING) return undefined;
    } else {
      open.pop();
      if (inItems && token === '}' && open.join('') === '{[') end = mark.index + 1;
      // What follows the items is not needed to read them.
      if (inItems && token === ']' && open.length === 1) break;
    }
  }
  return end === undefined ? undefined : `${json.slice(0, end)}]}`;
}

/** Behind the quotation mark that ends the string which begins at `from`. */
function endOfString(json: string, from: number): number {
  const mark = /["\\]/g;
  mark.lastIndex = from + 1;
  for (let match = mark.exec(json); match; match = mark.exec(json)) {
    if (match[0] === '"') return match.index + 1;
    mark.lastIndex = match.index + 2;
  }
  return json.length;
}

function readItem(value: unknown): ParsedItem | undefined {
  const read = itemSchema.safeParse(value);
  if (!read.success) return undefined;
  const { id, url, title, summary, content_html, content_text, image, banner_image, ...more } = read.data;
  const content = content_html ?? (content_text && paragraphs(content_text));
  const link = url ?? more.external_url;
  if (!id && !link && !title && !summary && !content) return undefined;

  const item: ParsedItem = {
    dates: [more.date_published, more.date_modified].filter((date) => date !== undefined),
    authors: [...more.authors, more.author].map((each) => each?.name).filter((name) => name !== undefined),
    categories: more.tags,
    images: [image, banner_image].filter((href) => href !== undefined).map((href) => ({ href })),
  };
  if (id) item.guid = id;
  if (link) item.link = link;
  // Titles are plain text by the letter of JSON Feed; many are not, and tags in a title are never meant to be seen.
  if (title) item.title = title;
  if (summary) item.description = escapeHtml(summary);
  if (content) item.content = content;
  if (more.date_modified) item.updated = more.date_modified;
  if (more.language) item.language = more.language;
  return item;
}

function paragraphs(plain: string): string {
  return plain
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${escapeHtml(paragraph.trim()).replaceAll('\n', '<br />')}</p>`)
    .join('');
}
