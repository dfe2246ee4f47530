/** A slug for a subject or an event (`politics`), or `person:`, `org:`, `place:` and a slug. */
export type TopicId = string;

/** What a filter may name: a topic id, or the IPTC Media Topic code that stands for one (`medtop:11000000`). */
export type TopicRef = string;

const SLUG = '[a-z0-9]+(?:-[a-z0-9]+)*';
const TOPIC_ID = new RegExp(`^(?:(?:person|org|place):)?${SLUG}$`);
const MEDTOP = /^medtop:[0-9]{8}$/;

/** No id is longer; longer ones are refused wherever they come from. */
export const MAX_TOPIC_LENGTH = 128;

export function isTopicId(text: string): text is TopicId {
  return text.length <= MAX_TOPIC_LENGTH && TOPIC_ID.test(text);
}

export function isTopicRef(text: string): text is TopicRef {
  return isTopicId(text) || MEDTOP.test(text);
}

/** A person, an organisation or a place; every other topic is a subject or an event. */
export function isEntity(id: TopicId): boolean {
  return id.includes(':');
}

/** Why a story has a topic. */
export interface Why {
  topic: TopicId;
  /**
   * `source`: its source adds it to every story. `category`: its source maps this section to it. `section`: it is the
   * name of this section. `publisher`: who sent the story said so. `name`: it is named. `keyword`: words that are
   * evidence enough. `hints`: several that are together. `parent`: another topic of the story is a part of it.
   */
  by: 'source' | 'category' | 'section' | 'publisher' | 'name' | 'keyword' | 'hints' | 'parent';
  /** The words in lower case, the section as it is, or for a parent the other topic. */
  words?: string;
  /** Where the words are. */
  in?: 'headline' | 'description' | 'body';
}
