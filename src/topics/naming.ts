import { isEntity, type TopicId, type Why } from '../core/topic.ts';
import type { Condition, Name } from './lexicon.ts';
import { FIELDS, type Field, type Mention, type Seen, wordsOf } from './seen.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Somebody or something that is named, and where first. */
export interface Named {
  why: Why;
  name: Name;
  mention: Mention;
}

/** What is known of a story while its names are settled. */
interface Knowledge {
  seen: Seen;
  given: readonly Why[];
  vocabulary: Pick<Vocabulary, 'withAncestors'>;
  found: Named[];
  /** The topics that the story has, when first asked for since names were looked through: few names ask. */
  topics: Set<TopicId> | undefined;
}

/** Where a subject is said, or what forbids a name: a body speaks of much beside. */
const ABOVE = ['headline', 'description'] as const;

/** Who and what is named: first what is beyond doubt, then what needs that beside it. */
export function namesIn(seen: Seen, given: readonly Why[], vocabulary: Knowledge['vocabulary']): Named[] {
  const found: Named[] = [];
  const knowledge: Knowledge = { seen, given, vocabulary, found, topics: undefined };
  let open = seen.mentions;
  for (let before = -1; found.length !== before; ) {
    before = found.length;
    knowledge.topics = undefined;
    const left: Mention[] = [];
    for (const mention of open) {
      const name = knownOf(mention, found) ?? fulfilledOf(mention, knowledge);
      if (name) take(mention, name, knowledge);
      else if (mention.names.every(needsNothing)) {
        const best = bestOf(mention, knowledge);
        if (best) take(mention, best, knowledge);
        // What other topics forbid may be forbidden by what is found later; what they do not is settled.
      } else left.push(mention);
    }
    open = left;
  }
  for (const mention of open) {
    const free = mention.names.find((name) => needsNothing(name) && !isForbidden(name, knowledge));
    if (free) take(mention, free, knowledge);
  }
  return found;
}

function take(mention: Mention, name: Name, { found, seen }: Knowledge): void {
  if (!name.topic || isFound(name, found)) return;
  const why: Why = { topic: name.topic.id, by: 'name', words: wordsOf(seen, mention), in: mention.in };
  found.push({ why, name, mention });
}

function isFound({ topic }: Name, found: readonly Named[]): boolean {
  for (const { name } of found) if (name.topic === topic) return true;
  return false;
}

function knownOf({ names }: Mention, found: readonly Named[]): Name | undefined {
  if (found.length === 0) return undefined;
  for (const name of names) if (isFound(name, found)) return name;
  return undefined;
}

function fulfilledOf({ names }: Mention, knowledge: Knowledge): Name | undefined {
  for (const name of names) {
    if (needsNothing(name) || isForbidden(name, knowledge)) continue;
    for (const condition of name.needs) if (holds(condition, knowledge, FIELDS)) return name;
  }
  return undefined;
}

/** The first of those that need nothing and are not forbidden, or the first that the vocabulary has in this form. */
function bestOf({ names }: Mention, knowledge: Knowledge): Name | undefined {
  let best: Name | undefined;
  for (const name of names) {
    if (isForbidden(name, knowledge)) continue;
    if (!best || (name.isBase && !best.isBase)) best = name;
  }
  return best;
}

function needsNothing({ needs }: Name): boolean {
  return needs.length === 0;
}

function isForbidden({ unless }: Name, knowledge: Knowledge): boolean {
  for (const condition of unless) if (holds(condition, knowledge, ABOVE)) return true;
  return false;
}

/** Whether the story has this topic, or one of these parts of it this pattern. */
function holds(condition: Condition, knowledge: Knowledge, fields: readonly Field[]): boolean {
  if ('topic' in condition) {
    knowledge.topics ??= topicsOf(knowledge);
    return knowledge.topics.has(condition.topic);
  }
  for (const field of fields)
    for (const { value } of knowledge.seen.clues[field]) if (value === condition) return true;
  return false;
}

function topicsOf({ seen, given, found, vocabulary }: Knowledge): Set<TopicId> {
  const topics = [
    ...given.map(({ topic }) => topic),
    ...saidSubjects(seen),
    ...found.map(({ why }) => why.topic),
    ...seen.parts.map(({ id }) => id),
  ];
  return new Set(vocabulary.withAncestors(topics));
}

/** The subjects that phrases say, before anything is weighed: a name may need one of them beside it. */
function saidSubjects({ clues }: Seen): TopicId[] {
  return ABOVE.flatMap((field) => clues[field])
    .map(({ value }) => value)
    .flatMap((clue) => (clue.kind === 'keyword' && !isEntity(clue.topic) ? [clue.topic] : []));
}
