import { caseForms } from './declension/declension.ts';
import type { Name } from './lexicon.ts';
import type { Found } from './phrases.ts';
import { CAPITAL, LOWER, type Tokens, tokens, unitAfter, unitBefore, wordOf } from './tokens.ts';
import type { Topic, Vocabulary } from './vocabulary.ts';

/** Given names by language, as `given-names.yaml` has them; under `places`, those that are places too. */
export type GivenNames = Readonly<Record<string, readonly string[]>>;

/** What else a name may be than whom or what we have by it: somebody of the same name, or a part of another name. */
export interface Namesakes {
  /**
   * @param found all that is found in a text, and `index` which of it is asked about
   * @returns `another`: this is not what we have; `namesake`: nowhere in the story is it; `relative`: this is somebody
   * else of the surname, and so is who has it without a given name, unless ours is named in full too
   */
  judge(
    name: Name,
    found: readonly Found<Name>[],
    index: number,
    text: Tokens,
  ): 'ours' | 'another' | 'namesake' | 'relative';
}

/** After these a name says after whom or what something is called, in any case: `аеропорт Шарль-де-Голль`. */
const CALLED =
  /^(?:імені|ім|имени|им|вулиц\p{L}*|вул|улиц\p{L}*|ул|проспект\p{L}*|просп|площ\p{L}*|бульвар\p{L}*|провул\p{L}*|переул\p{L}*|аеропорт\p{L}*|аэропорт\p{L}*|стадіон\p{L}*|стадион\p{L}*|авіанос\p{L}*|авианос\p{L}*|набережн\p{L}*)$/u;
const OF_PERSONS = /^(?:імені|ім|имени|им|стадіон|стадион|авіанос|авианос)/;
/** After these, when it is in the genitive: `фонд Притули`, but `у школі Зеленський`. */
const CALLED_AFTER =
  /^(?:фонд|університет|университет|інститут|институт|премі|преми|академі|академи|гімназі|гимнази|ліце|лице|музе|орден|парк|сквер|театр|бібліотек|библиотек)/;
/** In English the name goes before. */
const INSTITUTION =
  /^(?:foundation|cent(?:er|re)|airport|university|college|school|street|avenue|road|boulevard|prize|awards?|towers?|institute|library|stadium|arena|hospital|museum|organi[sz]ation|memorial|medal|plaza|bridge|theat(?:er|re)|post|times|tribune|herald|journal|gazette|magazine|observer|wire|press|agency|radio|jr|junior|act|doctrine)$/;
/** `University of Ottawa`, `Церкви Англії` */
const BODY_OF =
  /^(?:university|bank|church|council|college|duke|duchess|prince|princess|archbishop|court|церкв\p{L}*|банк\p{L}*|університет\p{L}*|университет\p{L}*)$/u;
/** Who is called by an ordinary occupation is no statesman: `Plumber named Boris Johnson`. */
const ORDINARY =
  /^(?:named|called|plumber|farmer|pensioner|driver|teacher|student|nurse|electrician|welder|carpenter|mechanic|waiter|barber|librarian|grower|слюсар\p{L}*|слесар\p{L}*|фермер\p{L}*|пенсіонер\p{L}*|пенсионер\p{L}*|водій|водія|водителем?|вчитель|учитель\p{L}*|студент\p{L}*|електрик\p{L}*|электрик\p{L}*|зварювальник\p{L}*|сварщик\p{L}*|тезк\p{L}*|однофаміл\p{L}*|однофамил\p{L}*|городник\p{L}*|тракторист\p{L}*|пасічник\p{L}*|пасечник\p{L}*|сантехнік\p{L}*|сантехник\p{L}*)$/u;

/** What a word beside a name may say of it. Looked up for every name of every story: each word is looked at once. */
interface Beside {
  called: boolean;
  /** `на вулицях Києва`, `аеропорт Києва`: of a town there are many; the name of one is a person's. */
  ofTown: boolean;
  calledAfter: boolean;
  institution: boolean;
  bodyOf: boolean;
  ordinary: boolean;
}

const REMEMBERED = 50_000;
const beside = new Map<string, Beside>();

function besideOf(text: Tokens, index: number): Beside {
  const word = wordOf(text, index);
  const known = beside.get(word);
  if (known) return known;
  const found = {
    called: CALLED.test(word),
    ofTown: !OF_PERSONS.test(word),
    calledAfter: CALLED_AFTER.test(word),
    institution: INSTITUTION.test(word),
    bodyOf: BODY_OF.test(word),
    ordinary: ORDINARY.test(word),
  };
  if (beside.size >= REMEMBERED) beside.clear();
  beside.set(word, found);
  return found;
}

