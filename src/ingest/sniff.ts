import { ParseError } from './feed.ts';

export type Sniffed =
  | { format: 'json' }
  | {
      format: 'rss' | 'rdf' | 'atom' /** Where the root's tag begins. */;
      at: number /** `rss`, `rdf:RDF`, `a:feed`. */;
      root: string;
    };

const FORMATS: Readonly<Record<string, 'rss' | 'rdf' | 'atom'>> = { rss: 'rss', rdf: 'rdf', feed: 'atom' };
const KNOWN_OTHERS: Readonly<Record<string, string>> = {
  html: 'an HTML page',
  head: 'an HTML page',
  body: 'an HTML page',
  opml: 'an OPML list of feeds',
  urlset: 'a sitemap',
  sitemapindex: 'a sitemap',
  error: 'an error message in XML',
};
const TAG_NAME = /<([\p{L}_][^\s<>/"'=]*)/uy;
/** A root that follows what a broken server wrote before it. */
const LATE_ROOT = /<((?:[\w-]+:)?(?:rss|rdf|feed))(?=[\s>])/i;

/** @throws {ParseError} that says what the document is, when it is no feed. */
export function sniff(text: string): Sniffed {
  const start = /[^\s\ufeff]/.exec(text)?.index;
  if (start === undefined) throw new ParseError('not a feed: an empty document');
  if (text[start] === '{' || text[start] === '[') return { format: 'json' };

  const first = firstTag(text);
  const format = first && FORMATS[local(first.name)];
  if (first && format) return { format, at: first.at, root: first.name };

  const other = first && (first.name === '!html' ? 'an HTML page' : KNOWN_OTHERS[local(first.name)]);
  if (other) throw new ParseError(`not a feed: ${other}`);
  const late = LATE_ROOT.exec(text);
  const lateFormat = late?.[1] === undefined ? undefined : FORMATS[local(late[1])];
  if (late?.[1] !== undefined && lateFormat) return { format: lateFormat, at: late.index, root: late[1] };
  throw new ParseError(
    first
      ? `not a feed: XML or HTML that begins with <${first.name.slice(0, 40)}>`
      : 'not a feed: plain text',
  );
}

/** The first tag that is not a comment, an instruction or a document type; `!html` for HTML's document type. */
function firstTag(text: string): { name: string; at: number } | undefined {
  let at = text.indexOf('<');
  while (at >= 0) {
    TAG_NAME.lastIndex = at;
    const name = TAG_NAME.exec(text)?.[1];
    if (name) return { name, at };
    if (/^<!doctype\s+html\b(?!\s+\[)/i.test(text.slice(at, at + 40))) return { name: '!html', at };
    at = text.indexOf('<', endOfMarkup(text, at));
  }
  return undefined;
}

function endOfMarkup(text: string, at: number): number {
  const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
  if (close) return after(text, close, at);
  if (!/^<!doctype/i.test(text.slice(at, at + 9))) return at + 1;
  const end = text.indexOf('>', at);
  const subset = text.indexOf('[', at);
  return subset < 0 || end < subset ? after(text, '>', at) : after(text, '>', after(text, ']', subset) - 1);
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}
