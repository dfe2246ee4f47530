import { WireError } from './errors.ts';
import { MAX_FILTER_TEXT, readFilterText } from './filter-text.ts';
import { type Entry, type Facets, FLAGS, type Flag } from './story.ts';
import { isTopicRef, type TopicId, type TopicRef } from './topic.ts';
import { searchable, words } from './words.ts';

/** A filter as users write it in JSON (section 5 of the contract); the text form is parsed to this. */
export type Filter =
  | TopicRef
  | TopicRef[]
  | { any: Filter[] }
  | { all: Filter[] }
  | { not: Filter }
  | { language: string[] }
  | { source: string[] }
  | { urgency: number }
  | { flag: string[] }
  | { text: string };

/**
 * A filter in canonical form: lists flattened, sorted and without repeats, so that two filters that say the same in
 * another order are the same text. `text` is that form, and parses to itself; that of every story is empty.
 */
export type Expr = { readonly text: string } & (
  | { readonly kind: 'everything' }
  | { readonly kind: 'topic'; readonly topic: TopicId }
  | { readonly kind: 'language'; readonly language: string }
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'urgency'; readonly urgency: number }
  | { readonly kind: 'flag'; readonly flag: Flag }
  | { readonly kind: 'phrase'; readonly phrase: string }
  | { readonly kind: 'any' | 'all'; readonly of: readonly Expr[] }
  | { readonly kind: 'not'; readonly of: Expr }
);

/** How deep `any`, `all` and `not` may nest. */
export const MAX_DEPTH = 6;
/** How many topics, languages, sources, flags, urgencies and phrases one filter may name. */
export const MAX_LEAVES = 64;

export const EVERYTHING: Expr = { kind: 'everything', text: '' };

const LANGUAGE = /^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/;
const SOURCE = /^[a-z0-9-]{1,64}$/;

/**
 * @param input a Filter, or its text form; `undefined` and `null` mean every story.
 * @param resolve turns a `medtop:` code into the topic id that stands for it; what it does not know it gives back.
 * @throws {WireError} `invalid_filter`; the message says where.
 */
export function parseFilter(input: unknown, resolve: (ref: TopicRef) => TopicId = (ref) => ref): Expr {
  if (input === undefined || input === null) return EVERYTHING;
  const written = typeof input === 'string' ? readFilterText(input) : undefined;
  const filter = written ? written.filter : input;
  let leaves = 0;
  let values = 0;

  /** Where the next value is: for text its character, for JSON the path to it. */
  const place = (path: string): string =>
    written ? `character ${(written.positions[values] ?? 0) + 1}` : path;

  const one = (path: string, parse: (where: string) => Expr): Expr => {
    const where = place(path);
    values += 1;
    return leaf(parse(where), where);
  };

  const leaf = (expr: Expr, where: string): Expr => {
    leaves += 1;
    if (leaves > MAX_LEAVES) fail(where, `more than ${MAX_LEAVES} conditions`);
    return expr;
  };

  const read = (value: unknown, where: string, depth: number): Expr => {
    if (typeof value === 'string') {
      return one(where, (at) => {
        if (!isTopicRef(value)) fail(at, `${shown(value)} is not a topic id`);
        return topic(resolve(value));
      });
    }
    if (depth >= MAX_DEPTH && isOperator(value)) fail(place(where), `nested deeper than ${MAX_DEPTH}`);
    if (Array.isArray(value)) {
      return join(
        'any',
        list(value, where, (each, at) => {
          if (typeof each !== 'string') fail(at, 'a list holds topic ids; use { any: […] } for filters');
          return read(each, at, depth);
        }),
      );
    }
    if (typeof value !== 'object' || value === null) {
      fail(where, 'expected a topic id, a list of them, or an object');
    }
    const keys = Object.keys(value);
    const key = keys[0];
    if (keys.length !== 1 || key === undefined) {
      fail(
        where,
        `expected exactly one of any, all, not, language, source, urgency, flag, text; got ${shown(keys.join(', '))}`,
      );
    }
    const at = where === '' ? key : `${where}.${key}`;
    const inner: unknown = Object.values(value)[0];
    switch (key) {
      case 'any':
      case 'all':
        return join(
          key,
          list(inner, at, (each, path) => read(each, path, depth + 1)),
        );
      case 'not':
        return negate(read(inner, at, depth + 1));
      case 'language':
        return join(
          'any',
          list(inner, at, (each, path) => one(path, (spot) => language(each, spot))),
        );
      case 'source':
        return join(
          'any',
          list(inner, at, (each, path) => one(path, (spot) => source(each, spot))),
        );
      case 'flag':
        return join(
          'any',
          list(inner, at, (each, path) => one(path, (spot) => flag(each, spot))),
        );
      case 'urgency':
        return one(at, (spot) => urgency(inner, spot));
      case 'text': {
        const spot = place(at);
        values += 1;
        return join(
          'all',
          phrases(inner, spot).map((phrase) => leaf(phrase, spot)),
        );
      }
      default:
        return fail(where, `unknown condition ${shown(key)}`);
    }
  };

  const expr = read(filter, '', 0);
  if (depthOf(expr) > MAX_DEPTH) fail('', `nested deeper than ${MAX_DEPTH}`);
  if (expr.text.length > MAX_FILTER_TEXT) fail('', `longer than ${MAX_FILTER_TEXT} characters as text`);
  return expr;
}

