import { declaredEntities, replaceEntities } from './entities.ts';
import { ParseError } from './feed.ts';
import { flatten } from './nesting.ts';
import type { Sniffed } from './sniff.ts';
import type { Words } from './words.ts';

export interface Repaired {
  /** Begins with the root's tag. */
  xml: string;
  truncated: boolean;
}

type Xml = Exclude<Sniffed, { format: 'json' }>;

/** Elements whose content is text for readers, whatever markup the publisher left in it; and where items begin. */
const MARK =
  /<!--|<!\[CDATA\[|<(?!media:content)((?:[\w-]+:)?(?:title|description|summary|content|tagline|encoded|full-text))(?=[\s>])|<(\/?(?:[\w-]+:)?(?:item|entry|url))(?=[\s/>])/gi;
/** What never stands in a text: behind it begins what its missing end tag would have ended. */
const NO_TEXT = /<\/?(?:[\w-]+:)?(?:item|entry|channel)[\s>/]/i;
const NEXT_FIELD =
  /<(?:\/(?:item|entry)|link|guid|pubDate|description|category|author|enclosure|dc:\w+|content:encoded)[\s>/]/i;
/** XHTML in a feed of another namespace; readers of HTML know its elements without. */
const XHTML_PREFIX = /(<\/?)(?:xhtml|html|xh|h):(?=[a-z])/gi;
/** What begins text that is no markup, and what ends it. */
const VERBATIM: Readonly<Record<string, string>> = { '<!--': '-->', '<![CDATA[': ']]>' };
/** Control characters, and what is no character. */
const NOT_XML = /[^\t\n\r -~\u00a0-\ufffd]/g;

/** No document gives more stories; what lies beyond are the oldest. */
export const MAX_ITEMS = 2000;
export const BROKEN_OFF = 'a broken document: it ends before its first item does';

/** The items of each format, by the name of their element. */
const ITEMS: Readonly<Record<Xml['format'], string>> = {
  rss: 'item',
  rdf: 'item',
  atom: 'entry',
  sitemap: 'url',
};

/**
 * Makes a document that rss-parser can read of one that is nearly a feed, and keeps the words that it would lose:
 * junk before the root, document types (and the entities that they declare) and control characters go; markup inside
 * titles, ledes and stories is quoted, so that it stays in order; a document that broke off ends after its last whole
 * item. A well-formed feed says the same afterwards.
 *
 * @throws {ParseError} when the document broke off in its first item
 */
export function repair(text: string, { at, root, format }: Xml, words: Words): Repaired {
  const entities = declaredEntities(text.slice(0, at));
  const body = endEntities(replaceEntities(text.slice(at).toWellFormed(), entities).replace(NOT_XML, ''));
  const end = lastEnd(body, escaped(root));
  const whole =
    end === undefined ? cutAtLastItem(body, root, format) : { xml: body.slice(0, end), truncated: false };
  return { xml: `${flatten(quoteMarkup(whole.xml, format), words)}</${root}>`, truncated: whole.truncated };
}

const ENDLESS = /&([#\w:.-]*)(?=<)/g;
const KNOWN = /^(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[\da-f]+)$/i;

/** `AT&T</title>`: sax takes the beginning of the next tag for a part of the entity, and the tag is lost. */
function endEntities(xml: string): string {
  return xml.replace(ENDLESS, (_, name: string) => (KNOWN.test(name) ? `&${name};` : `&amp;${name}`));
}

function cutAtLastItem(body: string, root: string, format: Xml['format']): Repaired {
  const end = lastEnd(body, `(?:[\\w-]+:)?${ITEMS[format]}`);
  if (end === undefined && new RegExp(`<(?:[\\w-]+:)?${ITEMS[format]}[\\s>]`, 'i').test(body)) {
    throw new ParseError(BROKEN_OFF);
  }
  const xml = `${body.slice(0, end)}</${root}>`;
  // A channel that was closed after its items lacks nothing but the root's end tag.
  const closed =
    format === 'rss' && end !== undefined && /^\s*<\/(?:[\w-]+:)?channel\s*>/i.test(body.slice(end));
  return { xml, truncated: !closed };
}

/** Behind the last end tag of an element; `name` as a regular expression. */
function lastEnd(body: string, name: string): number | undefined {
  const tag = new RegExp(`</${name}\\s*>`, 'iy');
  for (let at = body.lastIndexOf('</'); at >= 0; at = at > 0 ? body.lastIndexOf('</', at - 1) : -1) {
    tag.lastIndex = at;
    if (tag.test(body)) return tag.lastIndex;
  }
  return undefined;
}

/** Quotes, as CDATA, the content of text elements that hold unescaped markup: XHTML, or HTML that was not escaped. */
function quoteMarkup(xml: string, format: Xml['format']): string {
  const out: string[] = [];
  let done = 0;
  let items = 0;
  let open: string | undefined;
  const ends = new Map<string, (from: number) => number>();
  const finders = (name: string) => {
    const find = ends.get(name) ?? finder(xml, new RegExp(`</${escaped(name)}(?=[\\s>])`, 'g'));
    ends.set(name, find);
    return find;
  };
  const nextBoundary = finder(xml, NO_TEXT);
  const nextField = finder(xml, NEXT_FIELD);
  const nextQuotation = finder(xml, /<!\[CDATA\[/g);
  const marks = new RegExp(MARK);
  for (let match = marks.exec(xml); match; match = marks.exec(xml)) {
    const [mark, text, item] = match;
    const close = text === undefined && item === undefined ? VERBATIM[mark] : undefined;
    if (item !== undefined) {
      const end = tagEnd(xml, match.index);
      marks.lastIndex = end;
      if (!item.toLowerCase().endsWith(ITEMS[format])) continue;
      if (!item.startsWith('/')) items += 1;
      if (items > MAX_ITEMS) {
        out.push(xml.slice(done, match.index));
        return out.join('');
      }
      if (item.startsWith('/')) open = undefined;
      else if (xml[end - 2] !== '/') {
        // An item never lies in another: the one before was not ended.
        if (open !== undefined) out.push(xml.slice(done, match.index), `</${open}>`);
        if (open !== undefined) done = match.index;
        open = item;
      }
      continue;
    }
    const start = close ? after(xml, close, match.index) : tagEnd(xml, match.index);
    marks.lastIndex = start;
    if (close || xml[start - 2] === '/') continue;

    const name = text ?? '';
    const tag = xml.indexOf('<', start);
    // As nearly all texts are: plain to their end, or quoted from their beginning.
    const quotation = xml.startsWith('<![CDATA[', tag);
    if (quotation || isEndOf(name, xml, tag)) {
      marks.lastIndex = quotation ? after(xml, ']]>', tag) : tag;
      continue;
    }
    const end = finders(name)(start);
    // A text that runs into the next item lacks its end tag; what it should not have swallowed begins where a field does.
    const boundary = nextBoundary(start);
    const field = boundary < end && nextQuotation(start) > boundary ? nextField(start) : xml.length;
    if (field < end && field <= boundary) {
      out.push(xml.slice(done, field), `</${name}>`);
      marks.lastIndex = field;
      done = field;
      continue;
    }
    if (end === xml.length) continue;
    // Where a part is quoted already, the mark of that part comes next; an end tag inside it is none.
    const quoted = nextQuotation(start) < end;
    // Whatever looks like an element in here is none: it is not looked into again.
    marks.lastIndex = quoted ? nextQuotation(start) : end;
    const inner = quoted ? '' : xml.slice(start, end);
    if (isMarkup(inner)) {
      const plain = inner.replace(XHTML_PREFIX, '$1').replaceAll(']]>', ']]&gt;');
      out.push(xml.slice(done, start), '<![CDATA[', plain, ']]>');
      done = end;
    }
  }
  out.push(xml.slice(done));
  return out.join('');
}

/** Whether the end tag of an element of that name is at `at`. */
function isEndOf(name: string, xml: string, at: number): boolean {
  return (
    xml.startsWith('/', at + 1) &&
    xml.startsWith(name, at + 2) &&
    /[\s>]/.test(xml[at + 2 + name.length] ?? '')
  );
}

/** Where `mark` comes next at or behind a place, or the end: what was found is not looked for again. */
function finder(xml: string, mark: RegExp): (from: number) => number {
  const global = new RegExp(mark, mark.flags.includes('g') ? mark.flags : `${mark.flags}g`);
  let [since, found] = [0, -1];
  return (from) => {
    if (from < since || from > found) {
      global.lastIndex = from;
      found = global.exec(xml)?.index ?? xml.length;
      since = from;
    }
    return found;
  };
}

/** Escaped HTML with a stray tag in it is still escaped HTML. */
function isMarkup(inner: string): boolean {
  const tags = inner.split('<').length - 1;
  return tags > 0 && tags >= inner.split('&lt;').length - 1;
}

/** Behind the `>` that ends the tag at `from`; one in a quoted attribute does not end it. */
function tagEnd(xml: string, from: number): number {
  const end = xml.indexOf('>', from);
  if (end >= 0 && !/["']/.test(xml.slice(from, end))) return end + 1;
  const mark = /[>"']/g;
  mark.lastIndex = from;
  for (let match = mark.exec(xml); match; match = mark.exec(xml)) {
    if (match[0] === '>') return match.index + 1;
    mark.lastIndex = after(xml, match[0], match.index + 1);
  }
  return xml.length;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
