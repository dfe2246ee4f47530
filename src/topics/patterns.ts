import { type Token, tokens } from './tokens.ts';

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
  /** Every place at which each is found. */
  find(text: readonly Token[]): Hit<T>[];
}

/** Whether it can be read as a pattern: a word or more, and not an ending alone. */
export function isPattern(text: string): boolean {
  const words = parse(text);
  return words.length > 0 && words.every((word) => word.text !== '');
}

/** The open beginnings letter by letter: most words leave it after one or two, and nothing has to be cut out of them. */
interface Node<T> {
  next: Map<number, Node<T>>;
  ends?: Pattern<T>[];
}

export function createPatterns<T>(): Patterns<T> {
  const exact = new Map<string, Pattern<T>[]>();
  const root: Node<T> = { next: new Map() };

  /** The exact ones, then the open ones, the longest first. */
  function beginningWith(word: string): readonly Pattern<T>[] | undefined {
    let longest: readonly Pattern<T>[] | undefined;
    let node = root.next.get(word.charCodeAt(0));
    for (let at = 1; node; at += 1) {
      if (node.ends) longest = longest ? [...node.ends, ...longest] : node.ends;
      node = at < word.length ? node.next.get(word.charCodeAt(at)) : undefined;
    }
    const whole = exact.get(word);
    return whole && longest ? [...whole, ...longest] : (whole ?? longest);
  }

  function nodeOf(beginning: string): Node<T> {
    let node = root;
    for (let at = 0; at < beginning.length; at += 1) {
      const code = beginning.charCodeAt(at);
      const known: Node<T> = node.next.get(code) ?? { next: new Map() };
      node.next.set(code, known);
      node = known;
    }
    return node;
  }

  return {
    add(pattern, value) {
      const words = parse(pattern);
      const [first] = words;
      if (!first) return;
      if (first.open) {
        const node = nodeOf(first.text);
        node.ends = [...(node.ends ?? []), { words, value }];
      } else exact.set(first.text, [...(exact.get(first.text) ?? []), { words, value }]);
    },

    find(text) {
      const hits: Hit<T>[] = [];
      for (let at = 0; at < text.length; at += 1) {
        const patterns = beginningWith(text[at]?.word ?? '');
        if (!patterns) continue;
        for (const { words, value } of patterns) {
          const to = endOf(words, text, at);
          if (to > 0) hits.push({ value, from: at, to });
        }
      }
      return hits;
    },
  };
}

/** The words from `from` up to, not including, `to`, in lower case. */
export function said(text: readonly Token[], from: number, to: number): string {
  return text
    .slice(from, to)
    .map(({ word }) => word)
    .join(' ');
}

/** Where the pattern ends that begins at `from`; 0 when it is not there. */
function endOf(words: readonly Word[], text: readonly Token[], from: number): number {
  if (words[0]?.upper && text[from]?.shape !== 'upper') return 0;
  let at = from + 1;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index];
    if (!word) break;
    const last = Math.min(at + word.gap, text.length - 1);
    while (at <= last && !isWord(word, text[at])) at += 1;
    if (at > last) return 0;
    at += 1;
  }
  return at;
}

function isWord({ text, open, upper }: Word, token: Token | undefined): boolean {
  if (!token || (upper && token.shape !== 'upper')) return false;
  return open ? token.word.startsWith(text) : token.word === text;
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
