import type { Content } from '../../core/story.ts';
import { isEntity } from '../../core/topic.ts';
import { tokens } from '../tokens.ts';
import { monthOf, weekdayOf } from './calendar.ts';
import { isYear, multiplied, numberOf, withWholeNumbers } from './numbers.ts';
import { wordingOf } from './wording.ts';

/** `date` and `weekday` are `value`s; a `name` of the vocabulary is an entity, `subject` any other topic. */
export type Kind = 'word' | 'number' | 'date' | 'weekday' | 'entity' | 'subject';

/** Something that texts have in common; the same object wherever it comes up in one language. */
export interface Term {
  readonly key: string;
  readonly kind: Kind;
}

/** What of a story says which event it tells, in the order of the text and without the words that say nothing. */
export interface Signature<T extends Term = Term> {
  readonly headline: readonly T[];
  readonly lede: readonly T[];
  readonly topics: readonly T[];
  /** Those of the words that are written as names, in the headline and anywhere. */
  readonly headlineNames: readonly T[];
  readonly names: readonly T[];
  /** It is over within hours: the same on the next day is another. */
  readonly isFleeting: boolean;
}

export type Told = Pick<Content, 'language' | 'headline' | 'description' | 'body' | 'topics'>;

/** So much of the text below the headline is read, in characters: agencies say there what their story is about. */
const LEDE = 420;
const SENTENCE_END = /(?<=[.!?…:|])\s+|\s+[—–-]\s+|\n+/u;
/** A sentence that begins with a name in quotation marks, rather than with what somebody says. */
const QUOTED_NAME = /^\s*[«"“„][\p{L}\p{N}'’-]+(?:\s[\p{L}\p{N}'’-]+){0,2}[»"”]/u;
/** What is over within hours, and soon comes again. */
const FLEETING =
  /(?:повітрян|воздушн)\S+ тр[еи]во[гз]|відб[оі][йю]|отбо[йя]\S* тревог|air[- ]raid (?:alert|siren|warning)/iu;
/** So few words before a colon or after a dash say who says it. */
const ASIDE = 2;
/** Of a headline that writes more of its words with a capital, capitals say nothing; English ones do so by habit. */
const TITLE_CASE = { english: 0.6, other: 0.85 };

/** The first part of a language tag: `uk` of `uk-UA`. */
export function baseLanguage(language: string): string {
  return language.toLowerCase().split('-')[0] ?? '';
}

interface Reading<T> {
  terms: T[];
  names: T[];
  attributed: T[];
  /** The first word of a sentence has its capital anyway. */
  initial: T[];
}

/** @param term the one object for a key; called once for each occurrence */
export function signatureOf<T extends Term>(story: Told, term: (key: string, kind: Kind) => T): Signature<T> {
  const language = baseLanguage(story.language);
  const { stem, isStop } = wordingOf(language);
  const titleCase = language === 'en' ? TITLE_CASE.english : TITLE_CASE.other;

  function read(text: string): Reading<T> {
    const terms: T[] = [];
    const names: T[] = [];
    const attributed: T[] = [];
    const initial: T[] = [];
    let capitals = 0;
    let count = 0;
    const sentences = withWholeNumbers(text).split(SENTENCE_END);
    for (const [place, sentence] of sentences.entries()) {
      const found = tokens(sentence);
      const isAside =
        found.length <= ASIDE && sentences.length > 1 && (place === 0 || place === sentences.length - 1);
      for (let at = 0; at < found.length; at += 1) {
        const token = found[at];
        if (!token) continue;
        const { word, shape } = token;
        count += 1;
        const number = numberOf(word);
        if (number !== undefined) {
          const next = found[at + 1]?.word ?? '';
          const before = found[at - 1]?.word ?? '';
          const [month, monthBefore] = [monthOf(next), monthOf(before)];
          const isDay = /^\d{1,2}$/.test(number) && Number(number) <= 31;
          const product = multiplied(number, next);
          if (isDay && (month ?? monthBefore) !== undefined) {
            terms.push(term(`${month ?? monthBefore}.${number}`, 'date'));
            if (month !== undefined) at += 1;
          } else if (product !== undefined) {
            terms.push(term(product, 'number'));
            at += 1;
          } else if (!isYear(number)) terms.push(term(number, 'number'));
          continue;
        }
        const weekday = weekdayOf(word);
        if (weekday !== undefined) {
          terms.push(term(String(weekday), 'weekday'));
          continue;
        }
        if (isStop(word) || word.length < 2) continue;
        if (monthOf(word) !== undefined && shape === 'lower') continue;
        const one = term(stem(word), 'word');
        terms.push(one);
        if (shape === 'lower') continue;
        capitals += 1;
        if (isAside) attributed.push(one);
        else if (at > 0 || shape === 'upper' || QUOTED_NAME.test(sentence)) names.push(one);
        else initial.push(one);
      }
    }
    const isShouting = count > 3 && capitals > count * titleCase;
    return isShouting
      ? { terms, names: [], attributed: [], initial: [] }
      : { terms, names, attributed, initial };
  }

  const headline = read(story.headline);
  const lede = read((story.description || plain(story.body)).slice(0, LEDE));
  const named = new Set([...headline.names, ...headline.attributed, ...lede.names, ...lede.attributed]);
  const isNamed = (term: T) => named.has(term);
  return {
    headline: headline.terms,
    lede: lede.terms,
    topics: story.topics.map((id) => term(id, isEntity(id) ? 'entity' : 'subject')),
    headlineNames: [...new Set([...headline.initial.filter(isNamed), ...headline.names])],
    names: [...named],
    isFleeting: FLEETING.test(story.headline),
  };
}

function plain(markup = ''): string {
  return markup.slice(0, LEDE * 4).replace(/<[^>]*>/g, ' ');
}
