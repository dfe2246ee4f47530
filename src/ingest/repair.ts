import type { Sniffed } from './sniff.ts';

export interface Repaired {
  /** Begins with the root's tag. */
  xml: string;
  truncated: boolean;
}

type Xml = Exclude<Sniffed, { format: 'json' }>;

/** Elements whose content is text for readers, whatever markup the publisher left in it. */
const MARK =
  /<!--|<!\[CDATA\[|<(?!media:content)((?:[\w-]+:)?(?:title|description|summary|content|tagline|encoded|full-text))(?=[\s>])/gi;
/** What begins text that is no markup, and what ends it. */
const VERBATIM: Readonly<Record<string, string>> = { '<!--': '-->', '<![CDATA[': ']]>' };
const NOT_XML = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;

/**
 * Makes a document that rss-parser can read of one that is nearly a feed, and keeps the words that it would lose:
 * junk before the root, document types (and the entities that they declare) and control characters go; markup inside
 * titles, ledes and stories is quoted, so that it stays in order; a document that broke off ends after its last whole
 * item. A well-formed feed says the same afterwards.
 */
export function repair(text: string, { at, root, format }: Xml): Repaired {
  const body = text.slice(at).toWellFormed().replace(NOT_XML, '');
  const whole = new RegExp(`</${escaped(root)}\\s*>`, 'i').test(body);
  return { xml: quoteMarkup(whole ? body : cutAtLastItem(body, root, format)), truncated: !whole };
}

function cutAtLastItem(body: string, root: string, format: Xml['format']): string {
  const item = format === 'atom' ? /<\/(?:[\w-]+:)?entry\s*>/gi : /<\/(?:[\w-]+:)?item\s*>/gi;
  let end: number | undefined;
  for (const match of body.matchAll(item)) end = match.index + match[0].length;
  // Without a whole item what is open stays open, and the root's end tag closes it all.
  return `${body.slice(0, end)}</${root}>`;
}

/** Quotes, as CDATA, the content of text elements that hold unescaped markup: XHTML, or HTML that was not escaped. */
function quoteMarkup(xml: string): string {
  const out: string[] = [];
  let done = 0;
  const unclosed = new Set<string>();
  const marks = new RegExp(MARK);
  for (let match = marks.exec(xml); match; match = marks.exec(xml)) {
    const close = VERBATIM[match[0]];
    const start = close ? after(xml, close, match.index) : tagEnd(xml, match.index);
    marks.lastIndex = start;
    if (close || xml[start - 2] === '/') continue;

    const endTag = `</${match[1]}`;
    const end = unclosed.has(endTag) ? -1 : xml.indexOf(endTag, start);
    // Looked for once: a document of nothing but start tags must not be searched to its end for each.
    if (end < 0) unclosed.add(endTag);
    const inner = xml.slice(start, end < 0 ? start : end);
    // Where a part is quoted already, the mark of that part comes next; an end tag inside it is none.
    const quoted = inner.indexOf('<![CDATA[');
    // Whatever looks like an element in here is none: it is not looked into again.
    marks.lastIndex = start + (quoted < 0 ? inner.length : quoted);
    if (quoted < 0 && isMarkup(inner)) {
      out.push(xml.slice(done, start), '<![CDATA[', inner.replaceAll(']]>', ']]&gt;'), ']]>');
      done = end;
    }
  }
  out.push(xml.slice(done));
  return out.join('');
}

/** Escaped HTML with a stray tag in it is still escaped HTML. */
function isMarkup(inner: string): boolean {
  const tags = inner.split('<').length - 1;
  return tags > 0 && tags >= inner.split('&lt;').length - 1;
}

/** Behind the `>` that ends the tag at `from`; one in a quoted attribute does not end it. */
function tagEnd(xml: string, from: number): number {
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
