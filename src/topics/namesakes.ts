import { caseForms } from './declension/declension.ts';
import type { Name } from './lexicon.ts';
import type { Found } from './phrases.ts';
import { createStems } from './stems.ts';
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

/**
 * What a word beside a name may say of it, `*` for any ending in letters.
 *
 * `called`, `street`: a name says after whom it is called, in any case: `аеропорт Шарль-де-Голль`. But `на вулицях
 * Києва`: of a town there are many streets; the name of one is a person's.
 * `calledAfter`: the same when the name is in the genitive: `фонд Притули`, but `у школі Зеленський`.
 * `institution`: in English the name goes before.
 * `bodyOf`: `University of Ottawa`, `Церкви Англії`.
 * `ordinary`: who is called by an ordinary occupation is no statesman: `Plumber named Boris Johnson`.
 */
const BESIDE = {
  called: 'імені ім имени им стадіон* стадион* авіанос* авианос*',
  street: 'вулиц* вул улиц* ул проспект* просп площ* бульвар* провул* переул* аеропорт* аэропорт* набережн*',
  calledAfter:
    'фонд* університет* университет* інститут* институт* премі* преми* академі* академи* гімназі* гимнази* ліце* лице* музе* орден* парк* сквер* театр* бібліотек* библиотек*',
  institution:
    'foundation center centre airport university college school street avenue road boulevard prize award awards tower towers institute library stadium arena hospital museum organisation organization memorial medal plaza bridge theater theatre post times tribune herald journal gazette magazine observer wire press agency radio jr junior act doctrine',
  bodyOf:
    'university bank church council college duke duchess prince princess archbishop court церкв* банк* університет* университет*',
  ordinary:
    'named called plumber farmer pensioner driver teacher student nurse electrician welder carpenter mechanic waiter barber librarian grower слюсар* слесар* фермер* пенсіонер* пенсионер* водій водія водителе водителем вчитель учитель* студент* електрик* электрик* зварювальник* сварщик* тезк* однофаміл* однофамил* городник* тракторист* пасічник* пасечник* сантехнік* сантехник*',
} as const;
type Beside = keyof typeof BESIDE;

const beside = createStems<Beside, readonly Beside[]>((kinds) => kinds);
for (const [kind, words] of Object.entries(BESIDE) as [Beside, string][])
  for (const word of words.split(' ')) beside.add(word.replace('*', ''), word.endsWith('*'), kind);

function isBeside(text: Tokens, index: number, kind: Beside): boolean {
  if (!beside.of(text, index).includes(kind)) return false;
  return kind === 'calledAfter' || /^\p{L}+$/u.test(wordOf(text, index));
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
        text.joined[from] === 1 &&
        (isBeside(text, previous, 'bodyOf') || (!isAlone && isOrganisation(before)));
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
      const isPerson = name.kind === 'person';
      if (name.kind === 'org') return 'ours';
      if (from > 0) {
        if (isPerson && name.isSurname && isRelative(topic, text, from)) return 'relative';
        if (text.joined[from] === 1 && beside.of(text, from - 1).length > 0) {
          if (isPerson && isBeside(text, from - 1, 'ordinary')) return 'namesake';
          if (isPerson && !name.isBase && isBeside(text, from - 1, 'calledAfter')) return 'another';
          if (isPerson && isBeside(text, from - 1, 'street')) return 'another';
          if (isBeside(text, from - 1, 'called')) return 'another';
        }
      }
      const isInFront = to < text.count && text.joined[to] === 1 && text.shape[to] !== LOWER;
      if (isInFront && isBeside(text, to, 'institution')) return 'another';
      return !isPerson && isAnotherPlace(topic, found, index, text) ? 'another' : 'ours';
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
  return body >= 0 && text.shape[body] !== LOWER && isBeside(text, body, 'bodyOf');
}

function isOrganisation(found: Found<Name> | undefined): boolean {
  return found?.values.some(({ kind }) => kind === 'org') ?? false;
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
