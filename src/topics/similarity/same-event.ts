import type { Signature, Term } from './signature.ts';

/** How much a term says, 0 to 1: little when many stories have it. */
export type Rarity<T extends Term> = (term: T) => number;

/** How alike two stories are. */
export interface Likeness {
  score: number;
  /** How much the terms that both have say together. */
  shared: number;
  /** How much of that are words and large numbers, not small numbers or topics. */
  words: number;
}

export type Veto = 'numbers' | 'date' | 'weekday' | 'names' | 'places' | 'template';

const LEDE_STRENGTH = 0.65;
/** The same person or place has many stories. */
const NAME_AS_WORD = 0.6;

/** The strength of each term: whole in the headline, less below it. */
export function weightsOf<T extends Term>(signature: Signature<T>): Map<T, number> {
  const weights = new Map<T, number>();
  for (const term of signature.headline) weights.set(term, kindWeight(term));
  for (const term of [...signature.lede, ...signature.topics]) {
    if (!weights.has(term)) weights.set(term, kindWeight(term) * LEDE_STRENGTH);
  }
  return weights;
}

function kindWeight({ kind, key }: Term): number {
  switch (kind) {
    case 'number':
      return key.length === 1 ? 0.5 : key.length === 2 ? 0.7 : 1.1;
    case 'entity':
      return 0.6;
    case 'subject':
      return 0.3;
    case 'date':
    case 'weekday':
      return 0.4;
    default:
      return 1;
  }
}

export interface Comparison<T extends Term> {
  likeness(other: Signature<T>): Likeness;
  /** What shows that the other is another day, place or team of one template, if anything does. */
  veto(other: Signature<T>): Veto | undefined;
}

/** Compares a story with others of its language. Symmetric. */
export function comparisonOf<T extends Term>(a: Signature<T>, rarity: Rarity<T>): Comparison<T> {
  const inA = weightsOf(a);
  const norm = normOf(inA, rarity);

  return {
    likeness(b) {
      const inB = weightsOf(b);
      let dot = 0;
      let shared = 0;
      let words = 0;
      for (const [term, weight] of inA) {
        const other = inB.get(term);
        if (other === undefined) continue;
        const rare = rarity(term);
        dot += weight * other * rare * rare;
        if (term.kind !== 'subject') shared += rare * Math.min(1, weight + 0.35);
        if (term.kind === 'number' && term.key.length > 2) words += rare;
        const isName = a.names.includes(term) || b.names.includes(term);
        if (term.kind === 'word') words += isName ? rare * NAME_AS_WORD : rare;
      }
      const cosine = dot / Math.sqrt(norm * normOf(inB, rarity) || 1);
      const factor = cosine === 0 ? 0 : namesFactor(a, b, inA, inB, rarity) * numbersFactor(inA, inB);
      return { score: cosine * factor, shared, words };
    },
    veto: (b) => vetoOf(a, b, inA, weightsOf(b), rarity),
  };
}

function normOf<T extends Term>(weights: ReadonlyMap<T, number>, rarity: Rarity<T>): number {
  let sum = 0;
  for (const [term, weight] of weights) sum += (weight * rarity(term)) ** 2;
  return sum;
}

type Weights<T> = ReadonlyMap<T, number>;

function vetoOf<T extends Term>(
  a: Signature<T>,
  b: Signature<T>,
  inA: Weights<T>,
  inB: Weights<T>,
  rarity: Rarity<T>,
): Veto | undefined {
  if (datesDiffer(inA, inB)) return 'date';
  if (differ(inA, inB, 'weekday')) return 'weekday';
  if (headlineNumbersDiffer(a, b, inA, inB)) return 'numbers';
  if (numbersConflict(a, b, inA, inB)) return 'numbers';
  if (placesDiffer(inA, inB, rarity)) return 'places';
  if (headlineNamesDiffer(a, b, inA, inB) || namesConflict(a, b, inA, inB)) return 'names';
  if (isSibling([...a.headline, ...a.lede], [...b.headline, ...b.lede], inA, inB)) return 'template';
  return undefined;
}

function ofKind<T extends Term>(weights: Weights<T>, kind: Term['kind']): T[] {
  const found: T[] = [];
  for (const term of weights.keys()) if (term.kind === kind) found.push(term);
  return found;
}

