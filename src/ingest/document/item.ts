import type { ParsedImage, ParsedItem } from './feed.ts';

/** Every element but those of the structure wears this before its name: see `parse.ts`. */
export const OURS = '~';
const NONE: readonly unknown[] = [];

/*
 * What we ask of an item, by the names of `namespaces.ts`: the most trustworthy field first.
 */
const GUIDS = ['guid', 'id'];
const LINKS = ['link', 'atom:link'];
const TITLES = ['title', 'dc:title', 'media:title'];
const LEDES = ['description', 'summary', 'dc:description', 'media:description', 'itunes:summary'];
const QUOTED = ['content:encoded'];
const CONTENTS = ['content', 'atom:content'];
const FULL_TEXTS = ['yandex:full-text', 'full-text'];
const UPDATES = ['updated', 'atom:updated', 'modified', 'dcterms:modified'];
const DATES = [
  ...['pubdate', 'published', 'atom:published', 'issued', 'dc:date', 'dcterms:issued', 'dcterms:created'],
  ...['created', 'date', ...UPDATES],
];
const AUTHORS = ['dc:creator', 'author', 'itunes:author', 'creator'];
const CATEGORIES = ['category', 'dc:subject', 'atom:category'];
const PICTURES = ['image', 'itunes:image'];
const MEDIA = ['enclosure', 'media:group', 'media:content', 'media:thumbnail'];
const LANGUAGES = ['dc:language', 'language'];

/**
 * All of it. For each name there is a list of nodes, as xml2js makes them: a string, or an object with its text in
 * `_`, its attributes in `$` and its children by name.
 */
export const ITEM_FIELDS: readonly string[] = [
  ...[...GUIDS, ...LINKS, ...TITLES, ...LEDES, ...QUOTED, ...CONTENTS, ...FULL_TEXTS],
  ...[...DATES, ...AUTHORS, ...CATEGORIES, ...PICTURES, ...MEDIA, ...LANGUAGES],
];

/** Reads one item; `undefined` when nothing in it could name or tell a story. */
export function readItem(item: unknown): ParsedItem | undefined {
  const own = property(item, '$');
  const guid = textIn(item, GUIDS) ?? string(property(own, 'rdf:about'));
  const link = linkOf(nodesIn(item, LINKS)) ?? permalink(guid, children(item, 'guid')[0]);
  const title = textIn(item, TITLES);
  const description = textIn(item, LEDES);
  const content =
    textIn(item, QUOTED) ??
    first(nodesIn(item, CONTENTS).filter(isReadable).map(contentOf)) ??
    textIn(item, FULL_TEXTS);
  if (!guid && !link && !title && !description && !content) return undefined;

  const read: ParsedItem = {
    dates: nodesIn(item, DATES)
      .map(textOf)
      .filter((date) => date !== undefined),
    authors: texts(nodesIn(item, AUTHORS).map(authorOf)),
    categories: texts(nodesIn(item, CATEGORIES).map(categoryOf)),
    images: imagesOf(item),
  };
  const updated = textIn(item, UPDATES);
  const language = textIn(item, LANGUAGES) ?? string(property(own, 'xml:lang'));
  const base = string(property(own, 'xml:base'));
  if (guid) read.guid = guid;
  if (link) read.link = link;
  if (title) read.title = title;
  if (description) read.description = description;
  if (content) read.content = content;
  if (updated) read.updated = updated;
  if (language) read.language = language;
  if (base) read.base = base;
  return read;
}

/** The long way to write `alternate`. */
const IANA = /^https?:\/\/www\.iana\.org\/assignments\/(?:link-relations|relation)\//;

/** The link to read: of Atom's links the alternate, rather one to HTML than to another form. */
export function linkOf(nodes: readonly unknown[]): string | undefined {
  let other: string | undefined;
  for (const node of nodes) {
    const href = string(attribute(node, 'href')) ?? textOf(node);
    if (!href || !isAlternate(node)) continue;
    if (isHtml(node)) return href;
    other ??= href;
  }
  return other;
}

function isAlternate(node: unknown): boolean {
  const rel = string(attribute(node, 'rel'));
  return rel === undefined || rel.toLowerCase().replace(IANA, '') === 'alternate';
}

function isHtml(node: unknown): boolean {
  const type = string(attribute(node, 'type'));
  return type === undefined || /^(?:text\/html|application\/xhtml)/i.test(type);
}

function permalink(guid: string | undefined, node: unknown): string | undefined {
  const declared = string(attribute(node, 'ispermalink'))?.toLowerCase();
  return guid && declared !== 'false' && /^https?:\/\/\S+$/i.test(guid) ? guid : undefined;
}

