import type { Token } from './tokens.ts';

/** How the words of a phrase have to be written where it is found: `any`, with a capital, or all in capitals. */
type Shape = 'any' | 'capital' | 'upper';

interface Node<T> {
  next?: Map<string, Node<T>>;
  ends?: { shapes: Shape[]; value: T }[];
}

/** What was found from token `from` up to, not including, `to`. */
export interface Found<T> {
  readonly from: number;
  readonly to: number;
  /** Everything that these words stand for. */
  readonly values: readonly T[];
}

/** Phrases of exact words, found by their first word: the cost of a text does not follow how many phrases there are. */
export interface Phrases<T> {
  /** A capital in the phrase asks for one in the text; a word all in capitals, for the whole word. */
  add(phrase: readonly Token[], value: T): void;
  /** From left to right, the longest at each place; the words of one are not looked at again. */
  find(text: readonly Token[]): Found<T>[];
  /** How many phrases there are. */
  size(): number;
}

export function createPhrases<T>(): Phrases<T> {
  const root: Node<T> = { next: new Map() };
  /** The first words of phrases that need no capital there: nearly all begin with one, and nearly no word of a text does. */
  const small = new Set<string>();
  let size = 0;

  function longestAt(text: readonly Token[], from: number): Found<T> | undefined {
    let node: Node<T> | undefined = root;
    let longest: Found<T> | undefined;
    for (let at = from; at < text.length; at += 1) {
      node = node.next?.get(text[at]?.word ?? '');
      if (!node) break;
      if (!node.ends) continue;
      const values: T[] = [];
      for (const { shapes, value } of node.ends) if (areFit(shapes, text, from)) values.push(value);
      if (values.length > 0) longest = { from, to: at + 1, values };
    }
    return longest;
  }

  return {
    add(phrase, value) {
      let node = root;
      const [first] = phrase;
      if (first?.shape === 'lower') small.add(first.word);
      for (const { word } of phrase) {
        node.next ??= new Map();
        const known: Node<T> = node.next.get(word) ?? {};
        node.next.set(word, known);
        node = known;
      }
      node.ends ??= [];
      const shapes = phrase.map(({ shape }) => (shape === 'lower' ? 'any' : shape));
      if (node.ends.some((end) => end.value === value && String(end.shapes) === String(shapes))) return;
      node.ends.push({ shapes, value });
      size += 1;
    },

    find(text) {
      const found: Found<T>[] = [];
      for (let at = 0; at < text.length; ) {
        const token = text[at];
        const longest = token?.shape === 'lower' && !small.has(token.word) ? undefined : longestAt(text, at);
        if (longest) found.push(longest);
        at = longest?.to ?? at + 1;
      }
      return found;
    },

    size: () => size,
  };
}

function areFit(shapes: readonly Shape[], text: readonly Token[], from: number): boolean {
  for (let index = 0; index < shapes.length; index += 1) {
    if (!fits(shapes[index] ?? 'any', text[from + index])) return false;
  }
  return true;
}

function fits(shape: Shape, token: Token | undefined): boolean {
  if (shape === 'any' || token?.shape === shape) return true;
  return shape === 'capital' && token?.shape === 'upper';
}
