import { decodeHTMLAttribute } from 'entities';
import type { TopicId } from '../core/topic.ts';
import { slug } from '../topics/slug.ts';
import type { Vocabulary } from '../topics/vocabulary.ts';
import { ParseError } from './document/feed.ts';
import { languageTag } from './document/language.ts';
import { plainText } from './document/text.ts';

/** A source as it is written into a sources file. */
export interface ImportedSource {
  id: string;
  name: string;
  url: string;
  language?: string;
  topics?: TopicId[];
}

export interface Imported {
  /** In document order, each address once. */
  sources: ImportedSource[];
  /** What was left out, a line each. */
  skipped: string[];
}

const MAX_SOURCES = 10_000;
const MAX_DEPTH = 100;
const MAX_ID = 64;
const MAX_NAME = 200;

/**
 * The feeds of an OPML document. Folders and categories that the vocabulary knows by name become topics.
 *
 * @throws {ParseError} when it is no OPML, or has no feed in it
 */
export function readOpml(text: string, vocabulary: Pick<Vocabulary, 'byName'>): Imported {
  const byAddress = new Map<string, ImportedSource>();
  const ids = new Set<string>();
  const skipped: string[] = [];
  const folders: string[] = [];
  let isOpml = false;

  for (const { name, closes, isEmpty, attributes } of tags(text)) {
    if (!isOpml && name !== 'opml')
      throw new ParseError(`this is no OPML: it begins with <${name.slice(0, 40)}>`);
    isOpml = true;
    if (name !== 'outline') continue;
    if (closes) {
      folders.pop();
      continue;
    }
    const outline = readAttributes(attributes);
    const title = plainText(outline.get('title') || outline.get('text') || '').slice(0, MAX_NAME);
    const address = outline.get('xmlurl') || (outline.get('type') === 'rss' ? outline.get('url') : undefined);
    if (address !== undefined) {
      const url = httpAddress(address);
      if (url === undefined) {
        skipped.push(
          `${title || 'a feed'}: ${JSON.stringify(address.slice(0, 200))} is no http or https address`,
        );
      } else {
        const words = [...folders, ...(outline.get('category') ?? '').split(/[,/]/)];
        const topics = words.flatMap((word) => vocabulary.byName(word) ?? []);
        const key = url.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, '');
        const known = byAddress.get(key);
        const all = [...new Set([...(known?.topics ?? []), ...topics])];
        const language = languageTag(outline.get('language'));
        const source = known ?? { id: freeId(title, url, ids), name: title || new URL(url).hostname, url };
        if (language !== undefined) source.language = language;
        if (all.length > 0) source.topics = all;
        byAddress.set(key, source);
        if (byAddress.size > MAX_SOURCES)
          throw new ParseError(`this OPML has more than ${MAX_SOURCES} feeds`);
      }
    }
    if (!isEmpty) folders.push(title);
    if (folders.length > MAX_DEPTH) throw new ParseError(`this OPML is nested deeper than ${MAX_DEPTH}`);
  }
  if (!isOpml) throw new ParseError('this is no OPML: there is no tag in it');
  if (byAddress.size === 0) throw new ParseError('this OPML has no feed in it');
  return { sources: [...byAddress.values()], skipped };
}

interface Tag {
  /** In lower case. */
  name: string;
  closes: boolean;
  isEmpty: boolean;
  attributes: string;
}

const SKIP: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];
const NAME = /[a-z][\w:.-]*/iy;

/** Tag by tag, each character looked at once or twice; entities that a document declares for itself are not read. */
function* tags(text: string): Generator<Tag> {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skip = SKIP.find(([start]) => text.startsWith(start, at));
    if (skip) {
      const end = text.indexOf(skip[1], at + skip[0].length);
      if (end < 0) return;
      at = end + skip[1].length;
      continue;
    }
    const closes = text[at + 1] === '/';
    NAME.lastIndex = at + (closes ? 2 : 1);
    const name = NAME.exec(text)?.[0];
    const from = name === undefined ? at + 1 : NAME.lastIndex;
    const end = endOfTag(text, from);
    if (end < 0) return;
    if (name !== undefined) {
      const isEmpty = text[end - 1] === '/';
      yield {
        name: name.toLowerCase(),
        closes,
        isEmpty,
        attributes: text.slice(from, isEmpty ? end - 1 : end),
      };
    }
    at = end + 1;
  }
}

/** Where its `>` is: not one within quotes, nor within the `[…]` of a document type. */
function endOfTag(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === "'") {
      at = text.indexOf(character, at + 1);
      if (at < 0) return -1;
    } else if (character === '[') depth += 1;
    else if (character === ']') depth -= 1;
    else if (character === '>' && depth <= 0) return at;
  }
  return -1;
}

/** By lower-case name; of one that is there twice, the first. */
function readAttributes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(
    /(?<![\w:.-])([\w:.-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  )) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, decodeHTMLAttribute(double ?? single ?? '').trim());
  }
  return found;
}

/** As a sources file may have it: it is shown to everyone, so no name and password. */
function httpAddress(address: string): string | undefined {
  const text = address.replace(/^feed:(?:\/\/)?(?=https?:)/i, '').replace(/^feed:\/\//i, 'http://');
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return url.href;
}

function freeId(title: string, url: string, taken: Set<string>): string {
  const host = new URL(url).hostname.replace(/^www\./, '');
  const base = cut(slug(title) || slug(host.replaceAll('.', ' ')) || 'source', MAX_ID);
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${cut(base, MAX_ID - 6)}-${count}`;
  taken.add(id);
  return id;
}

function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/-+$/, '');
}
