import { isTopicId, type TopicId, type TopicRef } from '../../core/topic.ts';
import { slug } from '../../topics/slug.ts';
import type { Vocabulary } from '../../topics/vocabulary.ts';
import type { Source } from '../sources.ts';

/** No story carries more. */
const MAX_TOPICS = 64;

/**
 * The topics of a story: those that its source adds to every story; for each of the publisher's section words what the
 * source maps it to, else the topic that the vocabulary knows by that name, else its slug; and the ancestors of all.
 */
export function tag(
  source: Pick<Source, 'topics' | 'categories'>,
  sections: readonly string[],
  vocabulary: Pick<Vocabulary, 'resolve' | 'byName' | 'withAncestors'>,
): TopicId[] {
  const mapped = new Map(
    Object.entries(source.categories).map(([word, topics]) => [comparable(word), topics]),
  );
  const bySection = (section: string): TopicRef[] => {
    const known = mapped.get(comparable(section));
    if (known) return known;
    const id = vocabulary.byName(section) ?? slugOf(section);
    return id === undefined ? [] : [id];
  };
  const refs = [...source.topics, ...sections.flatMap(bySection)];
  // A code that stands for no topic of ours is no topic id either.
  const ids = refs.map((ref) => vocabulary.resolve(ref)).filter(isTopicId);
  return vocabulary.withAncestors([...new Set(ids)]).slice(0, MAX_TOPICS);
}

function slugOf(section: string): TopicId | undefined {
  // Atom categories are often addresses of schemas, and keywords often bare years or numbers: nobody follows those.
  if (/^\w+:\/\//.test(section) || !/\p{L}/u.test(section)) return undefined;
  return slug(section) || undefined;
}

function comparable(word: string): string {
  return word.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
}
