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
  readonly topic: Topic | undefined;
  readonly kind: Kind | undefined;
  /** The ancestors of the topic, and the subjects that it is a hint for: here, because every name that is found is asked. */
  readonly above: readonly TopicId[];
  readonly suggests: readonly TopicId[];
  /** The form in which the vocabulary has it, not another case of it. */
  readonly isBase: boolean;
  /** A person's surname without a given name. */
  readonly isSurname: boolean;
  readonly needs: readonly Condition[];
  readonly unless: readonly Condition[];
}

/** A topic that the story has, or a pattern that is found in it. */
export type Condition = { readonly topic: TopicId } | PatternCondition;

interface PatternCondition {
  readonly kind: 'condition';
  readonly pattern: string;
}

/** What a pattern found in a text is evidence of, or a condition for. */
export type Clue =
  | {
      readonly kind: 'keyword' | 'hint';
      readonly topic: TopicId;
      /** What it is told by from others: the same pattern for the same topic has the same number. */
      readonly number: number;
    }
  | PatternCondition;

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
export function createLexicon(
  vocabulary: Pick<Vocabulary, 'all' | 'has' | 'withAncestors'>,
  language: string,
): Lexicon {
  const names = createPhrases<Name>();
  const clues = createPatterns<Clue>();
  const asked = new Map<string, PatternCondition>();
  const numbers = new Map<string, number>();
  const lists = new Map<string, readonly TopicId[]>();

  function condition(text: string): Condition {
    if (vocabulary.has(text)) return { topic: text };
    const known = asked.get(text);
    if (known) return known;
    const pattern: PatternCondition = { kind: 'condition', pattern: text };
    asked.set(text, pattern);
    clues.add(text, pattern);
    return pattern;
  }

  function conditions(texts: readonly string[] = []): readonly Condition[] {
    return texts.length === 0 ? NONE : texts.map(condition);
  }

  function numberOf(topic: TopicId, pattern: string): number {
    const key = `${topic} ${pattern}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  }

  /** One list for all who have the same: there are few of them, and many who have none. */
  function shared(topics: readonly TopicId[]): readonly TopicId[] {
    const key = topics.join(' ');
    const known = lists.get(key) ?? [...new Set(topics)];
    lists.set(key, known);
    return known;
  }

  for (const topic of vocabulary.all()) {
    if (isEntity(topic.id)) {
      for (const [from, alias] of aliasesIn(topic, language)) addName(topic, from, alias);
    } else {
      for (const kind of ['keyword', 'hint'] as const) {
        const patterns = topic[`${kind}s`][language] ?? [];
        for (const pattern of patterns)
          clues.add(pattern, { kind, topic: topic.id, number: numberOf(topic.id, pattern) });
      }
    }
  }

  function addName(topic: Topic, from: string, alias: Alias): void {
    const kind = kindOf(topic);
    const isSurname = kind === 'person' && tokens(alias.text).length === 1;
    const needs = conditions(alias.needs);
    const unless = conditions(alias.unless);
    const above = shared(vocabulary.withAncestors([topic.id]).slice(1));
    const suggests = shared(topic.suggests);
    const name: Name = { topic, kind, isBase: true, isSurname, needs, unless, above, suggests };
    const declined: Name = { ...name, isBase: false };
    for (const form of formsOf(alias.text, alias.forms, from, kind, topic.gender)) {
      const known = form === alias.text ? name : declined;
      names.add(form, known);
      for (const elided of elidedForms(form, language)) names.add(elided, known);
    }
    for (const other of alias.not ?? []) {
      for (const form of formsOf(other, undefined, from, kind, topic.gender)) {
        names.add(form, NOBODY);
      }
    }
  }

  return { language, names, clues };
}

/** What a name with a vowel in front is one word with: `l'ONU`, `d'Emmanuel Macron`, `dell'Ucraina`. */
const ELIDED: Readonly<Record<string, readonly string[]>> = {
  fr: ["l'", "d'", "qu'"],
  it: ["l'", "d'", "dell'", "all'", "nell'", "sull'", "dall'"],
};

function elidedForms(name: string, language: string): string[] {
  const before = ELIDED[language];
  return before && /^[aeiouyâàéèêëîïôûüh]/i.test(name) ? before.map((article) => article + name) : [];
}

const NONE: readonly never[] = [];
const NOBODY: Name = {
  topic: undefined,
  kind: undefined,
  isBase: false,
  isSurname: false,
  needs: NONE,
  unless: NONE,
  above: NONE,
  suggests: NONE,
};

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
