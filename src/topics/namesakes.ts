import { caseForms } from './declension/declension.ts';
import type { Name } from './lexicon.ts';
import type { Found } from './phrases.ts';
import { type Token, tokens } from './tokens.ts';
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
    text: readonly Token[],
  ): 'ours' | 'another' | 'namesake' | 'relative';
}

/** After these a name says after whom or what something is called, in any case: `аеропорт Шарль-де-Голль`. */
const CALLED =
  /^(?:імені|ім|имени|им|вулиц\p{L}*|вул|улиц\p{L}*|ул|проспект\p{L}*|просп|площ\p{L}*|бульвар\p{L}*|провул\p{L}*|переул\p{L}*|аеропорт\p{L}*|аэропорт\p{L}*|стадіон\p{L}*|стадион\p{L}*|авіанос\p{L}*|авианос\p{L}*|набережн\p{L}*)$/u;
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
  calledAfter: boolean;
  institution: boolean;
  bodyOf: boolean;
  ordinary: boolean;
}

const REMEMBERED = 50_000;
const beside = new Map<string, Beside>();

function besideOf({ word }: Token): Beside {
  const known = beside.get(word);
  if (known) return known;
  const found = {
    called: CALLED.test(word),
    calledAfter: CALLED_AFTER.test(word),
    institution: INSTITUTION.test(word),
    bodyOf: BODY_OF.test(word),
    ordinary: ORDINARY.test(word),
  };
  if (beside.size >= REMEMBERED) beside.clear();
  // A copy: a word is a piece of its text, which would be kept with it.
  beside.set(Buffer.from(word).toString(), found);
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
  function isRelative(topic: Topic, previous: Token, first: Token): boolean {
    // `В. Зеленський`; without the point it is a preposition at the beginning of a sentence.
    const isInitial = previous.word.length === 1 && previous.shape !== 'lower' && previous.right === '.';
    if (!first.joined && !isInitial) return false;
    const names = givenNamesOf(topic);
    if (isInitial) return ![...names].some((name) => name.startsWith(previous.word));
    return previous.shape !== 'lower' && given.has(previous.word) && !names.has(previous.word);
  }

  /** `Moscow, Idaho`: a town of this name in one of the States, and ours is not there. */
  function isAmericanTown(topic: Topic, after: Found<Name> | undefined, to: number, next: Token): boolean {
    const state = after?.from === to && !next.joined ? after.values[0]?.topic : undefined;
    if (!state?.parents.includes('place:united-states') || next.shape === 'lower') return false;
    return !vocabulary.withAncestors([topic.id]).includes('place:united-states');
  }

  function isAnotherPlace(
    topic: Topic,
    found: readonly Found<Name>[],
    index: number,
    text: readonly Token[],
  ): boolean {
    const [before, { from, to }, after] = [found[index - 1], found[index] ?? NOWHERE, found[index + 1]];
    const [previous, first, last, next] = [text[from - 1], text[from], text[to - 1], text[to]];
    if (!first || !last) return false;
    // A club or a ship: «Мілан», "Chicago".
    if (/[«„“"]/.test(first.left) && /[»”“"]/.test(last.right)) return true;
    if (previous) {
      // `Crans-Montana`; but `Київ-Львів` is two of ours.
      if (isHyphenated(previous, first) && previous.shape !== 'lower' && before?.to !== from) return true;
      if (previous.word === 'of' && isBodyOf(text, from, before)) return true;
      if (first.joined && besideOf(previous).bodyOf && isGenitive(first)) return true;
      // `Міністерство оборони України`: the country is a part of the body's name.
      if (first.joined && before?.to === from && isOrganisation(before) && isGenitive(first)) return true;
    }
    if (!next) return false;
    if (isHyphenated(last, next) && next.shape !== 'lower' && after?.from !== to) return true;
    const isBeforeCapital = next.joined && next.shape === 'capital' && after?.from !== to;
    if (isBeforeCapital && placesToo.has(last.word)) return true;
    return isAmericanTown(topic, after, to, next);
  }

  return {
    judge(name, found, index, text) {
      const { topic } = name;
      const { from, to } = found[index] ?? NOWHERE;
      const [previous, first, next] = [text[from - 1], text[from], text[to]];
      if (!topic || !first) return 'ours';
      const isPerson = topic.id.startsWith('person:');
      const isPlace = topic.id.startsWith('place:');
      if (!isPerson && !isPlace) return 'ours';
      if (previous && isPerson) {
        if (name.isSurname && isRelative(topic, previous, first)) return 'relative';
        if (first.joined && besideOf(previous).ordinary) return 'namesake';
        if (first.joined && !name.isBase && besideOf(previous).calledAfter) return 'another';
      }
      if (previous && first.joined && besideOf(previous).called && (isPerson || !isStreetIn(previous)))
        return 'another';
      if (next?.joined && next.shape !== 'lower' && besideOf(next).institution) return 'another';
      return isPlace && isAnotherPlace(topic, found, index, text) ? 'another' : 'ours';
    },
  };
}

const NOWHERE = { from: 0, to: 0 };

/** `на вулицях Києва`, `аеропорт Києва`: of a town there are many; the name of one is a person's. */
function isStreetIn({ word }: Token): boolean {
  return !/^(?:імені|ім|имени|им|стадіон|стадион|авіанос|авианос)/.test(word);
}

function isHyphenated(left: Token, right: Token): boolean {
  return left.right === '-' && right.left === '-';
}

function isBodyOf(text: readonly Token[], from: number, before: Found<Name> | undefined): boolean {
  if (before?.to === from - 1 && isOrganisation(before)) return true;
  const body = text[from - 2];
  return body !== undefined && body.shape !== 'lower' && besideOf(body).bodyOf;
}

function isOrganisation({ values }: Found<Name>): boolean {
  return values.some(({ topic }) => topic?.id.startsWith('org:'));
}

/** Names in the genitive, where other cases look different, and those that have no cases. */
function isGenitive({ word }: Token): boolean {
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
