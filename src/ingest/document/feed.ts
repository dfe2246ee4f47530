/** One document, read: plain strings of the publisher's, nothing interpreted yet. */
export interface ParsedFeed {
  format: 'rss' | 'rdf' | 'atom' | 'sitemap' | 'json';
  title?: string;
  language?: string;
  /** The site, perhaps relative to the document. */
  link?: string;
  /** Where the document says that it lives. */
  self?: string;
  /** xml:base of the document. */
  base?: string;
  /** In document order. */
  items: ParsedItem[];
  /** Entries that the publisher says are gone (RFC 6721): their ids, and since when. */
  withdrawn: { ref: string; when?: string }[];
  /** The document broke off; `items` are those that were whole. */
  truncated: boolean;
}

/** Fields that the document does not have, or has empty, are absent; text is never blank and has no outer spaces. */
export interface ParsedItem {
  guid?: string;
  link?: string;
  /** HTML. */
  title?: string;
  /** HTML: the lede. */
  description?: string;
  /** HTML: the whole story. */
  content?: string;
  /** When it was published, as written; the most trustworthy field first. */
  dates: string[];
  /** When it was changed, as written. */
  updated?: string;
  authors: string[];
  categories: string[];
  /** What kinds of story the publisher calls it, beside its sections: `Opinion`, `PressRelease`. */
  genres?: string[];
  /** The best first. */
  images: ParsedImage[];
  language?: string;
  /** xml:base of the item. */
  base?: string;
}

export interface ParsedImage {
  href: string;
  width?: number;
  height?: number;
  alt?: string;
}

/** A document that is no feed, or so broken that no item could be read. The message says what it is instead. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
}
