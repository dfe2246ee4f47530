import {
  ALONE,
  APOSTROPHE,
  APOSTROPHES,
  HAS_CAPITAL,
  JOINS,
  KIND,
  LETTER,
  NEEDS_CONTEXT,
  SEPARATOR,
  SMALL,
  traitsOf,
  UNSEEN,
} from './letters.ts';

/** How a word is written. Who asks for one of these takes those above it too: a word all in capitals has a capital. */
export const LOWER = 0;
export const CAPITAL = 1;
/** Two letters or more, all of them capitals. */
export const UPPER = 2;

/**
 * The words of a running text, as names are looked for: compared in lower case, but their capitals count. In columns,
 * which the next text is read into: most words of a text are of no interest, and a text of them leaves no garbage.
 */
export interface Tokens {
  /** How many words there are; what the columns have beyond is of another text. */
  count: number;
  /** The bytes of `units`. */
  bytes: Buffer;
  /** The text in UTF-16 units, and the same in lower case, with plain apostrophes and е for ё; 0 after the last. */
  units: Uint16Array;
  small: Uint16Array;
  /** Where in them a word is, up to, not including, `to`: without an English possessive, with which it goes on to `end`. */
  from: Int32Array;
  to: Int32Array;
  end: Int32Array;
  /** Of the word in lower case. */
  hash: Int32Array;
  /** LOWER, CAPITAL or UPPER. */
  shape: Uint8Array;
  /** 1 when nothing but spaces, hyphens and quotation marks lie between it and the word before. */
  joined: Uint8Array;
}

/** One word by itself. */
export interface Token {
  /** NFC, lower case, apostrophes and ё made plain, without an English possessive. */
  readonly word: string;
  readonly shape: 'lower' | 'capital' | 'upper';
}

const SHAPES = ['lower', 'capital', 'upper'] as const;
const POINT = 0x2e;
const DOTTED = /(?<![\p{L}\p{N}])(?:[A-Z]\.){2,}/gu;

export function createTokens(): Tokens {
  return { count: 0, ...columns(256), ...texts(1024) };
}

/** The words of a text in their order. `U.S.` and `D.C.` are the words `us` and `dc`, in capitals. */
export function tokens(text: string): Token[] {
  const read = readTokens(text, shared);
  const found: Token[] = [];
  for (let index = 0; index < read.count; index += 1)
    found.push({ word: wordOf(read, index), shape: SHAPES[read.shape[index] ?? LOWER] ?? 'lower' });
  return found;
}

const shared = createTokens();

/** The same in columns. */
export function readTokens(text: string, into = createTokens()): Tokens {
  const length = spell(text, into);
  // Each unit may be a word.
  if (length > into.from.length) Object.assign(into, columns(2 * length));
  const { units, small, from, to, end, hash, shape, joined } = into;
  let count = 0;
  let gap = 0;
  for (let at = 0; at < length; ) {
    const kind = traitsOf(units[at] ?? 0) & KIND;
    if (kind === SEPARATOR || kind === APOSTROPHE) {
      at += 1;
      continue;
    }
    const next = kind === ALONE ? at + 1 : endOfWord(units, at, length);
    const last = hasPossessive(small, at, next) ? next - 2 : next;
    from[count] = at;
    to[count] = last;
    end[count] = next;
    hash[count] = hashOf(small, at, last);
    shape[count] = units[at] === small[at] ? LOWER : shapeOf(into, at, next);
    joined[count] = count > 0 && isJoint(units, gap, at) ? 1 : 0;
    count += 1;
    gap = next;
    at = next;
  }
  into.count = count;
  return into;
}

/** A word in lower case; like everything that is asked of one, `''` or 0 beyond the last. */
export function wordOf({ small, from, to, count }: Tokens, index: number): string {
  if (index < 0 || index >= count) return '';
  let word = '';
  const end = to[index] ?? 0;
  for (let at = from[index] ?? 0; at < end; at += 1) word += String.fromCharCode(small[at] ?? 0);
  return word;
}

/** Whether the word in lower case does. */
export function beginsWith({ small, from, to }: Tokens, index: number, beginning: string): boolean {
  const start = from[index] ?? 0;
  if ((to[index] ?? 0) - start < beginning.length) return false;
  for (let at = 0; at < beginning.length; at += 1)
    if (small[start + at] !== beginning.charCodeAt(at)) return false;
  return true;
}

export function isWord(text: Tokens, index: number, word: string): boolean {
  return (text.to[index] ?? 0) - (text.from[index] ?? 0) === word.length && beginsWith(text, index, word);
}

