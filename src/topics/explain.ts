import type { TopicId, Why } from '../core/topic.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Why a story has each of its topics, in their order.
 * @param found the evidence that is kept with the story: of topics that follow from others it says nothing
 */
export function explain(
  topics: readonly TopicId[],
  found: readonly Why[],
  vocabulary: Pick<Vocabulary, 'get'>,
): Why[] {
  const known = new Map(found.map((why) => [why.topic, why]));
  const childOf = new Map(
    [...topics]
      .reverse()
      .flatMap((child) =>
        (vocabulary.get(child)?.parents ?? []).map((parent): [TopicId, TopicId] => [parent, child]),
      ),
  );
  return topics.flatMap((topic) => {
    const child = childOf.get(topic);
    return known.get(topic) ?? (child === undefined ? [] : { topic, by: 'parent', words: child });
  });
}
