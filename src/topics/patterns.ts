import { createStems } from './stems.ts';
import { beginsWith, isWord, type Tokens, tokens, UPPER } from './tokens.ts';

/** One word of a pattern. */
interface Word {
  readonly text: string;
  /** Any ending may follow. */
  readonly open: boolean;
  /** Written in capitals: found only so. */
  readonly upper: boolean;
  /** How many other words may stand before it. */
  readonly gap: number;
}

interface Pattern<T> {
  readonly words: readonly Word[];
  readonly value: T;
}

/**
 * Patterns that begin with the same word, each with the first letter of its second word, 0 where there is none, and how
 * far that may be from the first: it is hardly ever there, and so much can be seen without looking at the words.
 */
interface Candidates<T> {
  readonly patterns: readonly Pattern<T>[];
  readonly letters: Uint16Array;
  readonly within: Uint8Array;
}

export interface Hit<T> {
  readonly value: T;
  /** From this word of the text up to, not including, that. */
  readonly from: number;
  readonly to: number;
}

/** How many words ` … ` stands for at most. */
const GAP = 4;

/**
 * Patterns of words for running text: `*` at the end of a word stands for any ending, ` … ` for up to four words
 * between, a word in capitals is found only so; case does not count otherwise.
 */
export interface Patterns<T> {
  add(pattern: string, value: T): void;
  /** Every place at which each is found: from left to right, at each those of exact words, then the longest first. */
  find(text: Tokens): Hit<T>[];
}

/** Whether it can be read as a pattern: a word or more, and not an ending alone. */
export function isPattern(text: string): boolean {
  const words = parse(text);
  return words.length > 0 && words.every((word) => word.text !== '');
}

export function createPatterns<T>(): Patterns<T> {
  const beginnings = createStems<Pattern<T>, Candidates<T>>(candidates);

  return {
    add(pattern, value) {
      const words = parse(pattern);
      const [first] = words;
      if (first) beginnings.add(first.text, first.open, { words, value });
    },

    find(text) {
      const hits: Hit<T>[] = [];
      for (let from = 0; from < text.count; from += 1) {
        const { patterns, letters, within } = beginnings.of(text, from);
        for (let index = 0; index < letters.length; index += 1) {
          const letter = letters[index] ?? 0;
          if (letter > 0 && !beginsSoon(letter, within[index] ?? 0, text, from)) continue;
          const pattern = patterns[index];
          const to = pattern ? endOf(pattern.words, text, from) : 0;
          if (pattern && to > 0) hits.push({ value: pattern.value, from, to });
        }
      }
      return hits;
    },
  };
}

function candidates<T>(patterns: readonly Pattern<T>[]): Candidates<T> {
  const seconds = patterns.map(({ words }) => words[1]);
  return {
    patterns,
    letters: Uint16Array.from(seconds, (word) => word?.text.charCodeAt(0) ?? 0),
    within: Uint8Array.from(seconds, (word) => (word?.gap ?? 0) + 1),
  };
}

/** Whether one of so many words after this one begins with a letter. */
function beginsSoon(letter: number, within: number, { small, from, count }: Tokens, index: number): boolean {
  const last = Math.min(index + within, count - 1);
  for (let at = index + 1; at <= last; at += 1) if (small[from[at] ?? 0] === letter) return true;
  return false;
}

/** Where the pattern ends that begins at `from`; 0 when it is not there. */
function endOf(words: readonly Word[], text: Tokens, from: number): number {
  if (words[0]?.upper && text.shape[from] !== UPPER) return 0;
  let at = from + 1;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index];
    if (!word) break;
    const last = Math.min(at + word.gap, text.count - 1);
    while (at <= last && !fits(word, text, at)) at += 1;
    if (at > last) return 0;
    at += 1;
  }
  return at;
}

function fits(word: Word, text: Tokens, at: number): boolean {
  if (word.upper && text.shape[at] !== UPPER) return false;
  return word.open ? beginsWith(text, at, word.text) : isWord(text, at, word.text);
}

function parse(pattern: string): Word[] {
  const words: Word[] = [];
  let gap = 0;
  for (const part of pattern.split(/\s+/)) {
    if (part === '…' || part === '...') {
      gap = GAP;
      continue;
    }
    const open = part.endsWith('*');
    const parsed = tokens(open ? part.slice(0, -1) : part);
    for (const [index, { word, shape }] of parsed.entries()) {
      const isLast = index === parsed.length - 1;
      words.push({ text: word, open: open && isLast, upper: shape === 'upper', gap });
      gap = 0;
    }
  }
  return words;
}
