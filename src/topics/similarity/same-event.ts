import type { Signature, Term } from './signature.ts';

/** How much a term says, 0 to 1: little when many stories have it. */
export type Rarity<T extends Term> = (term: T) => number;

/** How alike two stories are and, when they are another day or place of one template, what shows that. */
export interface Likeness {
  score: number;
  /** How much the terms that both have say together. */
  shared: number;
  /** How much of that are words and large numbers, not small numbers or topics. */
  words: number;
  veto?: 'numbers' | 'date' | 'weekday' | 'names' | 'places' | 'template';
}

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

/** Compares two stories of one language. Symmetric. */
export function likeness<T extends Term>(a: Signature<T>, b: Signature<T>, rarity: Rarity<T>): Likeness {
  const [inA, inB] = [weightsOf(a), weightsOf(b)];
  const names = new Set([...a.names, ...b.names]);
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
    if (term.kind === 'word') words += names.has(term) ? rare * NAME_AS_WORD : rare;
  }
  const cosine = dot / Math.sqrt(normOf(inA, rarity) * normOf(inB, rarity) || 1);
  const veto = vetoOf(a, b, inA, inB, rarity);
  const score = cosine * namesFactor(a, b, inA, inB, rarity) * numbersFactor(inA, inB);
  return { score, shared, words, ...(veto ? { veto } : {}) };
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
): Likeness['veto'] {
  if (datesDiffer(inA, inB)) return 'date';
  if (differ(inA, inB, 'weekday')) return 'weekday';
  if (numbersConflict(a, b, inA, inB)) return 'numbers';
  if (placesDiffer(inA, inB, rarity)) return 'places';
  if (headlineNamesDiffer(a, b, inA, inB)) return 'names';
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

/** The headline of each names as much of which the other story has no word as of which it has one. */
function headlineNamesDiffer<T extends Term>(
  a: Signature<T>,
  b: Signature<T>,
  inA: Weights<T>,
  inB: Weights<T>,
): boolean {
  const unknown = (names: readonly T[], other: Weights<T>) => {
    const count = names.filter((name) => !other.has(name)).length;
    return count > 0 && count * 2 >= names.length;
  };
  return unknown(a.headlineNames, inB) && unknown(b.headlineNames, inA);
}

/** How much of their names and entities the story with fewer of them shares: from 0.5 for none to 1 for all. */
function namesFactor<T extends Term>(
  a: Signature<T>,
  b: Signature<T>,
  inA: Weights<T>,
  inB: Weights<T>,
  rarity: Rarity<T>,
): number {
  const ours = new Set([...a.names, ...ofKind(inA, 'entity')]);
  const theirs = new Set([...b.names, ...ofKind(inB, 'entity')]);
  const weigh = (terms: Iterable<T>) => [...terms].reduce((sum, term) => sum + rarity(term), 0);
  const least = Math.min(weigh(ours), weigh(theirs));
  if (least === 0) return 1;
  const shared = weigh([...ours].filter((term) => inB.has(term)));
  return 0.5 + 0.5 * Math.min(1, shared / least);
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
