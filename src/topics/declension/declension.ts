import type { Grammar } from './grammar.ts';
import { type Declined, decline, type Paradigms } from './paradigm.ts';
import { russian } from './russian.ts';
import { ukrainian } from './ukrainian.ts';

const CASES = [0, 1, 2, 3, 4, 5] as const;

/** A word that does not change, or its forms. */
type Word = string | Declined;

/** Never declined: Latin letters, digits, quotation marks, initials, and words in capitals such as МАГАТЕ. */
const DECLINABLE = /^[\p{Script=Cyrillic}'’ʼ-]+$/u;

/** Parts of a person's name that never change; a capital matters, Бен and Ван are names. */
const PARTICLES = new Set(
  'аль ель ад ас аш эль фон дер де ді ди да ду дос бен бін бин ібн ибн ван оглу заде ле ла Аль Ель Эль Ас Аш Ад Де Ді Ди Ле Ла'.split(
    ' ',
  ),
);
/** Foreign words before the name of a place, which alone is declined: Шрі Ланка. */
const BEFORE_A_PLACE = new Set(
  'сан санта сант сент нью лос лас ель эль порт шрі шри коста пуерто пуэрто ріо рио сьєрра сьерра буркіна буркина папуа тель куала буенос буэнос нур абу'.split(
    ' ',
  ),
);
/** A name that begins with one is a phrase in another case already. */
const PREPOSITIONS = new Set('через на у в під за по з із из с біля'.split(' '));
/** What stands before a name of an organisation that is declined: ФК Шахтар, Радіо Свобода. */
const BEFORE_AN_ORG = new Set(
  'фк хк бк пат прат ат тов нак пао ао оао ооо зат пвк чвк дп гп трк радіо радио'.split(' '),
);

/**
 * All case forms of a name, the given one first, each once. Words of a name are declined together, case by case; a name
 * that never changes, or whose declension is not known, gives itself alone.
 *
 * @param name in the nominative, singular unless it has no singular; names of persons with the surname last.
 * @param options.gender of a person, `m` if not given. It does not count for other names.
 */
export function caseForms(
  name: string,
  options: { language: 'uk' | 'ru'; kind: 'person' | 'org' | 'place'; gender?: 'f' | 'm' },
): string[] {
  const grammar = options.language === 'uk' ? ukrainian : russian;
  const parts = name.split(' ');
  const words =
    options.kind === 'person'
      ? person(parts, grammar, options.gender ?? 'm')
      : phrase(parts, grammar, options.kind);
  const forms = new Set([name]);
  if (words.every((word) => typeof word === 'string')) return [name];
  // Nobody calls out to an organisation; to a place in one word they do: Україно.
  const cases =
    options.kind === 'person' || (options.kind === 'place' && words.length === 1) ? CASES : CASES.slice(0, 5);
  for (const index of cases) for (const form of together(words, index)) forms.add(form);
  return [...forms];
}

/** The whole name in one case, with every variant of every word. */
function together(words: readonly Word[], index: number): string[] {
  let names: string[] = [''];
  for (const [position, word] of words.entries()) {
    const variants = typeof word === 'string' ? [word] : (word[index] ?? []);
    const longer: string[] = [];
    for (const name of names) {
      for (const variant of variants) longer.push(position === 0 ? variant : `${name} ${variant}`);
    }
    names = longer;
  }
  return names;
}

function person(parts: readonly string[], grammar: Grammar, gender: 'f' | 'm'): Word[] {
  const changes = changing(parts);
  const last = changes.lastIndexOf(true);
  const korean = parts.length > 2 && parts.every(isSyllable);
  return parts.map((part, index) => {
    const word = part.toLowerCase();
    if (!changes[index] || PARTICLES.has(part) || (korean && index < last)) return part;
    const isGiven =
      index < last
        ? index === 0 || grammar.patronymic.test(word)
        : gender === 'f' && grammar.givenAlone.has(word);
    const by = isGiven ? grammar.given[gender] : grammar.surname[gender];
    return hyphenated(part, (each, isLast) => {
      if (PARTICLES.has(each)) return undefined;
      if (each === each.toLowerCase() && part.includes('-')) return decline(each, grammar.adjectives.persons);
      const forms = decline(each, by);
      // Жан-Клода and Жана-Клода are both usual.
      return isGiven && !isLast && forms && gender === 'm'
        ? forms.map((variants) => [each, ...variants])
        : forms;
    });
  });
}

/** Adjectives and the noun they belong to; what follows the noun stays, Рада національної безпеки. */
function phrase(parts: readonly string[], grammar: Grammar, kind: 'org' | 'place'): Word[] {
  if (PREPOSITIONS.has(parts[0] ?? '')) return [...parts];
  const changes = changing(parts);
  const before = kind === 'place' ? BEFORE_A_PLACE : BEFORE_AN_ORG;
  // A small порт is a noun like any other, as in порт Південний; a number comes before: 3-тя бригада.
  const isBefore = (part: string) =>
    /^\d/.test(part) || (part !== part.toLowerCase() && before.has(part.toLowerCase()));
  const words: Word[] = [...parts];
  const adjective = (part: string) =>
    hyphenated(part, (each, isLast) => (isLast ? decline(each, grammar.adjectives.things) : undefined));

  let at = 0;
  while (at < parts.length - 1 && isBefore(parts[at] ?? '')) at += 1;
  let plural = false;
  for (; at < parts.length - 1 && changes[at]; at += 1) {
    const [part = '', next = ''] = [parts[at], parts[at + 1]];
    if (!changes[at + 1] || !grammar.isAdjective(part.toLowerCase(), next.toLowerCase())) break;
    plural ||= grammar.isPlural(part.toLowerCase());
    words[at] = adjective(part);
  }
  const head = parts[at];
  if (head === undefined || !changes[at]) return words;
  words[at] = place(head, plural ? grammar.plural : grammar[kind], grammar);
  if (kind === 'org') return words;

  const [next = '', after = ''] = [parts[at + 1], parts[at + 2]];
  if (grammar.and.has(next) && after !== after.toLowerCase()) {
    return [...words.slice(0, at + 2), ...phrase(parts.slice(at + 2), grammar, kind)];
  }
  // Острів Зміїний, Софія Київська.
  if (parts.length === at + 2 && changes[at + 1] && grammar.endsAsAdjective.test(next))
    words[at + 1] = adjective(next);
  return words;
}

function place(name: string, by: Paradigms, grammar: Grammar): Word {
  const parts = name.split('-');
  const [first = '', ...rest] = parts;
  // Ростов-на-Дону, Франкфурт-на-Майні.
  if (rest.length > 1 && /^на(?:д)?$/.test(rest[0] ?? '')) {
    return decline(first, by)?.map((forms) => forms.map((form) => [form, ...rest].join('-'))) ?? name;
  }
  const both = rest.length === 1 && !/[оеє]$/.test(first) && grammar.endsAsAdjective.test(rest[0] ?? '');
  return hyphenated(name, (each, isLast) => {
    if (isLast && both) return decline(each, grammar.adjectives.things);
    return isLast || both ? decline(each, by) : undefined;
  });
}

function hyphenated(word: string, declined: (part: string, isLast: boolean) => Declined | undefined): Word {
  if (!word.includes('-')) return declined(word, true) ?? word;
  const parts = word.split('-');
  const forms = parts.map((part, index) =>
    part !== '' && part !== part.toUpperCase() ? declined(part, index === parts.length - 1) : undefined,
  );
  if (forms.every((form) => form === undefined)) return word;
  return CASES.map((index) =>
    parts.reduce<string[]>((names, part, position) => {
      const variants = forms[position]?.[index] ?? [part];
      return position === 0
        ? [...variants]
        : names.flatMap((name) => variants.map((variant) => `${name}-${variant}`));
    }, []),
  );
}

/** Which words can change at all. */
function changing(parts: readonly string[]): boolean[] {
  let quoted = false;
  return parts.map((part) => {
    const marks = part.match(/[«»“”„"]/g)?.length ?? 0;
    const inQuotes = quoted || marks > 0;
    if (marks % 2 === 1) quoted = !quoted;
    return !inQuotes && DECLINABLE.test(part) && part !== part.toUpperCase();
  });
}

/** One syllable, as the parts of Korean names are: of Кім Чен Ин only the last is declined. */
function isSyllable(word: string): boolean {
  return word.length <= 5 && word.match(/[аеєиіїоуюяыэё]/giu)?.length === 1;
}
