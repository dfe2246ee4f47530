import type { TopicId, Why } from '../core/topic.ts';
import type { Named } from './naming.ts';
import { FIELDS, type Seen, type Span, wordsOf } from './seen.ts';
import type { Vocabulary } from './vocabulary.ts';

/** One thing that speaks for a subject. */
interface Evidence extends Span {
  topic: TopicId;
  /** What it is found by; the same twice is one. A name is found once anyway. */
  clue: number;
  weight: number;
}

/** What a clue weighs, by where it stands; nothing means that it does not count there. */
const WEIGHT = {
  keyword: { headline: 3, description: 2, body: 1 },
  hint: { headline: 1, description: 1, body: 0 },
} as const;
/** A phrase that says it, or so many hints in words of their own, give a topic … */
const ENOUGH = 2;
/** … if the top-level subject above it has this much altogether, … */
const SURE = 3;
/** … and this share of what the best one has: a story is about one thing, or two. */
const BESIDE_BEST = 0.7;

const NAMED = -1;

export interface Weighing {
  /** The subjects of a story that its text is evidence of, the strongest first. */
  subjectsOf(seen: Seen, names: readonly Named[]): Why[];
}

/** A topic with all that is above it, and what of that has nothing above it. */
interface Family {
  topic: TopicId;
  isRoot: boolean;
  all: readonly Family[];
  roots: readonly Family[];
}

/** All the evidence for a topic or what lies below it. */
interface Case {
  evidence: Evidence[];
  /** What of it is left when no two may share a word; looked at when that may matter. */
  apart: readonly Evidence[] | undefined;
}

export function createWeighing(vocabulary: Pick<Vocabulary, 'get' | 'withAncestors'>): Weighing {
  const families = new Map<TopicId, Family>();

  function familyOf(topic: TopicId): Family {
    const known = families.get(topic);
    if (known) return known;
    const isRoot = (vocabulary.get(topic)?.parents.length ?? 0) === 0;
    const family: Family = { topic, isRoot, all: [], roots: [] };
    families.set(topic, family);
    const [, ...above] = vocabulary.withAncestors([topic]);
    family.all = [family, ...above.map(familyOf)];
    family.roots = family.all.filter((each) => each.isRoot);
    return family;
  }

  function casesOf(evidence: readonly Evidence[]): Map<Family, Case> {
    const cases = new Map<Family, Case>();
    for (const each of evidence) {
      for (const family of familyOf(each.topic).all) {
        const known = cases.get(family);
        if (known) known.evidence.push(each);
        else cases.set(family, { evidence: [each], apart: undefined });
      }
    }
    return cases;
  }

  /**
   * Words of a longer name say only what the name does by itself: `Bank of America Stadium`, `Catholic Relief Services`.
   * An organisation that the vocabulary says nothing of is taken at its word.
   */
  function isWithinName(topic: TopicId, span: Span, names: readonly Named[]): boolean {
    return names.some(({ name, mention }) => {
      const isInside = mention.in === span.in && mention.from <= span.from && span.to <= mention.to;
      if (!isInside || mention.to - mention.from === span.to - span.from) return false;
      if (name.kind === 'org' && name.suggests.length === 0) return false;
      const { roots } = familyOf(topic);
      return !name.suggests.some((each) => familyOf(each).roots.some((root) => roots.includes(root)));
    });
  }

  return {
    subjectsOf(seen, names) {
      const all = evidenceIn(seen, names);
      if (sum(all) < SURE) return [];
      const long = names.filter(({ mention }) => mention.to - mention.from > 1);
      const evidence = all.filter((each) => each.clue === NAMED || !isWithinName(each.topic, each, long));
      if (sum(evidence) < SURE) return [];
      const cases = casesOf(evidence);
      const sure = sureOf(cases);
      if (sure.length === 0) return [];
      const found: { why: Why; score: number }[] = [];
      for (const [{ topic, roots }, one] of cases) {
        if (!roots.some((root) => sure.includes(root))) continue;
        const why = reason(topic, one, seen);
        if (why) found.push({ why, score: sum(apartIn(one)) });
      }
      return found.sort((one, other) => other.score - one.score).map(({ why }) => why);
    },
  };
}

/** The top-level subjects that the story may be about. */
function sureOf(cases: ReadonlyMap<Family, Case>): Family[] {
  const scores: { family: Family; score: number }[] = [];
  let best = 0;
  for (const [family, one] of cases) {
    // Together with what it shares words with it is no less than without.
    if (!family.isRoot || sum(one.evidence) < SURE) continue;
    const score = sum(apartIn(one));
    best = Math.max(best, score);
    if (score >= SURE) scores.push({ family, score });
  }
  return scores.filter(({ score }) => score >= best * BESIDE_BEST).map(({ family }) => family);
}

function evidenceIn({ clues }: Seen, names: readonly Named[]): Evidence[] {
  const found: Evidence[] = [];
  for (const field of FIELDS) {
    for (const { value, from, to } of clues[field]) {
      if (value.kind === 'condition') continue;
      const weight = WEIGHT[value.kind][field];
      if (weight > 0) put(found, { topic: value.topic, clue: value.number, weight, in: field, from, to });
    }
  }
  for (const { name, mention } of names) {
    const weight = WEIGHT.hint[mention.in];
    const { in: field, from, to } = mention;
    for (const topic of weight > 0 ? name.suggests : [])
      found.push({ topic, clue: NAMED, weight, in: field, from, to });
  }
  return found;
}

/** The same clue counts once, where it weighs most. */
function put(found: Evidence[], evidence: Evidence): void {
  for (let index = 0; index < found.length; index += 1) {
    const known = found[index];
    if (known?.clue !== evidence.clue) continue;
    if (evidence.weight > known.weight) found[index] = evidence;
    return;
  }
  found.push(evidence);
}

/** What of the evidence for a topic, or for what lies below it, is enough; by itself, not together with others'. */
function reason(topic: TopicId, one: Case, seen: Seen): Why | undefined {
  const phrase = one.evidence.find((each) => each.weight >= ENOUGH && each.topic === topic);
  if (phrase) return { topic, by: 'keyword', words: wordsOf(seen, phrase), in: phrase.in };
  if (one.evidence.length < ENOUGH) return undefined;
  const apart = apartIn(one);
  // What a phrase says of a subject below says nothing more of this one: it has it as a parent anyway.
  if (apart.length < ENOUGH || apart.some((each) => each.topic !== topic && each.weight >= ENOUGH))
    return undefined;
  return { topic, by: 'hints', words: apart.map((each) => wordsOf(seen, each)).join(', '), in: apart[0]?.in };
}

function apartIn(one: Case): readonly Evidence[] {
  one.apart ??= withoutOverlaps(one.evidence);
  return one.apart;
}

/** The heaviest of it, as far as no two share a word: `national security` says nothing beside what it is a part of. */
function withoutOverlaps(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length < 2) return evidence;
  const kept: Evidence[] = [];
  for (const each of [...evidence].sort((a, b) => b.weight - a.weight || b.to - b.from - (a.to - a.from))) {
    const isApart = kept.every(
      (other) => other.in !== each.in || other.to <= each.from || each.to <= other.from,
    );
    if (isApart) kept.push(each);
  }
  return kept.sort((a, b) => place(a) - place(b));
}

function place({ in: field, from }: Span): number {
  return FIELDS.indexOf(field) * 1_000_000 + from;
}

function sum(evidence: readonly Evidence[]): number {
  return evidence.reduce((total, { weight }) => total + weight, 0);
}
