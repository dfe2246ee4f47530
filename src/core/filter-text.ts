import { WireError } from './errors.ts';
import type { Filter } from './filter.ts';

/** No filter text is longer. */
export const MAX_FILTER_TEXT = 16_384;

interface Token {
  kind: 'word' | 'phrase' | '(' | ')';
  text: string;
  at: number;
}

/** What a text says, and where: `positions` are those of its values (topics, `uk` and `en` of `lang:uk,en`), in order. */
export interface FilterText {
  filter: Filter;
  /** Counted from 0. */
  positions: number[];
}

const TOKEN = /\s*(?:([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+))/y;

/**
 * The text form of a filter, to the JSON form:
 * `(war-in-ukraine OR person:rustem-umerov) AND lang:uk,en AND NOT sport AND "prisoner exchange"`.
 * NOT binds tighter than AND, AND tighter than OR.
 *
 * @throws {WireError} `invalid_filter`; the message names the character (counted from 1) where it went wrong.
 */
export function parseFilterText(text: string): Filter {
  return readFilterText(text).filter;
}

/** `parseFilterText`, for a caller that finds fault with a value and has to say where it is. */
export function readFilterText(text: string): FilterText {
  if (text.length > MAX_FILTER_TEXT) {
    throw new WireError('invalid_filter', `Filter: longer than ${MAX_FILTER_TEXT} characters.`);
  }
  const tokens = tokenize(text);
  const positions: number[] = [];
  let next = 0;
  let depth = 0;

  const peek = (): Token | undefined => tokens[next];
  const keyword = (name: string): boolean => peek()?.kind === 'word' && peek()?.text === name;

  const either = (): Filter => {
    const parts = [both()];
    while (keyword('OR')) {
      next += 1;
      parts.push(both());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { any: parts };
  };

  const both = (): Filter => {
    const parts = [one()];
    while (keyword('AND')) {
      next += 1;
      parts.push(one());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { all: parts };
  };

  const one = (): Filter => {
    const token = peek();
    if (!token) return fail(text.length, 'ends where a topic was expected');
    next += 1;
    if (token.kind === 'phrase') {
      positions.push(token.at);
      return { text: `"${token.text.replaceAll('"', ' ')}"` };
    }
    if (token.kind === '(') {
      // Parentheses alone do not nest the filter, but they do nest this reader.
      if (++depth > 64) return fail(token.at, 'too many parentheses');
      const inner = either();
      depth -= 1;
      if (peek()?.kind !== ')')
        return fail(peek()?.at ?? text.length, `expected ")" for the "(" at character ${token.at + 1}`);
      next += 1;
      return inner;
    }
    if (token.kind === ')') return fail(token.at, 'unexpected ")"');
    if (token.text === 'AND' || token.text === 'OR') return fail(token.at, `unexpected ${token.text}`);
    if (token.text === 'NOT') {
      if (++depth > 64) return fail(token.at, 'too many NOT');
      const inner = one();
      depth -= 1;
      return { not: inner };
    }
    return condition(token, positions);
  };

  const result = either();
  const rest = peek();
  if (rest) return fail(rest.at, `expected AND or OR before ${JSON.stringify(rest.text.slice(0, 60))}`);
  return { filter: result, positions };
}

function condition(token: Token, positions: number[]): Filter {
  const colon = token.text.indexOf(':');
  const name = token.text.slice(0, colon);
  const values = token.text.slice(colon + 1).split(',');
  const each = (): string[] => {
    let at = token.at + colon + 1;
    for (const value of values) {
      positions.push(at);
      at += value.length + 1;
    }
    return values;
  };
  switch (colon < 0 ? '' : name) {
    case 'lang':
    case 'language':
      return { language: each() };
    case 'source':
      return { source: each() };
    case 'flag':
      return { flag: each() };
    case 'urgency':
      if (!/^[1-9]$/.test(values.join()))
        return fail(token.at, 'urgency is a whole number from 1 (flash) to 9');
      positions.push(token.at);
      return { urgency: Number(values[0]) };
    case 'text':
      positions.push(token.at);
      return { text: values.join(' ') };
    default:
      positions.push(token.at);
      return token.text;
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match)
      return fail(from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0), 'a quotation mark is not closed');
    const [whole, parenthesis, phrase, word] = match;
    const at = from + (whole.length - whole.trimStart().length);
    if (parenthesis === '(' || parenthesis === ')') tokens.push({ kind: parenthesis, text: parenthesis, at });
    else if (phrase !== undefined) tokens.push({ kind: 'phrase', text: phrase.replace(/\\(.)/g, '$1'), at });
    else tokens.push({ kind: 'word', text: word ?? '', at });
  }
  return tokens;
}

function fail(at: number, problem: string): never {
  throw new WireError('invalid_filter', `Filter, at character ${at + 1}: ${problem}.`);
}
