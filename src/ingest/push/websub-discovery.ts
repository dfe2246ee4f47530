import { decodeXML } from 'entities';

/** Where a feed says that it can be subscribed to; both are absolute, http or https. */
export interface Links {
  /** The first is the one to ask first; empty when the feed has none. */
  hubs: string[];
  /** The feed's own name for itself, which hubs know it by. */
  self?: string;
}

const MAX_HUBS = 4;
const MAX_ADDRESS = 2048;
const MAX_HEADER = 8192;
/** Links of a feed stand before its first item, in a few feeds after the last; no more of it is looked at. */
const HEAD_BYTES = 65_536;
const TAIL_BYTES = 16_384;
/** JSON has its members in any order, so it is read whole or not at all. */
const MAX_JSON_BYTES = 1_048_576;

/**
 * The hubs of a feed and its topic (WebSub, section 4). For each of the two the HTTP header counts before the document.
 * Reads XML as bytes of ASCII: whatever encoding a document is in, addresses are in that part of it that all share.
 *
 * @param linkHeader RFC 8288; several headers joined by commas
 * @param body decompressed
 * @param url where the document was; what is relative is relative to it
 */
export function discover(linkHeader: string | undefined, body: Uint8Array, url?: string): Links {
  const header = collect(linksOfHeader(linkHeader ?? ''), url);
  if (header.hubs.length > 0 && header.self !== undefined) return header;
  if (header.hubs.length === 0 && !mayNameHub(body)) return header;
  const document = collect(linksOfDocument(body), url);
  const self = header.self ?? document.self;
  return {
    hubs: header.hubs.length > 0 ? header.hubs : document.hubs,
    ...(self === undefined ? {} : { self }),
  };
}

/** Most feeds have no hub, and this says so in a hundredth of the time. */
function mayNameHub(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return isWide(body) || ['hub', 'HUB', 'Hub'].some((word) => bytes.includes(word));
}

/** UTF-16. */
function isWide([first, second]: Uint8Array): boolean {
  return first === 0 || second === 0 || first === 0xfe || first === 0xff;
}

interface Link {
  href: string;
  /** One or more relation types. */
  rel: string;
}

function collect(links: Iterable<Link>, url: string | undefined): Links {
  const hubs = new Set<string>();
  let self: string | undefined;
  for (const { href, rel } of links) {
    const types = rel.toLowerCase().split(/\s+/);
    const address = absolute(href.trim(), url);
    if (address === undefined) continue;
    if (types.includes('hub') && hubs.size < MAX_HUBS) hubs.add(address);
    if (types.includes('self')) self ??= address;
  }
  return { hubs: [...hubs], ...(self === undefined ? {} : { self }) };
}

/** As it is written where that is possible: a hub compares topics letter by letter. */
function absolute(href: string, url: string | undefined): string | undefined {
  if (href === '' || href.length > MAX_ADDRESS || !URL.canParse(href, url)) return undefined;
  const { protocol, href: resolved } = new URL(href, url);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return /^https?:\/\//i.test(href) && !/\s/.test(href) ? href : resolved;
}

function* linksOfHeader(header: string): Generator<Link> {
  // The parameters of a link: anything but a comma outside of quotes.
  const links = /<([^<>]*)>((?:[^",]|"(?:[^"\\]|\\.)*")*)/g;
  for (const [, href = '', parameters = ''] of header.slice(0, MAX_HEADER).matchAll(links)) {
    const [, quoted, token] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    // A link with an anchor is one of another document.
    if (!/;\s*anchor\s*=/i.test(parameters)) yield { href, rel: quoted ?? token ?? '' };
  }
}

function linksOfDocument(body: Uint8Array): Iterable<Link> {
  const isBigEndian = body[0] === 0xfe || body[0] === 0;
  const encoding = !isWide(body) ? 'utf-8' : isBigEndian ? 'utf-16be' : 'utf-16le';
  const read = (from: number, to?: number) => new TextDecoder(encoding).decode(body.subarray(from, to));

  const head = read(0, HEAD_BYTES);
  if (/^\s*\{/.test(head)) return body.byteLength > MAX_JSON_BYTES ? [] : linksOfJson(read(0));
  const tailAt = Math.max(HEAD_BYTES, body.byteLength - TAIL_BYTES);
  const rest = body.byteLength > HEAD_BYTES ? read(tailAt + (tailAt % 2)) : head;
  return linksOfXml(beforeItems(withoutOpaque(head)) + withoutOpaque(afterItems(rest)));
}

const ITEM = /<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]/i;
const END_OF_ITEM = /<\/(?:[\w.-]{1,40}:)?(?:item|entry)\s*>/gi;

function beforeItems(text: string): string {
  const first = text.search(ITEM);
  return first < 0 ? text : text.slice(0, first);
}

function afterItems(text: string): string {
  const last = [...text.matchAll(END_OF_ITEM)].at(-1);
  return last ? text.slice(last.index) : '';
}

/** Without comments and CDATA: what looks like a link in them is none. */
function withoutOpaque(text: string): string {
  let kept = '';
  let at = 0;
  for (;;) {
    const comment = text.indexOf('<!--', at);
    const data = text.indexOf('<![CDATA[', at);
    const from = comment < 0 ? data : data < 0 ? comment : Math.min(comment, data);
    if (from < 0) return kept + text.slice(at);
    kept += text.slice(at, from);
    const end = from === comment ? '-->' : ']]>';
    const to = text.indexOf(end, from);
    if (to < 0) return kept;
    at = to + end.length;
  }
}

function* linksOfXml(text: string): Generator<Link> {
  for (const [, attributes = ''] of text.matchAll(/<(?:[\w.-]{1,40}:)?link(?=[\s/>])([^<>]{0,4096})>/gi)) {
    const link: Partial<Record<string, string>> = {};
    for (const [, name = '', double, single] of attributes.matchAll(
      /(?<![^\s"'])(href|rel)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi,
    )) {
      link[name.toLowerCase()] ??= decodeXML(double ?? single ?? '');
    }
    if (link.href !== undefined && link.rel !== undefined) yield { href: link.href, rel: link.rel };
  }
}

function* linksOfJson(text: string): Generator<Link> {
  if (!text.includes('"hubs"')) return;
  let feed: unknown;
  try {
    feed = JSON.parse(text);
  } catch {
    // The parser of feeds will say what is wrong with it.
    return;
  }
  if (typeof feed !== 'object' || feed === null) return;
  if ('feed_url' in feed && typeof feed.feed_url === 'string') yield { href: feed.feed_url, rel: 'self' };
  if (!('hubs' in feed) || !Array.isArray(feed.hubs)) return;
  for (const hub of feed.hubs.slice(0, MAX_HUBS) as unknown[]) {
    const href = typeof hub === 'object' && hub !== null && 'url' in hub ? hub.url : undefined;
    if (typeof href === 'string') yield { href, rel: 'hub' };
  }
}
