import type { Story } from './story.ts';
import type { TopicId } from './topic.ts';

type Ref = { name: string; uri: string };

/**
 * A story as IPTC ninjs 3.1. What the standard has no word for (views, flags, cursor, cluster) is left out, because the
 * standard allows no other key.
 * @param nameOf a topic's name in a language
 */
export function toNinjs(story: Story, nameOf: (topic: TopicId, language: string) => string) {
  const refs = (prefix: string): Ref[] =>
    story.topics
      .filter((topic) => topic.startsWith(prefix))
      .map((topic) => ({ name: nameOf(topic, story.language), uri: topicUri(topic) }));
  const subjects = story.topics
    .filter((topic) => !/^(person|org|place):/.test(topic))
    .map((topic) => ({ name: nameOf(topic, story.language), uri: topicUri(topic) }));
  const { image } = story;
  return {
    uri: `urn:newswire:${encodeURIComponent(story.id)}`,
    standard: { name: 'ninjs', version: '3.1' },
    type: 'text',
    representationType: story.body === undefined ? 'partial' : 'full',
    version: String(story.version),
    firstCreated: story.firstCreated,
    versionCreated: story.versionCreated,
    ...given({ contentCreated: story.published, embargoedUntil: story.embargoedUntil }),
    pubStatus: story.status,
    urgency: story.urgency,
    language: story.language,
    headlines: [{ role: 'main', contentType: 'text/plain', value: story.headline }],
    ...given({
      descriptions: story.description && [
        { role: 'lede', contentType: 'text/plain', value: story.description },
      ],
      bodies: story.body && [{ role: 'main', contentType: 'text/html', value: story.body }],
      by: story.by,
      located: story.located,
      usageTerms: story.usageTerms,
    }),
    subjects,
    people: refs('person:'),
    organisations: refs('org:'),
    places: refs('place:'),
    genres: story.flags.map((flag) => ({ name: flag })),
    infoSources: [{ name: story.source.name, literal: story.source.id }],
    ...given({
      renditions: image && [
        { name: 'main', href: image.href, ...given({ width: image.width, height: image.height }) },
      ],
      altIds: story.link && [{ role: 'canonical', value: story.link }],
    }),
  };
}

function topicUri(topic: TopicId): string {
  return `urn:newswire:topic:${topic}`;
}

function given<T extends Record<string, unknown>>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<T>;
}
