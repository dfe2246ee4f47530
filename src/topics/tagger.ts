import type { TopicId, Why } from '../core/topic.ts';
import { type Clue, createLexicon, type Lexicon, type Name } from './lexicon.ts';
import { createNamesakes, type GivenNames, type Namesakes } from './namesakes.ts';
import { namesIn } from './naming.ts';
import type { Hit } from './patterns.ts';
import type { Found } from './phrases.ts';
import { FIELDS, type Field, type Mention, type Seen } from './seen.ts';
import { withSharedNouns } from './shared-nouns.ts';
import { createTokens, readTokens, type Tokens } from './tokens.ts';
import type { Topic, Vocabulary } from './vocabulary.ts';
import { createWeighing } from './weighing.ts';

/** What of a story is read for its topics: plain texts. */
export interface Text {
  /** BCP 47; where it does not say in which letters the story is written, the letters decide. */
  language: string;
  headline: string;
  description?: string;
  body?: string;
}

export interface Tagged {
  /** What the story is given, subjects, persons, organisations and places, then the ancestors of all; each once. */
  topics: TopicId[];
  /** The strongest evidence for each of them that does not follow from another. */
  why: Why[];
}

export interface Tagger {
  /** @param given evidence that does not come from the text: what the source, its sections or its publisher say */
  tag(story: Text, given?: readonly Why[]): Tagged;
}

/** No story carries more topics. */
const MAX_TOPICS = 64;
/** So much of a body is read, in characters. */
const MAX_BODY = 8_000;

/**
 * Finds the topics of a story. A subject needs a phrase that says it in the headline, one in the description
 * with a hint, or three different hints; a story that gives no such evidence gets no subject. A name counts
 * wherever it stands, in any case form, the longest at each place; a name that may be somebody else's, only with what
 * it needs beside it.
 */
export function createTagger(vocabulary: Vocabulary, givenNames: GivenNames): Tagger {
  const weighing = createWeighing(vocabulary);
  /** What is being read, story after story. */
  const texts: Record<Field, Tokens> = {
    headline: createTokens(),
    description: createTokens(),
    body: createTokens(),
  };
  const readers = new Map<string, { lexicon: Lexicon; namesakes: Namesakes }>();

  function readerOf(language: string) {
    const known = readers.get(language);
    if (known) return known;
    const reader = {
      lexicon: createLexicon(vocabulary, language),
      namesakes: createNamesakes(givenNames, language, vocabulary),
    };
    readers.set(language, reader);
    return reader;
  }

  function look(story: Text): Seen {
    const { lexicon, namesakes } = readerOf(languageOf(story));
    const mentions: Mention[] = [];
    const clues: Record<Field, Hit<Clue>[]> = { headline: [], description: [], body: [] };
    const strangers: Topic[] = [];
    const relatives: Topic[] = [];
    const parts: Topic[] = [];
    for (const field of FIELDS) {
      const text = readTokens((story[field] ?? '').slice(0, MAX_BODY), texts[field]);
      const found = withSharedNouns(lexicon.names.find(text), text, lexicon.names);
      clues[field] = lexicon.clues.find(text).filter((hit) => !isWithinSurname(hit, found, text, namesakes));
      for (let index = 0; index < found.length; index += 1) {
        const names: Name[] = [];
        const { values, from, to } = found[index] ?? NOTHING;
        for (const name of values) {
          if (!name.topic) continue;
          const verdict = namesakes.judge(name, found, index, text);
          if (verdict === 'ours') names.push(name);
          if (verdict === 'namesake') strangers.push(name.topic);
          if (verdict === 'relative') relatives.push(name.topic);
          if (verdict === 'part') parts.push(name.topic);
        }
        if (names.length > 0) mentions.push({ names, in: field, from, to });
      }
    }
    for (const topic of relatives) if (!isNamedInFull(topic, mentions)) strangers.push(topic);
    return {
      texts,
      clues,
      parts,
      mentions: strangers.length === 0 ? mentions : without(strangers, mentions),
    };
  }

  return {
    tag(story, given = []) {
      const seen = look(story);
      const names = namesIn(seen, given, vocabulary);
      const why: Why[] = [];
      for (const reason of given) add(reason, why);
      for (const reason of weighing.subjectsOf(seen, names)) add(reason, why);
      const above: (readonly TopicId[])[] = why.map(({ topic }) => vocabulary.withAncestors([topic]));
      for (const { why: reason, name } of names) {
        add(reason, why);
        above.push(name.above);
      }
      return withParents(why, above);
    },
  };
}

/** `Андрій Мороз` has nothing to do with the weather. Those whom we have say what they are known for themselves. */
function isWithinSurname(
  { value, from, to }: Hit<Clue>,
  found: readonly Found<Name>[],
  text: Tokens,
  namesakes: Namesakes,
): boolean {
  if (value.kind === 'condition' || to - from > 1 || !namesakes.isSurname(text, from)) return false;
  return !found.some((name) => name.from <= from && to <= name.to);
}

const NOTHING: Found<Name> = { from: 0, to: 0, values: [] };

function isNamedInFull(topic: Topic, mentions: readonly Mention[]): boolean {
  return mentions.some(({ names }) => names.some((name) => name.topic === topic && !name.isSurname));
}

function without(strangers: readonly Topic[], mentions: readonly Mention[]): Mention[] {
  return mentions.filter(({ names }) => !names.some(({ topic }) => topic && strangers.includes(topic)));
}

/** Unless there is a reason for that topic before it, or for as many as a story may carry. */
function add(reason: Why, reasons: Why[]): void {
  if (reasons.length === MAX_TOPICS) return;
  for (const { topic } of reasons) if (topic === reason.topic) return;
  reasons.push(reason);
}

/** @param above the ancestors of each; no more topics are given than a story may carry */
function withParents(why: Why[], above: readonly (readonly TopicId[])[]): Tagged {
  const topics = why.map(({ topic }) => topic);
  for (const ancestors of above) {
    for (const topic of ancestors) {
      if (topics.length === MAX_TOPICS) return { topics, why };
      if (!topics.includes(topic)) topics.push(topic);
    }
  }
  return { topics, why };
}

/** The language whose names are looked for; a declared one that cannot be, by the letters, is not believed. */
function languageOf({ language, headline, description = '' }: Text): string {
  const base = language.toLowerCase().split('-', 1)[0] ?? '';
  const isCyrillic = balanceOf(headline) + balanceOf(description, DECIDING) > 0;
  if (!isCyrillic) return base === 'uk' || base === 'ru' || base === 'und' ? 'en' : base || 'en';
  if (base === 'uk' || base === 'ru') return base;
  return UKRAINIAN.test(headline) || UKRAINIAN.test(description.slice(0, DECIDING)) ? 'uk' : 'ru';
}

/** So much of a description has a say in what language a story is in. */
const DECIDING = 200;
const UKRAINIAN = /[іїєґ]/i;

/** How many of its letters are Cyrillic, without as many as are Latin. */
function balanceOf(text: string, length = text.length): number {
  let balance = 0;
  const end = Math.min(length, text.length);
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x400 && code < 0x530) balance += 1;
    else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) balance -= 1;
  }
  return balance;
}
