import { caseForms } from './declension/declension.ts';
import type { Condition, Name } from './lexicon.ts';
import type { Found } from './phrases.ts';
import { createStems } from './stems.ts';
import { CAPITAL, isWord, LOWER, type Tokens, tokens, unitAfter, unitBefore, wordOf } from './tokens.ts';
import type { Topic, Vocabulary } from './vocabulary.ts';

/** Given names by language, as `given-names.yaml` has them; under `places`, those that are places too. */
export type GivenNames = Readonly<Record<string, readonly string[]>>;

/** What else a name may be than whom or what we have by it: somebody of the same name, or a part of another name. */
export interface Namesakes {
  /**
   * @param found all that is found in a text, and `index` which of it is asked about
   * @returns `another`: this is not what we have; `part`: it is, but within the name of a body; `namesake`: nowhere in
   * the story is it; `relative`: this is somebody else of the surname, and so is who has it without a given name, unless
   * ours is named in full too
   */
  judge(
    name: Name,
    found: readonly Found<Name>[],
    index: number,
    text: Tokens,
  ): 'ours' | 'another' | 'part' | 'namesake' | 'relative';
  /** Whether this word follows somebody's given name, so that it is a surname whatever else it means: `Андрій Мороз`. */
  isSurname(text: Tokens, index: number): boolean;
}

/**
 * What a word beside a name may say of it, `*` for any ending in letters.
 *
 * `called`, `street`: a name says after whom it is called, in any case: `аеропорт Шарль-де-Голль`. But `на вулицях
 * Києва`: of a town there are many streets; the name of one is a person's.
 * `calledAfter`: the same when the name is in the genitive: `фонд Притули`, but `у школі Зеленський`.
 * `institution`: in English the name goes before.
 * `event`: so it does here, at the end of words in capitals: `Boston Marathon`, `Chicago Public Schools`.
 * `agency`: what the name of a body of the United States goes on with: `US Forest Service`.
 * `bodyOf`: `University of Ottawa`, `Церкви Англії`; not in the plural: `банки Єревана`.
 * `ordinary`: who is called by an ordinary occupation is no statesman: `Plumber named Boris Johnson`.
 */
