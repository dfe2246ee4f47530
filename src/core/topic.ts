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
