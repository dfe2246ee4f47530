import type { TopicId, Why } from '../core/topic.ts';
import { createLexicon, type Lexicon } from './lexicon.ts';
import { createNamesakes, type GivenNames, type Namesakes } from './namesakes.ts';
import { namesIn } from './naming.ts';
import { FIELDS, type Field, type Seen } from './seen.ts';
import { createTokens, readTokens, said, type Tokens } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';
import { createWeighing, saidSubjects } from './weighing.ts';

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
    const seen: Seen = {
      mentions: [],
      clues: [],
      words: (span) => said(texts[span.in], span.from, span.to),
    };
    const strangers = new Set<TopicId>();
    const relatives = new Set<TopicId>();
    const inFull = new Set<TopicId>();
    for (const field of FIELDS) {
      const text = readTokens((story[field] ?? '').slice(0, MAX_BODY), texts[field]);
      const found = lexicon.names.find(text);
      for (const [index, each] of found.entries()) {
        const names = each.values.filter((name) => {
          const verdict = namesakes.judge(name, found, index, text);
          if (!name.topic) return false;
          if (verdict === 'namesake') strangers.add(name.topic.id);
          if (verdict === 'relative') relatives.add(name.topic.id);
          if (verdict === 'ours' && !name.isSurname) inFull.add(name.topic.id);
          return verdict === 'ours';
        });
        if (names.length > 0) seen.mentions.push({ names, in: field, from: each.from, to: each.to });
      }
      for (const { value, from, to } of lexicon.clues.find(text))
        seen.clues.push({ value, in: field, from, to });
    }
    for (const id of relatives) if (!inFull.has(id)) strangers.add(id);
    if (strangers.size > 0)
      seen.mentions = seen.mentions.filter(
        ({ names }) => !names.some(({ topic }) => strangers.has(topic?.id ?? '')),
      );
    return seen;
  }

  return {
    tag(story, given = []) {
      const seen = look(story);
      const why = new Map<TopicId, Why>();
      const add = (reason: Why) => {
        if (!why.has(reason.topic)) why.set(reason.topic, reason);
      };
      const said = [...given.map(({ topic }) => topic), ...saidSubjects(seen)];
      const names = namesIn(seen, said, vocabulary);
      for (const each of [...given, ...weighing.subjectsOf(seen, names)]) add(each);
      for (const each of names) add(each.why);
      return withParents(why, vocabulary);
    },
  };
}

/** With all ancestors; no more than a story may carry. */
function withParents(why: ReadonlyMap<TopicId, Why>, vocabulary: Vocabulary): Tagged {
  const topics = vocabulary.withAncestors([...why.keys()]).slice(0, MAX_TOPICS);
  // A story that has fewer than it may has them all.
  const reasons = [...why.values()];
  const isCut = topics.length === MAX_TOPICS;
  return { topics, why: isCut ? reasons.filter(({ topic }) => topics.includes(topic)) : reasons };
}

/** The language whose names are looked for; a declared one that cannot be, by the letters, is not believed. */
function languageOf({ language, headline, description = '' }: Text): string {
  const base = language.toLowerCase().split('-')[0] ?? '';
  const text = `${headline} ${description.slice(0, 200)}`;
  if (!isCyrillic(text)) return base === 'uk' || base === 'ru' || base === 'und' ? 'en' : base || 'en';
  if (base === 'uk' || base === 'ru') return base;
  return /[іїєґ]/i.test(text) ? 'uk' : 'ru';
}

/** Whether more of its letters are Cyrillic than Latin. */
function isCyrillic(text: string): boolean {
  let balance = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x400 && code < 0x530) balance += 1;
    else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) balance -= 1;
  }
  return balance > 0;
}
