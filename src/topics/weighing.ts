import { isEntity, type TopicId, type Why } from '../core/topic.ts';
import type { Named } from './naming.ts';
import { FIELDS, type Seen, type Span } from './seen.ts';
import type { Vocabulary } from './vocabulary.ts';

/** One thing that speaks for a subject. */
interface Evidence extends Span {
  topic: TopicId;
  /** What it is found by; the same twice is one. */
  clue: string;
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

export interface Weighing {
  /** The subjects of a story that its text is evidence of, the strongest first. */
  subjectsOf(seen: Seen, names: readonly Named[]): Why[];
}

export function createWeighing(vocabulary: Pick<Vocabulary, 'get' | 'withAncestors'>): Weighing {
  const families = new Map<TopicId, { all: TopicId[]; roots: TopicId[] }>();

  /** A topic with all that is above it, and what of that has nothing above it. */
  function familyOf(id: TopicId): { all: TopicId[]; roots: TopicId[] } {
    const known = families.get(id);
    if (known) return known;
    const all = vocabulary.withAncestors([id]);
    const roots = all.filter((each) => (vocabulary.get(each)?.parents.length ?? 0) === 0);
    families.set(id, { all, roots });
    return { all, roots };
  }

  return {
    subjectsOf(seen, names) {
      const topics = new Map<TopicId, Evidence[]>();
      for (const each of evidenceIn(seen, names, vocabulary)) {
        for (const id of familyOf(each.topic).all) {
          const known = topics.get(id);
          if (known) known.push(each);
          else topics.set(id, [each]);
        }
      }
      if (topics.size === 0) return [];
      const known = new Map<readonly Evidence[], Evidence[]>();
      const apart = (evidence: readonly Evidence[]) => {
        const found = known.get(evidence) ?? withoutOverlaps(evidence);
        known.set(evidence, found);
        return found;
      };
      const scores = new Map<TopicId, number>();
      for (const [id, evidence] of topics)
        if (familyOf(id).roots[0] === id) scores.set(id, sum(apart(evidence)));
      const best = Math.max(0, ...scores.values());
      const sure = new Set<TopicId>();
      for (const [id, score] of scores) if (score >= SURE && score >= best * BESIDE_BEST) sure.add(id);
      if (sure.size === 0) return [];
      return [...topics]
        .filter(([id]) => familyOf(id).roots.some((root) => sure.has(root)))
        .flatMap(([id, evidence]) => {
          const why = reason(id, evidence, apart, seen);
          return why ? [{ why, score: sum(apart(evidence)) }] : [];
        })
        .sort((one, other) => other.score - one.score)
        .map(({ why }) => why);
    },
  };
}

function evidenceIn(
  { clues }: Seen,
  names: readonly Named[],
  vocabulary: Pick<Vocabulary, 'get'>,
): Evidence[] {
  const found: Evidence[] = [];
  const put = (topic: TopicId, clue: string, weight: number, { in: field, from, to }: Span) => {
    if (weight === 0) return;
    const evidence = { topic, clue, weight, in: field, from, to };
    const known = found.findIndex((each) => each.clue === clue && each.topic === topic);
    if (known < 0) found.push(evidence);
    else if (weight > (found[known]?.weight ?? 0)) found[known] = evidence;
  };
  for (const clue of clues) {
    const { value } = clue;
    if (value.kind !== 'condition') put(value.topic, value.pattern, WEIGHT[value.kind][clue.in], clue);
  }
  for (const { why, mention } of names) {
    for (const subject of vocabulary.get(why.topic)?.suggests ?? [])
      put(subject, why.topic, WEIGHT.hint[mention.in], mention);
  }
  return found;
}

/** What of the evidence for a topic, or for what lies below it, is enough; by itself, not together with others'. */
function reason(
  topic: TopicId,
  evidence: readonly Evidence[],
  apartOf: (evidence: readonly Evidence[]) => readonly Evidence[],
  seen: Seen,
): Why | undefined {
  const own = evidence.filter((each) => each.topic === topic);
  const phrase = own.find(({ weight }) => weight >= ENOUGH);
  if (phrase) return { topic, by: 'keyword', words: seen.words(phrase), in: phrase.in };
  const apart = apartOf(evidence);
  // What a phrase says of a subject below says nothing more of this one: it has it as a parent anyway.
  if (apart.length < ENOUGH || apart.some((each) => each.topic !== topic && each.weight >= ENOUGH))
    return undefined;
  return { topic, by: 'hints', words: apart.map(seen.words).join(', '), in: apart[0]?.in };
}

/** The heaviest of it, as far as no two share a word: `national security` says nothing beside what it is a part of. */
function withoutOverlaps(evidence: readonly Evidence[]): Evidence[] {
  if (evidence.length < 2) return [...evidence];
  const kept: Evidence[] = [];
  for (const each of [...evidence].sort((a, b) => b.weight - a.weight || b.to - b.from - (a.to - a.from))) {
    const isApart = kept.every(
      (other) => other.in !== each.in || other.to <= each.from || each.to <= other.from,
    );
    if (isApart) kept.push(each);
  }
  const place = ({ in: field, from }: Span) => FIELDS.indexOf(field) * 1_000_000 + from;
  return kept.sort((a, b) => place(a) - place(b));
}

function sum(evidence: readonly Evidence[]): number {
  return evidence.reduce((total, { weight }) => total + weight, 0);
}

/** The subjects that phrases say, before anything is weighed: a name may need one of them beside it. */
export function saidSubjects({ clues }: Seen): TopicId[] {
  const found: TopicId[] = [];
  for (const { value, in: field } of clues) {
    if (value.kind === 'keyword' && field !== 'body' && !isEntity(value.topic)) found.push(value.topic);
  }
  return found;
}
