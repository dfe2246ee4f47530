import type { ParsedImage, ParsedItem } from './feed.ts';

/** Every element but those of the structure wears this before its name: see `parse.ts`. */
export const OURS = '~';

/**
 * What we ask of an item or feed, by the names of `namespaces.ts`. For each name there is a list of nodes, as xml2js
 * makes them: a string, or an object with its text in `_`, its attributes in `$` and its children by name.
 */
export const ITEM_FIELDS = [
  '$',
  ...['guid', 'id', 'link', 'atom:link', 'title', 'dc:title', 'media:title'],
  ...['description', 'summary', 'dc:description', 'media:description', 'itunes:summary'],
  ...['content:encoded', 'content', 'atom:content', 'yandex:full-text', 'full-text'],
  ...[
    'pubdate',
    'published',
    'issued',
    'dc:date',
    'dcterms:issued',
    'dcterms:created',
    'created',
    'date',
    'atom:published',
  ],
  ...['updated', 'atom:updated', 'modified', 'dcterms:modified'],
  ...['author', 'dc:creator', 'itunes:author', 'creator'],
  ...['category', 'dc:subject', 'atom:category'],
  ...['enclosure', 'media:group', 'media:content', 'media:thumbnail', 'image', 'itunes:image'],
  ...['dc:language', 'language'],
] as const;

type Field = (typeof ITEM_FIELDS)[number];

const DATES: readonly Field[] = [
  ...([
    'pubdate',
    'published',
    'atom:published',
    'issued',
    'dc:date',
    'dcterms:issued',
    'dcterms:created',
  ] as const),
  ...(['created', 'date', 'updated', 'atom:updated', 'modified', 'dcterms:modified'] as const),
];
const UPDATES: readonly Field[] = ['updated', 'atom:updated', 'modified', 'dcterms:modified'];

/** Reads one item; `undefined` when nothing in it could name or tell a story. */
export function readItem(item: unknown): ParsedItem | undefined {
  const nodes = (...names: Field[]): unknown[] => names.flatMap((name) => children(item, name));
  const text = (...names: Field[]): string | undefined => first(nodes(...names).map(textOf));
  const own = property(item, '$');

  const guid = text('guid', 'id') ?? string(property(own, 'rdf:about'));
  const link = linkOf(nodes('link', 'atom:link')) ?? permalink(guid, nodes('guid')[0]);
  const title = text('title', 'dc:title', 'media:title');
  const description = text('description', 'summary', 'dc:description', 'media:description', 'itunes:summary');
  const content = first([
    text('content:encoded'),
    ...nodes('content', 'atom:content').filter(isReadable).map(contentOf),
    text('yandex:full-text', 'full-text'),
  ]);
  if (!guid && !link && !title && !description && !content) return undefined;

  return dropAbsent({
    guid,
    link,
    title,
    description,
    content,
    dates: DATES.flatMap((name) => children(item, name).map(textOf)).filter((date) => date !== undefined),
    updated: text(...UPDATES),
    authors: texts(nodes('dc:creator', 'author', 'itunes:author', 'creator').map(authorOf)),
    categories: texts(nodes('category', 'dc:subject', 'atom:category').map(categoryOf)),
    images: imagesOf(nodes),
    language: text('dc:language', 'language') ?? string(property(own, 'xml:lang')),
    base: string(property(own, 'xml:base')),
  });
}

/** The long way to write `alternate`. */
const IANA = /^https?:\/\/www\.iana\.org\/assignments\/(?:link-relations|relation)\//;

/** The link to read: of Atom's links the alternate, rather one to HTML than to another form. */
export function linkOf(nodes: readonly unknown[]): string | undefined {
  const links = nodes.map((node) => ({
    href: string(attribute(node, 'href')) ?? textOf(node),
    rel: string(attribute(node, 'rel'))?.toLowerCase().replace(IANA, '') ?? 'alternate',
    html: !/^(?!text\/html|application\/xhtml)./i.test(string(attribute(node, 'type')) ?? ''),
  }));
  const alternates = links.filter(({ href, rel }) => href && rel === 'alternate');
  return (alternates.find(({ html }) => html) ?? alternates[0])?.href;
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
export function nested(node: unknown, name: string): unknown[] {
  return children(node, OURS + name);
}

function authorOf(node: unknown): string | undefined {
  return first(nested(node, 'name').map(textOf)) ?? textOf(node);
}

function categoryOf(node: unknown): string | undefined {
  return textOf(node) ?? string(attribute(node, 'term')) ?? string(attribute(node, 'label'));
}

function imagesOf(nodes: (...names: Field[]) => unknown[]): ParsedImage[] {
  const media = [
    ...nodes('media:content'),
    ...nodes('media:group').flatMap((group) => nested(group, 'media:content')),
  ];
  const thumbnails = [
    ...nodes('media:thumbnail'),
    ...[...nodes('media:group'), ...media].flatMap((node) => nested(node, 'media:thumbnail')),
  ];
  const pictures = [
    ...nodes('enclosure'),
    ...nodes('link').filter((node) => attribute(node, 'rel') === 'enclosure'),
  ];
  return [
    ...widestFirst(media.filter(isPicture).map(imageOf)),
    ...pictures.filter(isPicture).map(imageOf),
    ...nodes('image', 'itunes:image').map(imageOf),
    ...widestFirst(thumbnails.map(imageOf)),
  ].filter((image) => image !== undefined);
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
  return dropAbsent({ href, width, height, alt });
}

function hrefOf(node: unknown): string | undefined {
  return (
    string(attribute(node, 'url')) ??
    string(attribute(node, 'href')) ??
    first(nested(node, 'url').map(textOf)) ??
    textOf(node)
  );
}

function widestFirst(images: (ParsedImage | undefined)[]): ParsedImage[] {
  return images.filter((image) => image !== undefined).sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
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

export function children(node: unknown, name: string): unknown[] {
  const found = property(node, name);
  if (Array.isArray(found)) return found;
  return found === undefined ? [] : [found];
}

function property(node: unknown, name: string): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
  return Reflect.get(node, name);
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

export function first(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined);
}

export function texts(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

export function dropAbsent<T extends object>(fields: T): T {
  for (const name of Object.keys(fields))
    if (Reflect.get(fields, name) === undefined) Reflect.deleteProperty(fields, name);
  return fields;
}
