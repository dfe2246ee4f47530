import { createHash } from 'node:crypto';

/** What a story can be known by. */
export interface Traits {
  guid?: string;
  /** Canonical: absolute, without tracking parameters. */
  link?: string;
  /** Plain words of headline and lede: markup changes without the story changing. */
  text: string;
}

/** Stable for the life of the story: `SOURCE:` and 20 hex digits. */
export function storyId(sourceId: string, key: string): string {
  return `${sourceId}:${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
}

/** The key by which a guid alone is known, for a document that names a story by nothing else. */
export function guidKey(guid: string): string {
  return withoutScheme(guid.trim());
}

/**
 * The id of each story of one document: by guid, else by link, else by text. `undefined` for one that repeats an
 * earlier one in everything.
 *
 * Where a document gives one guid to stories with different links, the guid names none of them, and guid and link
 * together do; which of them comes first changes with every new story, so none may keep the bare guid. Where the
 * links are the same too, the first keeps the guid and the others are told apart by their text.
 */
export function identify(sourceId: string, stories: readonly Traits[]): (string | undefined)[] {
  const keys = stories.map(keyOf);
  const linksOf = new Map<string, Set<string>>();
  for (const [index, { link }] of stories.entries()) {
    const key = keys[index] ?? '';
    linksOf.set(key, (linksOf.get(key) ?? new Set()).add(withoutScheme(link ?? '')));
  }

  const textsOf = new Map<string, Set<string>>();
  const refined = stories.map(({ link }, index) => {
    const key = keys[index] ?? '';
    return (linksOf.get(key)?.size ?? 0) > 1 ? `${key}|${withoutScheme(link ?? '')}` : key;
  });
  for (const [index, { text }] of stories.entries()) {
    const key = refined[index] ?? '';
    textsOf.set(key, (textsOf.get(key) ?? new Set()).add(text));
  }

  const taken = new Set<string>();
  return stories.map(({ guid, text }, index) => {
    const key = refined[index] ?? '';
    const texts = [...(textsOf.get(key) ?? [])];
    // A link that several stories share is the address of a page that lists them.
    const ownKey = texts.length > 1 && (!guid || texts[0] !== text) ? `${key}|${text}` : key;
    if (taken.has(ownKey)) return undefined;
    taken.add(ownKey);
    return storyId(sourceId, ownKey);
  });
}

function keyOf({ guid, link, text }: Traits): string {
  if (guid?.trim()) return guidKey(guid);
  return link ? withoutScheme(link) : `text:${text}`;
}

/** Publishers move between http and https, and some servers answer with both in turn. */
function withoutScheme(text: string): string {
  return text.replace(/^https?:\/\//i, '');
}