/** Both name some, none the same. */
function differ<T extends Term>(inA: Weights<T>, inB: Weights<T>, kind: Term['kind']): boolean {
  const ours = ofKind(inA, kind);
  return ours.length > 0 && ofKind(inB, kind).length > 0 && !ours.some((term) => inB.has(term));
}

/** So many days apart two dates are two issues of one report, rather than two dates that one story may name. */
const ISSUES_APART = 7;

function datesDiffer<T extends Term>(inA: Weights<T>, inB: Weights<T>): boolean {
  if (!differ(inA, inB, 'date')) return false;
  const theirs = ofKind(inB, 'date').map(dayOfYear);
  return ofKind(inA, 'date').some((date) =>
    theirs.some((other) => {
      const apart = Math.abs(dayOfYear(date) - other);
      return Math.min(apart, 372 - apart) <= ISSUES_APART;
    }),
  );
}

function dayOfYear({ key }: Term): number {
  const [month = 0, day = 0] = key.split('.').map(Number);
  return month * 31 + day;
}

/** What a number counts: the word after it and the one before. */
function slotsOf<T extends Term>(terms: readonly T[], slots: Map<T, Set<T>>): Map<T, Set<T>> {
  for (const [at, term] of terms.entries()) {
    if (term.kind !== 'number') continue;
    for (const beside of [terms[at + 1], terms[at - 1]]) {
      if (beside?.kind !== 'word') continue;
      const known = slots.get(beside) ?? new Set();
      slots.set(beside, known.add(term));
    }
  }
  return slots;
}

/** More things are counted differently than numbers are the same. */
function numbersConflict<T extends Term>(
  a: Signature<T>,
  b: Signature<T>,
  inA: Weights<T>,
  inB: Weights<T>,
): boolean {
  const ours = slotsOf(a.lede, slotsOf(a.headline, new Map()));
  if (ours.size === 0) return false;
  const theirs = slotsOf(b.lede, slotsOf(b.headline, new Map()));
  const conflicts = new Set<T>();
  for (const [slot, numbers] of ours) {
    const others = theirs.get(slot);
    if (!others) continue;
    for (const number of numbers) {
      if (!inB.has(number) && [...others].some((other) => !inA.has(other))) conflicts.add(number);
    }
  }
  if (conflicts.size === 0) return false;
  const same = ofKind(inA, 'number').filter((number) => inB.has(number));
  const weight = (terms: Iterable<T>) => [...terms].reduce((sum, term) => sum + kindWeight(term), 0);
  return weight(conflicts) >= weight(same);
}

/** The headline of each has a number that the other story has nowhere, and they have none in common. */
function headlineNumbersDiffer<T extends Term>(
  a: Signature<T>,
  b: Signature<T>,
  inA: Weights<T>,
  inB: Weights<T>,
): boolean {
  const numbers = ({ headline }: Signature<T>) => headline.filter(({ kind }) => kind === 'number');
  const [ours, theirs] = [numbers(a), numbers(b)];
  return (
    ours.some((number) => !inB.has(number)) &&
    theirs.some((number) => !inA.has(number)) &&
    !ours.some((number) => theirs.includes(number))
  );
}

/** Each names numbers, none the same: another count of something else, or another day. */
function numbersFactor<T extends Term>(inA: Weights<T>, inB: Weights<T>): number {
  return differ(inA, inB, 'number') ? 0.7 : 1;
}

/** Each names a place that the other does not, and nothing more particular that both do. */
function placesDiffer<T extends Term>(inA: Weights<T>, inB: Weights<T>, rarity: Rarity<T>): boolean {
  const isPlace = (term: T) => term.kind === 'entity' && term.key.startsWith('place:');
  let shared = 0;
  let onlyA = 0;
  let onlyB = 0;
  for (const term of inA.keys()) {
    if (!isPlace(term)) continue;
    if (inB.has(term)) shared = Math.max(shared, rarity(term));
    else onlyA = Math.max(onlyA, rarity(term));
  }
  for (const term of inB.keys()) if (isPlace(term) && !inA.has(term)) onlyB = Math.max(onlyB, rarity(term));
  return Math.min(onlyA, onlyB) > shared;
}

/** The headline of each names two or more, or more than half of its names, of which the other story has no word. */
function headlineNamesDiffer<T extends Term>(
  a: Signature<T>,
  b: Signature<T>,
  inA: Weights<T>,
  inB: Weights<T>,
): boolean {
  const unknown = (names: readonly T[], other: Weights<T>) => {
    const count = names.filter((name) => !other.has(name)).length;
    return count > 0 && (count * 2 > names.length || count >= 2);
  };
  return unknown(a.headlineNames, inB) && unknown(b.headlineNames, inA);
}

