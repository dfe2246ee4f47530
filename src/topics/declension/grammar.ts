import type { Paradigms } from './paradigm.ts';

/** What the declension of names has to know of a language. All words are given to it in lower case. */
export interface Grammar {
  adjectives: { persons: Paradigms; things: Paradigms };
  given: { f: Paradigms; m: Paradigms };
  surname: { f: Paradigms; m: Paradigms };
  place: Paradigms;
  org: Paradigms;
  /** Nouns after an adjective in the plural. */
  plural: Paradigms;
  /** Of the last part of a hyphenated place: then the part before it is declined too, Кам'янець-Подільський. */
  endsAsAdjective: RegExp;
  patronymic: RegExp;
  and: ReadonlySet<string>;
  /** Given names that, alone, would be taken for a surname with other endings. */
  givenAlone: ReadonlySet<string>;
  /** Whether a word that stands before `next` belongs to a noun after it. */
  isAdjective(word: string, next: string): boolean;
  isPlural(adjective: string): boolean;
}
