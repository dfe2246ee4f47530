import type { Clue, Name } from './lexicon.ts';

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
  names: Name[];
}

/** Everything that was seen in a story. */
export interface Seen {
  mentions: Mention[];
  clues: (Span & { value: Clue })[];
  /** What stands there, in lower case. */
  words(span: Span): string;
}