/** The words from `from` up to, not including, `to`, in lower case. */
export function said(text: Tokens, from: number, to: number): string {
  let words = wordOf(text, from);
  for (let index = from + 1; index < to; index += 1) words += ` ${wordOf(text, index)}`;
  return words;
}

/** The unit right before a word; 0 at the beginning of the text. */
export function unitBefore({ units, from }: Tokens, index: number): number {
  return units[(from[index] ?? 0) - 1] ?? 0;
}

/** The unit right after it, which may be a possessive's; 0 at the end. */
export function unitAfter({ units, end }: Tokens, index: number): number {
  return units[end[index] ?? 0] ?? 0;
}

/** FNV-1a over 16 bits at a time, with its high bits let down to where tables look. */
export function hashOf(units: Uint16Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (units[at] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}

/** Writes down the text, plain and in lower case; @returns its length. */
function spell(text: string, into: Tokens): number {
  if (text.length >= into.units.length) Object.assign(into, texts(2 * text.length));
  const { units, small } = into;
  write(text, into);
  let traits = 0;
  let hasDots = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = units[at] ?? 0;
    traits |= traitsOf(unit);
    small[at] = SMALL[unit] ?? 0;
    if (unit === POINT && at > 1 && units[at - 2] === POINT && isLatinCapital(units[at - 1] ?? 0))
      hasDots = true;
  }
  return hasDots || (traits & NEEDS_CONTEXT) !== 0 ? spellInContext(text, into) : text.length;
}

function isLatinCapital(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a;
}

/** What few texts need. */
function spellInContext(text: string, into: Tokens): number {
  const plain = text
    .normalize('NFC')
    .replace(UNSEEN, '')
    .replace(APOSTROPHES, "'")
    .replace(DOTTED, (dotted) => `${dotted.replaceAll('.', '')} `);
  // İ is two units in lower case, and places have to stay the same.
  const low = plain.replaceAll('İ', 'I').toLowerCase().replaceAll('ё', 'е');
  const lower = low.length === plain.length ? low : plain;
  if (plain.length >= into.units.length) Object.assign(into, texts(2 * plain.length));
  write(plain, into);
  for (let at = 0; at < plain.length; at += 1) into.small[at] = lower.charCodeAt(at);
  return plain.length;
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** All at once: to ask a string for one unit after another takes longer than what is done with them. */
function write(text: string, { units, bytes }: Tokens): void {
  const written = bytes.write(text, 'utf16le');
  if (!isLittleEndian) bytes.subarray(0, written).swap16();
  units[text.length] = 0;
}

/** An apostrophe is within a word when letters follow it. */
function endOfWord(units: Uint16Array, from: number, length: number): number {
  let end = from + 1;
  for (; end < length; end += 1) {
    const kind = traitsOf(units[end] ?? 0) & KIND;
    if (kind === LETTER) continue;
    if (kind !== APOSTROPHE || end + 1 === length || (traitsOf(units[end + 1] ?? 0) & KIND) !== LETTER) break;
  }
  return end;
}

const PLAIN_APOSTROPHE = 0x27;
const S = 0x73;

function hasPossessive(small: Uint16Array, from: number, end: number): boolean {
  return end - from > 2 && small[end - 1] === S && small[end - 2] === PLAIN_APOSTROPHE;
}

function isJoint(units: Uint16Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((traitsOf(units[at] ?? 0) & JOINS) === 0) return false;
  return true;
}

/** Of a word that begins with a capital. */
function shapeOf({ units, small }: Tokens, from: number, to: number): number {
  const end = units[to - 1] === S && hasPossessive(small, from, to) ? to - 2 : to;
  if (end - from < 2) return CAPITAL;
  for (let at = from + 1; at < end; at += 1) {
    const unit = units[at] ?? 0;
    if (unit === small[at] && (traitsOf(unit) & HAS_CAPITAL) !== 0) return CAPITAL;
  }
  return UPPER;
}

type Texts = Pick<Tokens, 'units' | 'bytes' | 'small'>;
type Columns = Omit<Tokens, keyof Texts | 'count'>;

function texts(capacity: number): Texts {
  const units = new Uint16Array(capacity);
  return { units, bytes: Buffer.from(units.buffer), small: new Uint16Array(capacity) };
}

function columns(capacity: number): Columns {
  return {
    from: new Int32Array(capacity),
    to: new Int32Array(capacity),
    end: new Int32Array(capacity),
    hash: new Int32Array(capacity),
    shape: new Uint8Array(capacity),
    joined: new Uint8Array(capacity),
  };
}
