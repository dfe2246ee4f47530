import { createTokens, LOWER, readTokens, type Tokens } from './tokens.ts';

/** One of the phrases that end at a node, and the others. */
interface End<T> {
  /** How each word has to be written at least; LOWER is any. */
  readonly shapes: readonly number[];
  readonly value: T;
  other?: End<T>;
}

/** What was found from word `from` up to, not including, `to`. */
export interface Found<T> {
  readonly from: number;
  readonly to: number;
  /** Everything that these words stand for. */
  readonly values: readonly T[];
}

/** Phrases of exact words, found by their first word: the cost of a text does not follow how many phrases there are. */
export interface Phrases<T> {
  /** A capital in the phrase asks for one in the text; a word all in capitals, for the whole word. */
  add(phrase: string, value: T): void;
  /** From left to right, the longest at each place; the words of one are not looked at again. */
  find(text: Tokens): Found<T>[];
}

/** What a step is in the table: from which node, the hash of the word, to which node, and where the word is spelled. */
const STEP = 4;
/** So many bits, of which few are set: nobody's name begins with most of the words that a text has in lower case. */
const SIEVE = 1 << 18;

export function createPhrases<T>(): Phrases<T> {
  /**
   * A tree of words as one table: each step at its place by hash, or at the next that was free. Names are rare and of
   * many: what is looked at here is far away in memory each time, so it is as little as can be.
   */
  let table = new Int32Array(STEP * 1024);
  let nodes = 1;
  /** Each word behind its length. */
  let spelled = new Uint16Array(1024);
  let letters = 0;
  const ends: (End<T> | undefined)[] = [undefined];
  const shapesOf = new Map<string, readonly number[]>();
  /** Which hashes the first words have of phrases that need no capital there: nearly all phrases begin with one. */
  const small = new Uint8Array(SIEVE / 8);
  const phrase = createTokens();

  /** Where in the table this step is, or has to be put. */
  function placeOf(node: number, text: Tokens, at: number): number {
    const hash = text.hash[at] ?? 0;
    const mask = table.length / STEP - 1;
    for (let index = mixed(node, hash) & mask; ; index = (index + 1) & mask) {
      const place = STEP * index;
      if (table[place + 2] === 0) return place;
      const isIt = table[place] === node && table[place + 1] === hash;
      if (isIt && isSpelled(spelled, table[place + 3] ?? 0, text, at)) return place;
    }
  }

  function grow(node: number, at: number): number {
    if (3 * nodes * STEP > 2 * table.length) table = twice(table);
    const place = placeOf(node, phrase, at);
    const known = table[place + 2] ?? 0;
    if (known > 0) return known;
    const word = phrase.small.subarray(phrase.from[at], phrase.to[at]);
    if (letters + 1 + word.length > spelled.length) {
      const longer = new Uint16Array(2 * (spelled.length + word.length));
      longer.set(spelled);
      spelled = longer;
    }
    table.set([node, phrase.hash[at] ?? 0, nodes, letters], place);
    spelled[letters] = word.length;
    spelled.set(word, letters + 1);
    letters += 1 + word.length;
    nodes += 1;
    ends.push(undefined);
    return nodes - 1;
  }

  function longestAt(text: Tokens, from: number): Found<T> | undefined {
    let longest: Found<T> | undefined;
    let node = 0;
    for (let at = from; at < text.count; at += 1) {
      node = table[placeOf(node, text, at) + 2] ?? 0;
      if (node === 0) break;
      const values = valuesOf(ends[node], text, from);
      if (values) longest = { from, to: at + 1, values };
    }
    return longest;
  }

  return {
    add(text, value) {
      const { count, shape, hash } = readTokens(text, phrase);
      if (count === 0) return;
      let node = 0;
      for (let at = 0; at < count; at += 1) node = grow(node, at);
      const key = String(shape.subarray(0, count));
      const shapes = shapesOf.get(key) ?? [...shape.subarray(0, count)];
      shapesOf.set(key, shapes);
      if (shapes[0] === LOWER) {
        const bit = (hash[0] ?? 0) & (SIEVE - 1);
        small[bit >> 3] = (small[bit >> 3] ?? 0) | (1 << (bit & 7));
      }
      const added: End<T> = { shapes, value };
      let last = ends[node];
      if (!last) ends[node] = added;
      while (last) {
        if (last.value === value && last.shapes === shapes) return;
        if (!last.other) {
          last.other = added;
          return;
        }
        last = last.other;
      }
    },

    find(text) {
      const found: Found<T>[] = [];
      for (let at = 0; at < text.count; ) {
        const bit = (text.hash[at] ?? 0) & (SIEVE - 1);
        const isOrdinary = text.shape[at] === LOWER && ((small[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0;
        const longest = isOrdinary ? undefined : longestAt(text, at);
        if (longest) found.push(longest);
        at = longest?.to ?? at + 1;
      }
      return found;
    },
  };
}

function mixed(node: number, hash: number): number {
  const all = Math.imul(node, 0x9e3779b1) ^ hash;
  return all ^ (all >>> 15);
}

function isSpelled(spelled: Uint16Array, place: number, { small, from, to }: Tokens, at: number): boolean {
  const start = from[at] ?? 0;
  const length = (to[at] ?? 0) - start;
  if (spelled[place] !== length) return false;
  for (let letter = 0; letter < length; letter += 1)
    if (spelled[place + 1 + letter] !== small[start + letter]) return false;
  return true;
}

function twice(table: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * table.length);
  const mask = larger.length / STEP - 1;
  for (let from = 0; from < table.length; from += STEP) {
    if (table[from + 2] === 0) continue;
    let index = mixed(table[from] ?? 0, table[from + 1] ?? 0) & mask;
    while (larger[STEP * index + 2] !== 0) index = (index + 1) & mask;
    larger.set(table.subarray(from, from + STEP), STEP * index);
  }
  return larger;
}

/** What of the phrases that end here is written as the text has it; nothing when that is none of them. */
function valuesOf<T>(first: End<T> | undefined, text: Tokens, from: number): T[] | undefined {
  let values: T[] | undefined;
  for (let end = first; end; end = end.other) {
    if (!areFit(end.shapes, text, from)) continue;
    if (values) values.push(end.value);
    else values = [end.value];
  }
  return values;
}

function areFit(shapes: readonly number[], text: Tokens, from: number): boolean {
  for (let index = 0; index < shapes.length; index += 1)
    if ((text.shape[from + index] ?? LOWER) < (shapes[index] ?? LOWER)) return false;
  return true;
}
