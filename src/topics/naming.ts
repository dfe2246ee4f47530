import type { TopicId, Why } from '../core/topic.ts';
import type { Condition, Name } from './lexicon.ts';
import type { Mention, Seen } from './seen.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Somebody or something that is named, and where first. */
export interface Named {
  why: Why;
  mention: Mention;
}

/** Who and what is named: first what is beyond doubt, then what needs that beside it. */
export function namesIn(
  { mentions, clues, words }: Seen,
  given: readonly TopicId[],
  vocabulary: Vocabulary,
): Named[] {
  const found = new Map<TopicId, Named>();
  const patterns = new Set<string>();
  const above = new Set<string>();
  for (const { value, in: field } of clues) {
    if (value.kind !== 'condition') continue;
    patterns.add(value.pattern);
    if (field !== 'body') above.add(value.pattern);
  }
  let topics: Set<TopicId> | undefined;
  const has = (topic: TopicId) => {
    topics ??= new Set(vocabulary.withAncestors([...given, ...found.keys()]));
    return topics.has(topic);
  };
  const holds = (condition: Condition) =>
    'topic' in condition ? has(condition.topic) : patterns.has(condition.pattern);
  const forbids = (condition: Condition) =>
    'topic' in condition ? has(condition.topic) : above.has(condition.pattern);
  const isFree = (name: Name) => name.needs.length === 0 && !name.unless.some(forbids);
  const isFulfilled = (name: Name) =>
    name.needs.length > 0 && !name.unless.some(forbids) && name.needs.some(holds);
  const take = (mention: Mention, name: Name) => {
    const { topic } = name;
    if (!topic || found.has(topic.id)) return;
    const why: Why = { topic: topic.id, by: 'name', words: words(mention), in: mention.in };
    found.set(topic.id, { why, mention });
  };

  let open = mentions;
  for (let before = -1; found.size !== before; ) {
    before = found.size;
    topics = undefined;
    const left: Mention[] = [];
    for (const mention of open) {
      const known = mention.names.find(({ topic }) => topic && found.has(topic.id));
      const name = known ?? mention.names.find(isFulfilled);
      if (name) take(mention, name);
      else if (mention.names.every(({ needs }) => needs.length === 0)) {
        const free = mention.names.filter(isFree);
        const best = free.find(({ isBase }) => isBase) ?? free[0];
        if (best) take(mention, best);
        // What other topics forbid may be forbidden by what is found later; what they do not is settled.
      } else left.push(mention);
    }
    open = left;
  }
  for (const mention of open) {
    const free = mention.names.find(isFree);
    if (free) take(mention, free);
  }
  return [...found.values()];
}
