import type { XmlFormat } from './sniff.ts';

/** The namespaces that feeds use, and the prefix under which we know their elements; `''` for those of RSS itself. */
const PREFIXES: ReadonlyArray<readonly [prefix: string, ...namespaces: RegExp[]]> = [
  [
    '',
    /^https?:\/\/(?:purl\.org\/rss\/1\.0|(?:my|channel)\.netscape\.com\/rdf\/simple\/0\.9|backend\.userland\.com\/rss)/,
  ],
  ['atom', /^http:\/\/www\.w3\.org\/2005\/atom$/, /^http:\/\/purl\.org\/atom\/ns#$/],
  ['rdf', /^http:\/\/www\.w3\.org\/1999\/02\/22-rdf-syntax-ns#$/],
  ['dc', /^http:\/\/purl\.org\/dc\/elements\/1\.[01]\/$/],
  ['dcterms', /^http:\/\/purl\.org\/dc\/terms\/$/],
  ['content', /^http:\/\/purl\.org\/rss\/1\.0\/modules\/content\/$/],
  ['media', /^https?:\/\/search\.yahoo\.com\/mrss\/?$/, /^http:\/\/www\.rssboard\.org\/media-rss/],
  ['at', /^http:\/\/purl\.org\/atompub\/tombstones\/1\.0$/],
  ['itunes', /^https?:\/\/www\.itunes\.com\/dtds\/podcast-1\.0\.dtd$/],
  ['news', /^https?:\/\/www\.google\.com\/schemas\/sitemap-news\//],
  ['image', /^https?:\/\/www\.google\.com\/schemas\/sitemap-image\//],
  ['sitemap', /^https?:\/\/(?:www\.)?(?:sitemaps\.org|google\.com)\/schemas\/sitemap\//],
  ['yandex', /^https?:\/\/news\.yandex\.ru/],
];

/** The prefix, as we know it, of each format's own elements. */
const OWN: Readonly<Record<XmlFormat, string>> = { rss: '', rdf: '', atom: 'atom', sitemap: 'sitemap' };

/**
 * Names elements alike, whatever prefixes and cases the publisher chose: `a:Entry` in an Atom document is `entry`,
 * `m:content` is `media:content`, `pubDate` and `pubdate` are `pubdate`.
 *
 * @param rootTag the root's tag with its attributes; namespaces declared further in keep the prefix they are given
 */
export function elementNames(rootTag: string, format: XmlFormat): (name: string) => string {
  const own = OWN[format];
  const prefixes = new Map<string, string>([['rss', '']]);
  for (const [, prefix = '', namespace = ''] of rootTag.matchAll(
    /\sxmlns:([\w.-]+)\s*=\s*["']([^"']*)["']/gi,
  )) {
    const lower = namespace.trim().toLowerCase();
    // The content module's address begins like that of RSS 1.0.
    const known = PREFIXES.findLast(([, ...patterns]) => patterns.some((pattern) => pattern.test(lower)));
    if (known) prefixes.set(prefix.toLowerCase(), known[0]);
  }
  return (name) => {
    const lower = name.toLowerCase();
    const colon = lower.indexOf(':');
    if (colon < 0) return lower;
    const prefix = prefixes.get(lower.slice(0, colon)) ?? lower.slice(0, colon);
    const local = lower.slice(colon + 1);
    return prefix === own ? local : `${prefix}:${local}`;
  };
}

/** An attribute of a tag, as written; for the root, which rss-parser does not hand on. */
export function attributeOf(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag);
  return (value?.[1] ?? value?.[2])?.trim() || undefined;
}