export function createNamesakes(
  givenNames: GivenNames,
  language: string,
  vocabulary: Pick<Vocabulary, 'withAncestors'>,
): Namesakes {
  const given = formsIn(givenNames, [language, 'en'], language);
  const placesToo = formsIn(givenNames, ['places'], language);
  const own = new Map<Topic, Set<string>>();

  /** What this person is called in any language, in lower case. */
  function givenNamesOf(topic: Topic): Set<string> {
    const known = own.get(topic);
    if (known) return known;
    const names = [
      ...Object.entries(topic.names),
      ...Object.entries(topic.aliases).flatMap(([from, list]) =>
        list.map(({ text }): [string, string] => [from, text]),
      ),
    ];
    const found = new Set<string>();
    for (const [from, name] of names) {
      const parts = name.split(' ').slice(0, -1);
      for (const part of parts) for (const form of personForms(part, from, topic.gender)) found.add(form);
    }
    own.set(topic, found);
    return found;
  }

  /** A surname after a given name, or an initial, that is not this person's. */
  function isRelative(topic: Topic, text: Tokens, first: number): boolean {
    const previous = first - 1;
    const isLower = text.shape[previous] === LOWER;
    const length = (text.to[previous] ?? 0) - (text.from[previous] ?? 0);
    // `В. Зеленський`; without the point it is a preposition at the beginning of a sentence.
    const isInitial = length === 1 && !isLower && unitAfter(text, previous) === POINT;
    if (isLower || (text.joined[first] === 0 && !isInitial)) return false;
    const word = wordOf(text, previous);
    const names = givenNamesOf(topic);
    if (isInitial) return ![...names].some((name) => name.startsWith(word));
    return given.has(word) && !names.has(word);
  }

  /** `Moscow, Idaho`: a town of this name in one of the States, and ours is not there. */
  function isAmericanTown(topic: Topic, after: Found<Name> | undefined, text: Tokens, next: number): boolean {
    const state = after?.from === next && text.joined[next] === 0 ? after.values[0]?.topic : undefined;
    if (!state?.parents.includes('place:united-states') || text.shape[next] === LOWER) return false;
    return !vocabulary.withAncestors([topic.id]).includes('place:united-states');
  }

  function isAnotherPlace(topic: Topic, found: readonly Found<Name>[], index: number, text: Tokens): boolean {
    const [before, { from, to }, after] = [found[index - 1], found[index] ?? NOWHERE, found[index + 1]];
    const [previous, last, next] = [from - 1, to - 1, to];
    // A club or a ship: «Мілан», "Chicago".
    if (OPENING.includes(unitBefore(text, from)) && CLOSING.includes(unitAfter(text, last))) return true;
    if (previous >= 0) {
      // `Crans-Montana`; but `Київ-Львів` is two of ours.
      const isAlone = before?.to !== from;
      if (isAlone && isHyphenated(text, previous) && text.shape[previous] !== LOWER) return true;
      if (isBodyOf(text, from, before)) return true;
      // `Міністерство оборони України`: the country is a part of the body's name.
      const isPart =
        text.joined[from] === 1 && (besideOf(text, previous).bodyOf || (!isAlone && isOrganisation(before)));
      if (isPart && isGenitive(wordOf(text, from))) return true;
    }
    if (next >= text.count) return false;
    const isAlone = after?.from !== to;
    if (isAlone && isHyphenated(text, last) && text.shape[next] !== LOWER) return true;
    const isBeforeCapital = isAlone && text.joined[next] === 1 && text.shape[next] === CAPITAL;
    if (isBeforeCapital && placesToo.has(wordOf(text, last))) return true;
    return isAmericanTown(topic, after, text, next);
  }

  return {
    judge(name, found, index, text) {
      const { topic } = name;
      const { from, to } = found[index] ?? NOWHERE;
      if (!topic) return 'ours';
      const isPerson = topic.id.startsWith('person:');
      const isPlace = topic.id.startsWith('place:');
      if (!isPerson && !isPlace) return 'ours';
      if (from > 0) {
        if (isPerson && name.isSurname && isRelative(topic, text, from)) return 'relative';
        if (text.joined[from] === 1) {
          const { ordinary, called, calledAfter, ofTown } = besideOf(text, from - 1);
          if (isPerson && ordinary) return 'namesake';
          if (isPerson && calledAfter && !name.isBase) return 'another';
          if (called && (isPerson || !ofTown)) return 'another';
        }
      }
      const isInFront = to < text.count && text.joined[to] === 1 && text.shape[to] !== LOWER;
      if (isInFront && besideOf(text, to).institution) return 'another';
      return isPlace && isAnotherPlace(topic, found, index, text) ? 'another' : 'ours';
    },
  };
}

const NOWHERE = { from: 0, to: 0 };

const POINT = 0x2e;
const HYPHEN = 0x2d;
const OPENING = [...'«„“"'].map((mark) => mark.charCodeAt(0));
const CLOSING = [...'»”“"'].map((mark) => mark.charCodeAt(0));

/** Whether a hyphen is all that lies between this word and the next. */
function isHyphenated(text: Tokens, left: number): boolean {
  return unitAfter(text, left) === HYPHEN && unitBefore(text, left + 1) === HYPHEN;
}

/** `University of Ottawa`, and what is of a body that we have. */
function isBodyOf(text: Tokens, from: number, before: Found<Name> | undefined): boolean {
  if (wordOf(text, from - 1) !== 'of') return false;
  if (before?.to === from - 1 && isOrganisation(before)) return true;
  const body = from - 2;
  return body >= 0 && text.shape[body] !== LOWER && besideOf(text, body).bodyOf;
}

function isOrganisation(found: Found<Name> | undefined): boolean {
  return found?.values.some(({ topic }) => topic?.id.startsWith('org:')) ?? false;
}

/** Names in the genitive, where other cases look different, and those that have no cases. */
function isGenitive(word: string): boolean {
  return /(?:ни|ии|ії|ши|щі|чі|лі|рі|сі|зі|ці|ю|у)$/.test(word) || word === 'рф' || word === 'сша';
}

function formsIn(names: GivenNames, lists: readonly string[], language: string): Set<string> {
  const found = new Set<string>();
  for (const list of new Set(lists)) {
    for (const name of names[list] ?? []) {
      const from = list === 'places' ? language : list;
      for (const form of personForms(name, from)) found.add(form);
    }
  }
  return found;
}

function personForms(name: string, language: string, gender?: 'f' | 'm'): string[] {
  if (language !== 'uk' && language !== 'ru') return tokens(name).map(({ word }) => word);
  const sexes = gender ? [gender] : (['m', 'f'] as const);
  return sexes
    .flatMap((sex) => caseForms(name, { language, kind: 'person', gender: sex }))
    .flatMap((form) => tokens(form).map(({ word }) => word));
}