/** After the same word each has a name of which the other story has no word: somebody else was beaten or arrested. */
function namesConflict<T extends Term>(
  a: Signature<T>,
  b: Signature<T>,
  inA: Weights<T>,
  inB: Weights<T>,
): boolean {
  const ours = placesOfNames(a, inB);
  return ours.size > 0 && [...placesOfNames(b, inA)].some((before) => ours.has(before));
}

/** The words before those names that the other story has nowhere. */
function placesOfNames<T extends Term>({ headline, lede, names }: Signature<T>, other: Weights<T>): Set<T> {
  const found = new Set<T>();
  for (const terms of [headline, lede]) {
    for (const [at, term] of terms.entries()) {
      const before = terms[at - 1];
      if (before?.kind !== 'word' || names.includes(before)) continue;
      if (term.kind === 'word' && names.includes(term) && !other.has(term)) found.add(before);
    }
  }
  return found;
}

/** How much of their names, and of their entities, the story with fewer of them shares: from 0.5 for none to 1 for all. */
function namesFactor<T extends Term>(
  a: Signature<T>,
  b: Signature<T>,
  inA: Weights<T>,
  inB: Weights<T>,
  rarity: Rarity<T>,
): number {
  const weigh = (terms: readonly T[]) => terms.reduce((sum, term) => sum + rarity(term), 0);
  const part = (ours: readonly T[], theirs: readonly T[]) => {
    const least = Math.min(weigh(ours), weigh(theirs));
    return least === 0 ? [] : Math.min(1, weigh(ours.filter((term) => inB.has(term))) / least);
  };
  const parts = [part(a.names, b.names), part(ofKind(inA, 'entity'), ofKind(inB, 'entity'))].flat();
  if (parts.length === 0) return 1;
  const agreement = 0.5 + (0.5 * parts.reduce((sum, each) => sum + each, 0)) / parts.length;
  return areOthers(a.names, b.names, inA, inB) ? agreement * OTHER_PEOPLE : agreement;
}

const OTHER_PEOPLE = 0.75;

/** Each has a full name, or more, that the other has not, and both have fewer in common. */
function areOthers<T extends Term>(
  ours: readonly T[],
  theirs: readonly T[],
  inA: Weights<T>,
  inB: Weights<T>,
): boolean {
  const onlyOurs = ours.filter((name) => !inB.has(name)).length;
  const onlyTheirs = theirs.filter((name) => !inA.has(name)).length;
  return Math.min(onlyOurs, onlyTheirs) >= 2 && ours.length < onlyOurs * 2 && theirs.length < onlyTheirs * 2;
}

/** From so much of the shorter text in common and in the same order, two texts are one, or two of one template. */
const SAME_WORDS = 0.7;
/** And so many words that only one of them has are another place, day or thing; fewer are a matter of style. */
const OTHER_WORDS = 2;

/** Both are written with the same words, and each has another number, or several other words, that the other has nowhere. */
function isSibling<T extends Term>(
  ours: readonly T[],
  theirs: readonly T[],
  inA: Weights<T>,
  inB: Weights<T>,
): boolean {
  const least = Math.min(ours.length, theirs.length);
  if (least < 4 || inCommon(ours, theirs) < least * SAME_WORDS) return false;
  const onlyOurs = new Set(ours.filter((term) => !inB.has(term)));
  const onlyTheirs = new Set(theirs.filter((term) => !inA.has(term)));
  const counts = ({ kind }: T) => kind === 'number';
  return (
    Math.min(onlyOurs.size, onlyTheirs.size) >= OTHER_WORDS ||
    ([...onlyOurs].some(counts) && [...onlyTheirs].some(counts))
  );
}

/** The length of the longest sequence that is in both. */
function inCommon<T>(ours: readonly T[], theirs: readonly T[]): number {
  let before = new Uint16Array(theirs.length + 1);
  for (const one of ours) {
    const row = new Uint16Array(theirs.length + 1);
    for (let at = 0; at < theirs.length; at += 1) {
      row[at + 1] = one === theirs[at] ? (before[at] ?? 0) + 1 : Math.max(before[at + 1] ?? 0, row[at] ?? 0);
    }
    before = row;
  }
  return before[theirs.length] ?? 0;
}
