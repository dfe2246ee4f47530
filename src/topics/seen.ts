import type { Clue, Name } from './lexicon.ts';
import type { Hit } from './patterns.ts';
import { said, type Tokens } from './tokens.ts';
import type { Topic } from './vocabulary.ts';

/** The parts of a story that are read, the most telling first. */
export const FIELDS = ['headline', 'description', 'body'] as const;
export type Field = (typeof FIELDS)[number];

/** A stretch of a story: words `from` up to, not including, `to` of one field. */
export interface Span {
  in: Field;
  from: number;
  to: number;
}

/** A place where something is named, and what it may be. */
export interface Mention extends Span {
  names: readonly Name[];
}

/** Everything that was seen in a story. */
export interface Seen {
  texts: Readonly<Record<Field, Tokens>>;
  mentions: readonly Mention[];
  /** Places that are named only within the names of bodies: the story is not tagged with them, but other names ask for them. */
  parts: readonly Topic[];
  clues: Readonly<Record<Field, readonly Hit<Clue>[]>>;
}

/** What stands there, in lower case. */
export function wordsOf({ texts }: Seen, { in: field, from, to }: Span): string {
  return said(texts[field], from, to);
}
