import type { Tokens } from './tokens.ts';

/** Words and beginnings of words, and what is known of each. */
export interface Stems<T, All> {
  /** @param stem in lower case, as texts are read; of words that go on after it only when it is `open` */
  add(stem: string, open: boolean, value: T): void;
  /** Of a word of a text: what is known of it as a whole, then of its beginnings, the longest first. */
  of(text: Tokens, index: number): All;
}

/** What ends at a stem. */
interface Known<T> {
  whole: T[];
  open: T[];
}

/**
 * All stems letter by letter, as a tree in columns: a word of a text leaves it after two or three letters, nearly always
 * with nothing, and must not have to leave the processor's cache for that.
 */
interface Tree<All> {
  /** The last letter of what leads to each node; those that go on from one stand together, from `first` of it to that of the next. */
  letter: Uint16Array;
  first: Int32Array;
  /** Of the letters that stems begin with, each one's node; 0 for others. */
  root: Int32Array;
  /** What is known of a word that is just this, and of one that goes on otherwise than the tree: places in `lists`. */
  whole: Int32Array;
  open: Int32Array;
  lists: All[];
}

/** @param together what is kept of all that is known of a word; nothing is known of most of them */
export function createStems<T, All>(together: (values: readonly T[]) => All): Stems<T, All> {
  const stems = new Map<string, Known<T>>();
  let tree: Tree<All> | undefined;
  const nothing = together([]);

  return {
    add(stem, open, value) {
      const known = stems.get(stem) ?? { whole: [], open: [] };
      known[open ? 'open' : 'whole'].push(value);
      stems.set(stem, known);
      tree = undefined;
    },

    of(text, index) {
      tree ??= treeOf(stems, together);
      return lookUp(tree, text.small, text.from[index] ?? 0, text.to[index] ?? 0) ?? nothing;
    },
  };
}

function lookUp<All>(
  { letter, first, root, whole, open, lists }: Tree<All>,
  small: Uint16Array,
  from: number,
  to: number,
) {
  let node = root[small[from] ?? 0] ?? 0;
  if (node === 0) return lists[0];
  for (let at = from + 1; at < to; at += 1) {
    const wanted = small[at];
    let next = first[node] ?? 0;
    const end = first[node + 1] ?? 0;
    while (next < end && letter[next] !== wanted) next += 1;
    if (next === end) return lists[open[node] ?? 0];
    node = next;
  }
  return lists[whole[node] ?? 0];
}

/** Level by level, so that a node's number is its place among all, and those after a node follow one another. */
function treeOf<T, All>(
  stems: ReadonlyMap<string, Known<T>>,
  together: (values: readonly T[]) => All,
): Tree<All> {
  const beginnings = new Set<string>(['']);
  for (const stem of stems.keys())
    for (let to = 1; to <= stem.length; to += 1) beginnings.add(stem.slice(0, to));
  const nodes = [...beginnings].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const numbers = new Map(nodes.map((beginning, number) => [beginning, number]));
  const lists: (readonly T[])[] = [[]];
  const tree: Tree<All> = {
    letter: new Uint16Array(nodes.length),
    first: new Int32Array(nodes.length + 1).fill(nodes.length),
    root: new Int32Array(0x10000),
    whole: new Int32Array(nodes.length),
    open: new Int32Array(nodes.length),
    lists: [],
  };
  for (const [number, beginning] of nodes.entries()) {
    const above = numbers.get(beginning.slice(0, -1)) ?? 0;
    const { whole, open } = stems.get(beginning) ?? { whole: [], open: [] };
    const letter = beginning.charCodeAt(beginning.length - 1);
    tree.letter[number] = letter;
    if (beginning.length === 1) tree.root[letter] = number;
    if (number > 0) tree.first[above] = Math.min(tree.first[above] ?? 0, number);
    tree.open[number] = listOf(lists, open, number === 0 ? 0 : tree.open[above]);
    tree.whole[number] = listOf(lists, whole, tree.open[number]);
  }
  // A node that nothing goes on from ends where it begins.
  for (let number = nodes.length - 1; number >= 0; number -= 1)
    tree.first[number] = Math.min(tree.first[number] ?? 0, tree.first[number + 1] ?? 0);
  tree.lists = lists.map(together);
  return tree;
}

/** The place of a list: that of another one, with `values` before it. */
function listOf<T>(lists: (readonly T[])[], values: readonly T[], other = 0): number {
  if (values.length === 0) return other;
  return lists.push([...values, ...(lists[other] ?? [])]) - 1;
}
