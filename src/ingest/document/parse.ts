import RssParser from 'rss-parser';
import { type ParsedFeed, type ParsedItem, ParseError } from './feed.ts';
import { attribute, children, first, ITEM_FIELDS, linkOf, OURS, readItem, textOf } from './item.ts';
import { parseJsonFeed } from './json-feed.ts';
import { attributeOf, elementNames } from './namespaces.ts';
import { BROKEN_OFF, MAX_ITEMS, repair } from './repair.ts';
import { readSitemapUrl, SITEMAP_FIELDS } from './sitemap.ts';
import { type Sniffed, sniff, type XmlFormat } from './sniff.ts';
import { createWords, type Words } from './words.ts';

/** A feed has some dozens of names for its elements; a hostile one may have more. */
const MAX_NAMES = 1000;
/** Longer root tags exist only to keep regular expressions busy. */
const MAX_ROOT_TAG = 16_384;

type CustomField = [from: string, to: string, { keepArray: true }];

const FEED_FIELDS = [
  'title',
  'link',
  'atom:link',
  'language',
  'dc:language',
  'at:deleted-entry',
  'deleted-entry',
];

const FIELDS: Readonly<Record<XmlFormat, ReadonlySet<string>>> = {
  rss: new Set(ITEM_FIELDS),
  rdf: new Set(ITEM_FIELDS),
  atom: new Set(ITEM_FIELDS),
  sitemap: new Set(SITEMAP_FIELDS),
};

/** The elements by which rss-parser finds its way to the items; every other one is renamed, so that it leaves them alone. */
const STRUCTURE = new Map(['channel', 'item', 'feed', 'entry'].map((name) => [name, name]));
/** A sitemap is read as the Atom feed that it nearly is. */
const SITEMAP_STRUCTURE = new Map([['url', 'entry']]);

/**
 * RSS 0.9x to 2.0, RDF, Atom, JSON Feed and sitemaps of news to one shape. A broken item does not cost the others.
 *
 * @throws {ParseError} when it is no feed, or nothing in it could be read
 */
export async function parseFeed(text: string): Promise<ParsedFeed> {
  const sniffed = sniff(text);
  return sniffed.format === 'json' ? parseJsonFeed(text) : parseXml(text, sniffed);
}

async function parseXml(text: string, sniffed: Exclude<Sniffed, { format: 'json' }>): Promise<ParsedFeed> {
  const words = createWords();
  const { xml, truncated } = repair(text, sniffed, words);
  const rootTag = xml.slice(0, Math.min(xml.indexOf('>'), MAX_ROOT_TAG));
  const document: unknown = await readWithRssParser(xml, rootTag, sniffed.format, words).catch(
    (error: unknown) => {
      if (truncated) throw new ParseError(BROKEN_OFF, { cause: error });
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw new ParseError(`a broken ${sniffed.format} document: ${reason}`, { cause: error });
    },
  );

  const items: ParsedItem[] = [];
  const found = children(document, 'items');
  for (const each of found.slice(0, MAX_ITEMS)) {
    const item = sniffed.format === 'sitemap' ? readSitemapUrl(each) : readItem(each);
    if (item) items.push(item);
  }
  if (sniffed.format === 'sitemap' && items.length === 0 && !hasNews(rootTag, found)) {
    throw new ParseError('not a feed: a sitemap that has no news');
  }

  const textIn = (...names: string[]) => first(names.flatMap((name) => children(document, name).map(textOf)));
  const language = textIn('language', 'dc:language') ?? attributeOf(rootTag, 'xml:lang');
  const feed: ParsedFeed = { format: sniffed.format, items, withdrawn: withdrawnOf(document), truncated };
  const title = textIn('title');
  const link = linkOf([...children(document, 'link'), ...children(document, 'atom:link')]);
  const base = attributeOf(rootTag, 'xml:base');
  const self = selfOf([...children(document, 'atom:link'), ...children(document, 'link')]);
  if (title) feed.title = title;
  if (language) feed.language = language;
  if (link) feed.link = link;
  if (base) feed.base = base;
  if (self) feed.self = self;
  return feed;
}

