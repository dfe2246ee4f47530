import type { Content } from '../../core/story.ts';
import { isTopicId, type TopicId, type TopicRef, type Why } from '../../core/topic.ts';
import { slug } from '../../topics/slug.ts';
import type { Tagged } from '../../topics/tagger.ts';
import type { Topics } from '../../topics/topics.ts';
import type { Source } from '../sources.ts';

/** What of a story its topics follow from. */
export type Taggable = Pick<Content, 'language' | 'headline' | 'description' | 'body' | 'sections'>;

/** Sections that say how a story is made or how urgent it is, not what it is about: those are flags. */
const FORMS =
  /^(?:breaking(?:-news)?|exclusives?|opinions?|live|sponsored|news|ekskliuzyv|eksklyuziv|terminovo|srochno|novyny|novosti|publications|publikatsii|publikatsiyi|all|top)$/;

/**
 * The topics of a story, and why: those that its source adds to every story; for each of the publisher's section words
 * what the source maps it to, else the topic that the vocabulary knows by that name, else its slug; what its text is
 * evidence of; and the ancestors of all.
 *
 * @param by whose word the topics of `source` are
 */
export function tag(
  source: Pick<Source, 'topics' | 'categories'>,
  story: Taggable,
  { vocabulary, tagger }: Pick<Topics, 'vocabulary' | 'tagger'>,
  by: 'source' | 'publisher' = 'source',
): Tagged {
  const mapped = new Map(
    Object.entries(source.categories).map(([word, topics]) => [comparable(word), topics]),
  );
  const reason = (ref: TopicRef, why: Omit<Why, 'topic'>): Why[] => {
    const topic = vocabulary.resolve(ref);
    // A code that stands for no topic of ours is no topic id either.
    return isTopicId(topic) ? [{ topic, ...why }] : [];
  };
  const bySection = (section: string): Why[] => {
    const known = mapped.get(comparable(section));
    if (known) return known.flatMap((ref) => reason(ref, { by: 'category', words: section }));
    const id = vocabulary.byName(section) ?? slugOf(section);
    return id === undefined ? [] : reason(id, { by: 'section', words: section });
  };
  const given = [
    ...source.topics.flatMap((ref) => reason(ref, { by })),
    ...story.sections.flatMap(bySection),
  ];
  return tagger.tag({ ...story, body: textOf(story.body) }, given);
}

function slugOf(section: string): TopicId | undefined {
  // Atom categories are often addresses of schemas, and keywords often bare years or numbers: nobody follows those.
  if (/^\w+:\/\//.test(section) || !/\p{L}/u.test(section)) return undefined;
  const id = slug(section);
  return id === '' || FORMS.test(id) ? undefined : id;
}

/** The words of a sanitised body, whose tags are whole; entities other than these do not stand within words. */
function textOf(body: string | undefined): string | undefined {
  return body
    ?.replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

function comparable(word: string): string {
  return word.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
}