/** Not the base64 of a picture, nor a pointer to what is elsewhere. */
function isReadable(node: unknown): boolean {
  return /^(?:text|html|xhtml|text\/.*|.*[/+]xml|escaped)?$/i.test(string(attribute(node, 'type')) ?? '');
}

/** Atom 0.3 could carry a text as base64. */
function contentOf(node: unknown): string | undefined {
  const text = textOf(node);
  if (string(attribute(node, 'mode'))?.toLowerCase() !== 'base64') return text;
  return string(Buffer.from(text ?? '', 'base64').toString('utf8'));
}

/** The children of an element of an item, which are named as they are in `parse.ts`. */
export function nested(node: unknown, name: string): readonly unknown[] {
  return children(node, OURS + name);
}

function authorOf(node: unknown): string | undefined {
  return first(nested(node, 'name').map(textOf)) ?? textOf(node);
}

function categoryOf(node: unknown): string | undefined {
  return textOf(node) ?? string(attribute(node, 'term')) ?? string(attribute(node, 'label'));
}

function imagesOf(item: unknown): ParsedImage[] {
  const groups = children(item, 'media:group');
  const media = both(children(item, 'media:content'), nestedIn(groups, 'media:content'));
  const thumbnails = both(
    children(item, 'media:thumbnail'),
    both(nestedIn(groups, 'media:thumbnail'), nestedIn(media, 'media:thumbnail')),
  );
  const enclosures = children(item, 'link').filter((node) => attribute(node, 'rel') === 'enclosure');
  return [
    ...widestFirst(media.filter(isPicture)),
    ...imagesFrom(both(children(item, 'enclosure'), enclosures).filter(isPicture)),
    ...imagesFrom(nodesIn(item, PICTURES)),
    ...widestFirst(thumbnails),
  ];
}

function nestedIn(nodes: readonly unknown[], name: string): readonly unknown[] {
  return nodes.length === 0 ? NONE : nodes.flatMap((node) => nested(node, name));
}

function both(some: readonly unknown[], more: readonly unknown[]): readonly unknown[] {
  if (more.length === 0) return some;
  return some.length === 0 ? more : [...some, ...more];
}

function isPicture(node: unknown): boolean {
  const type = string(attribute(node, 'type')) ?? string(attribute(node, 'medium'));
  if (type !== undefined) return /^image(?:\/|$)/i.test(type);
  return /\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])/i.test(hrefOf(node) ?? '');
}

function imageOf(node: unknown): ParsedImage | undefined {
  const href = hrefOf(node);
  if (!href) return undefined;
  const alt = first([...nested(node, 'media:description'), ...nested(node, 'media:title')].map(textOf));
  const [width, height] = [pixels(attribute(node, 'width')), pixels(attribute(node, 'height'))];
  const image: ParsedImage = { href };
  if (width) image.width = width;
  if (height) image.height = height;
  if (alt) image.alt = alt;
  return image;
}

function hrefOf(node: unknown): string | undefined {
  return (
    string(attribute(node, 'url')) ??
    string(attribute(node, 'href')) ??
    first(nested(node, 'url').map(textOf)) ??
    textOf(node)
  );
}

function imagesFrom(nodes: readonly unknown[]): ParsedImage[] {
  if (nodes.length === 0) return [];
  return nodes.map(imageOf).filter((image) => image !== undefined);
}

function widestFirst(nodes: readonly unknown[]): ParsedImage[] {
  return imagesFrom(nodes).sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
}

function pixels(value: unknown): number | undefined {
  const number = Number.parseInt(string(value) ?? '', 10);
  return number > 0 && number < 100_000 ? number : undefined;
}

export function textOf(node: unknown): string | undefined {
  return string(typeof node === 'string' ? node : property(node, '_'));
}

export function attribute(node: unknown, name: string): unknown {
  return property(property(node, '$'), name);
}

/** The nodes of that name in a node; none when it has none. */
export function children(node: unknown, name: string): readonly unknown[] {
  const found = property(node, name);
  if (found === undefined) return NONE;
  return Array.isArray(found) ? found : [found];
}

/** The nodes of these names, in the order of the names. */
function nodesIn(node: unknown, names: readonly string[]): readonly unknown[] {
  let found = NONE;
  for (const name of names) {
    const more = children(node, name);
    found = both(found, more);
  }
  return found;
}

/** The text of the first of the nodes of these names that has any. */
function textIn(node: unknown, names: readonly string[]): string | undefined {
  for (const name of names) {
    for (const each of children(node, name)) {
      const text = textOf(each);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

/** Names are never those of a document: what every object has by nature is not asked for. */
function property(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

export function first(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined);
}

export function texts(values: readonly (string | undefined)[]): string[] {
  return values.length === 0 ? [] : [...new Set(values.filter((value) => value !== undefined))];
}

/** Without the fields that are `undefined`. */
export function dropAbsent<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