function depthOf(expr: Expr): number {
  if (expr.kind === 'not') return 1 + depthOf(expr.of);
  return expr.kind === 'any' || expr.kind === 'all' ? 1 + Math.max(...expr.of.map(depthOf)) : 0;
}

function isOperator(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('any' in value || 'all' in value || 'not' in value);
}

function fail(where: string, problem: string): never {
  throw new WireError(
    'invalid_filter',
    where === '' ? `Filter: ${problem}.` : `Filter, at ${where}: ${problem}.`,
  );
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : `a value of type ${typeof value}`;
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function list<T>(value: unknown, where: string, read: (each: unknown, where: string) => T): T[] {
  if (!Array.isArray(value)) fail(where === '' ? 'the list' : where, 'expected a list');
  if (value.length === 0)
    fail(where, 'an empty list matches nothing; leave the filter out to get every story');
  return value.map((each, index) => read(each, `${where}[${index}]`));
}

function topic(id: TopicId): Expr {
  return { kind: 'topic', topic: id, text: id };
}

function language(value: unknown, where: string): Expr {
  const code = typeof value === 'string' ? value.toLowerCase() : '';
  if (!LANGUAGE.test(code)) fail(where, `${shown(value)} is not a language tag such as uk or pt-BR`);
  return { kind: 'language', language: code, text: `lang:${code}` };
}

function source(value: unknown, where: string): Expr {
  if (typeof value !== 'string' || !SOURCE.test(value)) fail(where, `${shown(value)} is not a source id`);
  return { kind: 'source', source: value, text: `source:${value}` };
}

function flag(value: unknown, where: string): Expr {
  const known = FLAGS.find((each) => each === value);
  if (!known) fail(where, `${shown(value)} is not one of ${FLAGS.join(', ')}`);
  return { kind: 'flag', flag: known, text: `flag:${known}` };
}

function urgency(value: unknown, where: string): Expr {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 9) {
    fail(where, 'urgency is a whole number from 1 (flash) to 9');
  }
  return { kind: 'urgency', urgency: value, text: `urgency:${value}` };
}

/** `prisoner "peace talks"` asks for the word and for the phrase, both. */
function phrases(value: unknown, where: string): Expr[] {
  if (typeof value !== 'string') fail(where, 'expected text');
  const found: Expr[] = [];
  for (const [, quoted, bare] of value.matchAll(/"([^"]*)"|([^"]+)/g)) {
    const parts = quoted === undefined ? words(bare ?? '') : [words(quoted).join(' ')];
    for (const phrase of parts) {
      if (phrase !== '') found.push({ kind: 'phrase', phrase: ` ${phrase} `, text: `"${phrase}"` });
    }
  }
  if (found.length === 0) fail(where, `${shown(value)} has no word to look for`);
  return found;
}

