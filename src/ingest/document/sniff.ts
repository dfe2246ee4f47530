import { ParseError } from './feed.ts';

export type XmlFormat = 'rss' | 'rdf' | 'atom' | 'sitemap';

export type Sniffed =
  | { format: 'json' }
  | {
      format: XmlFormat /** Where the root's tag begins. */;
      at: number /** `rss`, `rdf:RDF`, `a:feed`. */;
      root: string;
    };

const FORMATS = new Map<string, XmlFormat>([
  ['rss', 'rss'],
  ['rdf', 'rdf'],
  ['feed', 'atom'],
  ['urlset', 'sitemap'],
]);
const KNOWN_OTHERS = new Map([
  ['!html', 'an HTML page'],
  ['html', 'an HTML page'],
  ['head', 'an HTML page'],
  ['body', 'an HTML page'],
  ['opml', 'an OPML list of feeds'],
  ['sitemapindex', 'an index of sitemaps; read one of the sitemaps that it lists'],
  ['error', 'an error message in XML'],
]);
const TAG_NAME = /<([\p{L}_][^\s<>/"'=]*)/uy;
/** A root that follows what a broken server wrote before it, or that stands in a page. */
const LATE_ROOT = /<((?:[\w-]+:)?(?:rss|rdf|feed))(?=[\s>])/i;
/** What comes before a feed is searched this far: a page without a feed must not be searched for long. */
const MAX_BEFORE = 1_000_000;

/** @throws {ParseError} that says what the document is, when it is no feed. */
export function sniff(text: string): Sniffed {
  const start = /[^\s\ufeff]/.exec(text)?.index;
  if (start === undefined) throw new ParseError('not a feed: an empty document');
  if (text[start] === '{' || text[start] === '[') return { format: 'json' };

  const first = firstTag(text);
  const format = first && FORMATS.get(local(first.name));
  if (first && format) return { format, at: first.at, root: first.name };

  const late = lateRoot(text);
  const other = first && KNOWN_OTHERS.get(local(first.name));
  // A page may show half a feed as an example; one that carries a whole feed was made of it.
  if (late && (!other || (other === 'an HTML page' && isWhole(text, late)))) return late;
  if (other) throw new ParseError(`not a feed: ${other}`);
  throw new ParseError(
    first
      ? `not a feed: XML or HTML that begins with <${first.name.slice(0, 40)}>`
      : 'not a feed: plain text',
  );
}

function lateRoot(text: string): Exclude<Sniffed, { format: 'json' }> | undefined {
  const late = LATE_ROOT.exec(text.slice(0, MAX_BEFORE));
  const root = late?.[1];
  const format = root === undefined ? undefined : FORMATS.get(local(root));
  return late && root && format ? { format, at: late.index, root } : undefined;
}

function isWhole(text: string, { at, root, format }: Exclude<Sniffed, { format: 'json' }>): boolean {
  const rest = text.slice(at).toLowerCase();
  const item = format === 'atom' ? 'entry' : 'item';
  return rest.includes(`</${root.toLowerCase()}`) && new RegExp(`</(?:[\\w-]+:)?${item}\\s*>`).test(rest);
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