const BESIDE = {
  called: 'імені ім имени им стадіон* стадион* авіанос* авианос*',
  street: 'вулиц* вул улиц* ул проспект* просп площ* бульвар* провул* переул* аеропорт* аэропорт* набережн*',
  calledAfter:
    'фонд* університет* университет* інститут* институт* премі* преми* академі* академи* гімназі* гимнази* ліце* лице* музе* орден* парк* сквер* театр* бібліотек* библиотек*',
  institution:
    'foundation center centre airport university college school street avenue road boulevard prize award awards tower towers institute library stadium arena hospital museum organisation organization memorial medal plaza bridge theater theatre post times tribune herald journal gazette magazine observer wire press agency radio jr junior act doctrine',
  event:
    'marathon festival open masters prix cup conference convention conventions protocol agreement accords treaty philharmonic orchestra symphony opera ballet zoo schools district department authority commission fc rovers wanderers exchange',
  agency:
    'department bureau agency army navy air coast marine marines forest geological census fish postal citizenship customs centers food secret securities chamber open steel soccer space supreme strategic patent',
  bodyOf:
    'university bank church council college duke duchess prince princess archbishop court церква церкви церкві церкву церквою церковь церковью банк банка банку банком банке банкові університет університету університетом університеті университет университета университету университетом университете',
  ordinary:
    'named called baker butcher gardener shepherd beekeeper fisherman postman janitor schoolboy vet пекар* кухар* повар повара лісник* лесник* ветеринар* чабан* листонош* почтальон* школяр* школьник* plumber farmer pensioner driver teacher student nurse electrician welder carpenter mechanic waiter barber librarian grower слюсар* слесар* фермер* пенсіонер* пенсионер* водій водія водителе водителем вчитель учитель* студент* електрик* электрик* зварювальник* сварщик* тезк* однофаміл* однофамил* городник* тракторист* пасічник* пасечник* сантехнік* сантехник*',
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
  function isRelative({ topic, isBase }: Name, before: Found<Name> | undefined, text: Tokens, first: number) {
    const previous = first - 1;
    if (!topic) return false;
    const isLower = text.shape[previous] === LOWER;
    const length = (text.to[previous] ?? 0) - (text.from[previous] ?? 0);
    // `В. Зеленський`; without the point it is a preposition at the beginning of a sentence.
    const isInitial = length === 1 && !isLower && unitAfter(text, previous) === POINT;
    if (isLower || (text.joined[first] === 0 && !isInitial)) return false;
    const word = wordOf(text, previous);
    const names = givenNamesOf(topic);
    if (isInitial) return ![...names].some((name) => name.startsWith(word));
    if (names.has(word)) return false;
    return (
      given.has(word) || (isBase && before?.to !== first && isLikeGivenName(topic, names, text, previous))
    );
  }

  /**
   * `слюсар Ференц Орбан`: the given names of the world are more than we list. In the nominative, within a sentence,
   * and no other spelling of ours, which would have its first letter.
   */
  function isLikeGivenName({ gender }: Topic, names: ReadonlySet<string>, text: Tokens, index: number) {
    if (gender !== 'm' || text.shape[index] !== CAPITAL || text.joined[index] === 0) return false;
    if (unitBefore(text, index) !== SPACE || unitAfter(text, index) !== SPACE) return false;
    const word = wordOf(text, index);
    if (!/^[а-яіїєґ']{2,}[бвгґджзйклмнпрстфхцчшщ]$/.test(word) || /[иі]ч$/.test(word)) return false;
    return names.size > 0 && ![...names].some((name) => name[0] === word[0]);
  }

  function isSurname(text: Tokens, index: number): boolean {
    if (index === 0 || text.joined[index] === 0 || text.shape[index] !== CAPITAL) return false;
    return text.shape[index - 1] !== LOWER && given.has(wordOf(text, index - 1));
  }

  /** `Moscow, Idaho`: a town of this name in one of the States, and ours is not there. */
  function isAmericanTown(topic: Topic, after: Found<Name> | undefined, text: Tokens, next: number): boolean {
    const state = after?.from === next && text.joined[next] === 0 ? after.values[0]?.topic : undefined;
    if (!state?.parents.includes('place:united-states') || text.shape[next] === LOWER) return false;
    return !vocabulary.withAncestors([topic.id]).includes('place:united-states');
  }

  /** `Ірина Харкова`, `Chelsea Houston`. Countries are left out: `Слава Україні`. */
  function isSurnameOfPlace(
    topic: Topic,
    before: Found<Name> | undefined,
    text: Tokens,
    from: number,
  ): boolean {
    const isAfterName = before?.to === from && before.values.some(({ kind }) => kind !== 'org');
    return !isCountry(topic) && !isAfterName && isSurname(text, from);
  }

  function isAnotherPlace(topic: Topic, found: readonly Found<Name>[], index: number, text: Tokens) {
    const [before, { from, to }, after] = [found[index - 1], found[index] ?? NOWHERE, found[index + 1]];
    const [previous, last, next] = [from - 1, to - 1, to];
    if (isQuoted(text, from, to)) return true;
    if (previous >= 0) {
      if (to - from === 1 && isSurnameOfPlace(topic, before, text, from)) return true;
      // `Crans-Montana`; but `Київ-Львів` is two of ours.
      const isAlone = before?.to !== from;
      if (isAlone && isHyphenated(text, previous) && text.shape[previous] !== LOWER) return true;
      if (isBodyOf(text, from, before)) return true;
    }
    if (next >= text.count) return false;
    if (isInFrontOfBody(topic, text, to, after?.from)) return true;
    const isAlone = after?.from !== to;
    if (isAlone && isHyphenated(text, last) && text.shape[next] !== LOWER) return true;
    const isBeforeCapital = isAlone && text.joined[next] === 1 && text.shape[next] === CAPITAL;
    if (isBeforeCapital && placesToo.has(wordOf(text, last))) return true;
    return isAmericanTown(topic, after, text, next);
  }

  /** `Міністерство оборони України`, `Банк Литви`: the place is a part of the body's name. */
  function isPartOfBody(
    name: Name,
    topic: Topic,
    before: Found<Name> | undefined,
    text: Tokens,
    from: number,
  ) {
    if (from === 0 || text.joined[from] === 0) return false;
    if (isBeside(text, from - 1, 'bodyOf')) return isInGenitive(name, topic, wordOf(text, from));
    if (before?.to !== from || !isOrganisation(before)) return false;
    return isCountry(topic) ? isInGenitive(name, topic, wordOf(text, from)) : isGenitive(wordOf(text, from));
  }

  /** `Польщі`, `Литви`, `Відня`; not `Україну`. A name that is not declined has all cases in one: `Чикаго`. */
  function isInGenitive({ isBase }: Name, { names }: Topic, word: string): boolean {
    if (word === 'рф' || word === 'сша') return true;
    if (isBase) return /[оеєуюії]$/.test(word);
    const base = names[language]?.toLowerCase();
    const isAccusative =
      /[ую]$/.test(word) && (base === `${word.slice(0, -1)}а` || base === `${word.slice(0, -1)}я`);
    return !isAccusative && /(?:[иіїыаяюу]|ів|ов|их|ой|ої|го)$/.test(word);
  }

  /**
   * `МЗС Литви`: what is called so in several countries, and ours is of the one that its name ends with. Of ours there is a
   * longer name, `МЗС України`, where the country follows.
   */
  function isOfAnotherCountry(name: Name, after: Found<Name> | undefined, text: Tokens, to: number): boolean {
    if (after?.from !== to || text.joined[to] === 0 || text.shape[to] === LOWER) return false;
    const own = COUNTRY_LAST.exec(name.topic?.names[language] ?? '')?.[1]?.toLowerCase();
    if (name.needs.length + name.unless.length === 0 || (!own && !name.unless.some(isPlace))) return false;
    const word = wordOf(text, to);
    return after.values.every((other) => {
      if (!other.topic || other.kind !== 'place' || !isCountry(other.topic)) return false;
      const { id } = other.topic;
      const isNeeded = name.needs.some((each) => 'topic' in each && each.topic === id);
      return !isNeeded && word !== own && isInGenitive(other, other.topic, word);
    });
  }

  return {
    isSurname,

    judge(name, found, index, text) {
      const { topic } = name;
      const { from, to } = found[index] ?? NOWHERE;
      if (!topic) return 'ours';
      const isPerson = name.kind === 'person';
      if (name.kind === 'org')
        return isOfAnotherCountry(name, found[index + 1], text, to) ? 'another' : 'ours';
      if (from > 0) {
        if (isPerson && name.isSurname && isRelative(name, found[index - 1], text, from)) return 'relative';
        if (text.joined[from] === 1 && beside.of(text, from - 1).length > 0) {
          if (isPerson && isBeside(text, from - 1, 'ordinary')) return 'namesake';
          if (isPerson && !name.isBase && isBeside(text, from - 1, 'calledAfter')) return 'another';
          if (isPerson && isBeside(text, from - 1, 'street')) return 'another';
          if (isBeside(text, from - 1, 'called')) return 'another';
        }
      }
      const isInFront = to < text.count && text.joined[to] === 1 && text.shape[to] !== LOWER;
      if (isInFront && isBeside(text, to, 'institution')) return 'another';
      if (isPerson) return 'ours';
      if (isPartOfBody(name, topic, found[index - 1], text, from)) return 'part';
      return isAnotherPlace(topic, found, index, text) ? 'another' : 'ours';
    },
  };
}

const NOWHERE = { from: 0, to: 0 };

const SPACE = 0x20;
const AMPERSAND = 0x26;
const POINT = 0x2e;
const HYPHEN = 0x2d;
const OPENING = [...'«„“"'].map((mark) => mark.charCodeAt(0));
const CLOSING = [...'»”“"'].map((mark) => mark.charCodeAt(0));
/** So many words of a quoted name may stand before a place in it, and after. */
const QUOTED = 3;
const WORDS_OF_BODY = 4;
/** Prepositions up to this length are small in such a headline too. */
const SHORT = 4;
/** `Washington State` and `New York State` are what the States are called beside their towns. */
const HAS_TOWN = ['place:washington-state', 'place:new-york-state'];

const COUNTRY_LAST = /\s(\p{Lu}\S*)$/u;

function isPlace(condition: Condition): boolean {
  return 'topic' in condition && condition.topic.startsWith('place:');
}

/** No country, sea or continent is a part of another place. */
function isCountry({ parents }: Topic): boolean {
  return parents.length === 0;
}

/** A club, a ship or a title: «Мілан», "Chicago", «Торонто Репторс». */
function isQuoted(text: Tokens, from: number, to: number): boolean {
  let first = from;
  while (!OPENING.includes(unitBefore(text, first))) {
    if (first === 0 || from - first === QUOTED || text.joined[first] === 0) return false;
    first -= 1;
    if (text.shape[first] === LOWER || CLOSING.includes(unitAfter(text, first))) return false;
  }
  for (let last = to - 1; last < to + QUOTED && last < text.count; last += 1) {
    if (last >= to && (text.shape[last] === LOWER || text.joined[last] === 0)) return false;
    if (CLOSING.includes(unitAfter(text, last))) return true;
  }
  return false;
}

/** `US Forest Service`, `Texas A&M`, `Boston Children's Hospital`; a headline in capitals does not tell. */
function isInFrontOfBody({ id, parents }: Topic, text: Tokens, to: number, named = text.count): boolean {
  if (text.joined[to] === 0 || text.shape[to] === LOWER || named === to) return false;
  const isState = parents.includes('place:united-states');
  if (isState && isWord(text, to, 'a') && unitAfter(text, to) === AMPERSAND) return true;
  if (isInCapitals(text)) return false;
  if (id === 'place:united-states' && isBeside(text, to, 'agency')) return true;
  if (isState && !HAS_TOWN.includes(id) && (isWord(text, to, 'state') || isWord(text, to, 'tech')))
    return true;
  for (let last = to; last < Math.min(named, to + WORDS_OF_BODY); last += 1) {
    if (text.joined[last] === 0 || text.shape[last] === LOWER) return false;
    if (isBeside(text, last, 'event') || isBeside(text, last, 'institution')) return true;
  }
  return false;
}

/** Whether a headline begins its words with capitals: then they say nothing. */
function isInCapitals(text: Tokens): boolean {
  for (let index = 0; index < text.count; index += 1) {
    const length = (text.to[index] ?? 0) - (text.from[index] ?? 0);
    if (text.shape[index] === LOWER && length > SHORT) return false;
  }
  return true;
}

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