/**
 * rss-parser reads the XML and finds the items. Its own reading of their fields is kept out of it, because it loses
 * data (Atom categories, `dc:subject`, all enclosures but one), reads dates in the zone of the process, gives up the
 * whole feed for one bad date or link, and takes quadratic time to strip tags from a hostile description. So each
 * field comes as a custom field, as the list of its nodes.
 *
 * It looks for items in the channel of `rss` and beside the channel of `rdf:RDF`; the root is named by where they are.
 */
async function readWithRssParser(
  xml: string,
  rootTag: string,
  format: XmlFormat,
  words: Words,
): Promise<unknown> {
  const nameOf = elementNames(rootTag, format);
  const rootName = nameOf(/^<([^\s/>]+)/.exec(rootTag)?.[1] ?? '');
  const root =
    format === 'atom' || format === 'sitemap' ? 'feed' : itemsAreBesideChannel(xml) ? 'rdf:RDF' : 'rss';
  const structure = format === 'sitemap' ? SITEMAP_STRUCTURE : STRUCTURE;
  const renamed = new Map<string, string>();
  const named = new Set<string>();
  const custom = (field: string): CustomField => [OURS + field, field, { keepArray: true }];
  // It looks for each of them in each item: those that the document does not name are left out.
  const itemFields: CustomField[] = [['$', '$', { keepArray: true }]];

  const parser = new RssParser({
    defaultRSS: 2,
    // The published types know only the short form for the feed, though both are read by the same function.
    customFields: {
      item: itemFields,
      feed: FEED_FIELDS.map(custom) as unknown as string[],
    },
    xml2js: {
      // Unquoted attributes, bare ampersands, HTML entities and missing end tags are errors only to the strict reader.
      strict: false,
      tagNameProcessors: [
        (raw: string) => {
          const known = renamed.get(raw);
          if (known !== undefined) return known;
          const name = nameOf(raw);
          const to = name === rootName ? root : (structure.get(name) ?? OURS + name);
          if (renamed.size < MAX_NAMES) renamed.set(raw, to);
          if (FIELDS[format].has(name) && !named.has(name)) {
            named.add(name);
            itemFields.push(custom(name));
          }
          return to;
        },
      ],
      attrNameProcessors: [(name: string) => name.toLowerCase()],
      attrValueProcessors: [words.restore],
      valueProcessors: [words.restore],
    },
  });
  return parser.parseString(xml);
}

function selfOf(links: readonly unknown[]): string | undefined {
  const self = links.find((node) => attribute(node, 'rel') === 'self');
  const href = attribute(self, 'href');
  return typeof href === 'string' ? href.trim() || undefined : undefined;
}

/** A list of news may be empty at times; a sitemap of other pages will never have any. */
function hasNews(rootTag: string, urls: readonly unknown[]): boolean {
  return urls.length === 0 && /\/sitemap-news\//.test(rootTag);
}

function itemsAreBesideChannel(xml: string): boolean {
  const item = xml.search(/<(?:[\w-]+:)?item[\s>]/i);
  if (item < 0) return false;
  const before = xml.slice(0, item);
  if (/<\/(?:[\w-]+:)?channel\s*>|<(?:[\w-]+:)?channel\s*\/>/i.test(before)) return true;
  const channel = /<(?:[\w-]+:)?channel[\s>]/i;
  return !channel.test(before) && channel.test(xml.slice(item));
}

function withdrawnOf(document: unknown): ParsedFeed['withdrawn'] {
  return ['at:deleted-entry', 'deleted-entry']
    .flatMap((name) => children(document, name))
    .slice(0, MAX_ITEMS)
    .flatMap((node) => {
      const [ref, when] = [attribute(node, 'ref'), attribute(node, 'when')];
      if (typeof ref !== 'string' || ref.trim() === '') return [];
      return typeof when === 'string' ? [{ ref: ref.trim(), when }] : [{ ref: ref.trim() }];
    });
}