function join(kind: 'any' | 'all', parts: readonly Expr[]): Expr {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.of : [part]));
  const unique = [...new Map(flat.map((part) => [part.text, part])).values()].sort((a, b) =>
    a.text < b.text ? -1 : 1,
  );
  const [only] = unique;
  if (unique.length === 1 && only) return only;
  const separator = kind === 'any' ? ' OR ' : ' AND ';
  return { kind, of: unique, text: unique.map(inParentheses).join(separator) };
}

function negate(inner: Expr): Expr {
  if (inner.kind === 'not') return inner.of;
  return { kind: 'not', of: inner, text: `NOT ${inParentheses(inner)}` };
}

function inParentheses(expr: Expr): string {
  return expr.kind === 'any' || expr.kind === 'all' ? `(${expr.text})` : expr.text;
}

/** Both, as one: what a client asked for within what it may see. */
export function both(first: Expr, second: Expr): Expr {
  if (first.kind === 'everything') return second;
  if (second.kind === 'everything') return first;
  return join('all', [first, second]);
}

/** Facets made ready to be asked many times: the words are split once, and only if a filter looks for words. */
export interface Prepared {
  readonly facets: Facets;
  readonly topics: ReadonlySet<TopicId>;
  readonly searchable: () => string;
}

export function prepare(facets: Facets): Prepared {
  let text: string | undefined;
  return {
    facets,
    topics: new Set(facets.topics),
    searchable: () => {
      text ??= `${searchable(facets.headline)}\n${searchable(facets.description ?? '')}`;
      return text;
    },
  };
}

export function matches(expr: Expr, story: Prepared): boolean {
  switch (expr.kind) {
    case 'everything':
      return true;
    case 'topic':
      return story.topics.has(expr.topic);
    case 'language': {
      const tag = story.facets.language.toLowerCase();
      return tag === expr.language || tag.startsWith(`${expr.language}-`);
    }
    case 'source':
      return story.facets.source.id === expr.source;
    case 'urgency':
      return story.facets.urgency <= expr.urgency;
    case 'flag':
      return story.facets.flags.includes(expr.flag);
    case 'phrase':
      return story.searchable().includes(expr.phrase);
    case 'any':
      for (const each of expr.of) if (matches(each, story)) return true;
      return false;
    case 'all':
      for (const each of expr.of) if (!matches(each, story)) return false;
      return true;
    case 'not':
      return !matches(expr.of, story);
  }
}

/** The versions of a story that decide who gets an entry: its own, or for a withdrawal every one that was sent. */
export function reachOf(entry: Entry): readonly Prepared[] | 'everyone' {
  if (entry.reach === 'everyone') return 'everyone';
  return (entry.reach ?? [entry.story]).map(prepare);
}

export function reaches(expr: Expr, reach: readonly Prepared[] | 'everyone'): boolean {
  return reach === 'everyone' || reach.some((version) => matches(expr, version));
}

/** Topics of which a matching story has at least one; `undefined` when it may have none of any. */
export function requiredTopics(expr: Expr): TopicId[] | undefined {
  switch (expr.kind) {
    case 'topic':
      return [expr.topic];
    case 'any': {
      const parts = expr.of.map(requiredTopics);
      return parts.every((part) => part !== undefined) ? [...new Set(parts.flat())] : undefined;
    }
    case 'all':
      return expr.of
        .map(requiredTopics)
        .filter((part) => part !== undefined)
        .sort((a, b) => a.length - b.length)[0];
    default:
      return undefined;
  }
}

/** Every topic that a filter names. */
export function topicsIn(expr: Expr): TopicId[] {
  switch (expr.kind) {
    case 'topic':
      return [expr.topic];
    case 'any':
    case 'all':
      return [...new Set(expr.of.flatMap(topicsIn))];
    case 'not':
      return topicsIn(expr.of);
    default:
      return [];
  }
}
