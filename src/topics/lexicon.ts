import { isEntity, type TopicId } from '../core/topic.ts';
import { caseForms } from './declension/declension.ts';
import { createPatterns, type Patterns } from './patterns.ts';
import { createPhrases, type Phrases } from './phrases.ts';
import { tokens } from './tokens.ts';
import type { Topic, Vocabulary } from './vocabulary.ts';
import type { Alias } from './vocabulary-file.ts';

/** What a phrase of a text may be: one way to name one topic. */
export interface Name {
  /** `undefined` for words that look like a name of ours and are not. */
  readonly topic?: Topic;
  /** The form in which the vocabulary has it, not another case of it. */
  readonly isBase: boolean;
  /** A person's surname without a given name. */
  readonly isSurname: boolean;
  readonly needs: readonly Condition[];
  readonly unless: readonly Condition[];
}

/** A topic that the story has, or a pattern that is found in it. */
export type Condition = { readonly topic: TopicId } | { readonly pattern: string };

/** What a pattern found in a text is evidence of, or a condition for. */
export type Clue =
  | { readonly kind: 'keyword' | 'hint'; readonly topic: TopicId; readonly pattern: string }
  | { readonly kind: 'condition'; readonly pattern: string };

/** The vocabulary as it is looked for in texts of one language. */
export interface Lexicon {
  readonly language: string;
  readonly names: Phrases<Name>;
  readonly clues: Patterns<Clue>;
}

/**
 * The names of a language and those that are the same in all, in all their case forms in Ukrainian and Russian; Latin
 * names as English has them are read in every language.
 */
export function createLexicon(vocabulary: Pick<Vocabulary, 'all' | 'has'>, language: string): Lexicon {
  const names = createPhrases<Name>();
  const clues = createPatterns<Clue>();
  const asked = new Set<string>();

  const conditions = (texts: readonly string[] = []): Condition[] =>
    texts.map((text) => {
      if (vocabulary.has(text)) return { topic: text };
      if (!asked.has(text)) clues.add(text, { kind: 'condition', pattern: text });
      asked.add(text);
      return { pattern: text };
    });

  for (const topic of vocabulary.all()) {
    if (isEntity(topic.id)) {
      for (const [from, alias] of aliasesIn(topic, language)) addName(topic, from, alias);
    } else {
      for (const kind of ['keyword', 'hint'] as const) {
        const patterns = topic[`${kind}s`][language] ?? [];
        for (const pattern of patterns) clues.add(pattern, { kind, topic: topic.id, pattern });
      }
    }
  }

  function addName(topic: Topic, from: string, alias: Alias): void {
    const kind = kindOf(topic);
    const isSurname = kind === 'person' && tokens(alias.text).length === 1;
    const needs = conditions(alias.needs);
    const unless = conditions(alias.unless);
    const name = { topic, isBase: true, isSurname, needs, unless };
    const declined = { ...name, isBase: false };
    for (const form of formsOf(alias.text, alias.forms, from, kind, topic.gender)) {
      names.add(form, form === alias.text ? name : declined);
    }
    for (const other of alias.not ?? []) {
      for (const form of formsOf(other, undefined, from, kind, topic.gender)) {
        names.add(form, NOBODY);
      }
    }
  }

  return { language, names, clues };
}

const NOBODY: Name = { isBase: false, isSurname: false, needs: [], unless: [] };

/** Each name that texts of the language may use, and the language that it is declined in. An alias goes before a name. */
function aliasesIn(topic: Topic, language: string): [from: string, alias: Alias][] {
  const languages = [...new Set([language, '*', 'en'])];
  const found = new Map<string, [string, Alias]>();
  for (const from of languages) {
    const name = topic.names[from];
    const aliases = topic.aliases[from] ?? [];
    for (const alias of name === undefined ? aliases : [{ text: name }, ...aliases]) {
      const known = found.get(alias.text);
      if (!known || (known[0] === from && name === alias.text)) found.set(alias.text, [from, alias]);
    }
  }
  return [...found.values()];
}

function formsOf(
  text: string,
  forms: readonly string[] | undefined,
  language: string,
  kind: Kind,
  gender: Topic['gender'],
): Iterable<string> {
  if (forms) return new Set([text, ...forms]);
  return language === 'uk' || language === 'ru' ? caseForms(text, { language, kind, gender }) : [text];
}

type Kind = 'person' | 'org' | 'place';

function kindOf({ id }: Topic): Kind {
  return id.startsWith('person:') ? 'person' : id.startsWith('org:') ? 'org' : 'place';
}
