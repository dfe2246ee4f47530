import { hash } from 'node:crypto';
import { canonicalLink } from './link.ts';

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
  return `${sourceId}:${hash('sha256', key, 'hex').slice(0, 20)}`;
}

/** What some systems write where they have no guid. */
const NO_GUID = /^(?:0|-|#|null|none|nil|undefined|nan|n\/a|false|true|guid|https?:\/\/)$/i;

/**
 * The key by which a guid alone is known, for a document that names a story by nothing else. Of a guid that is an address
 * only what names the story counts.
 */
export function guidKey(guid: string): string {
  const text = guid.trim();
  return /^https?:\/\//i.test(text) ? addressKey(text) : text;
}

/** A path that no two sites share: a long number in it, or three words of a headline. */
const OWN_PATH = /\d{6}|(?:[^/?&=_-]{1,60}[-_]){2}[^/?&=_-]/;

/**
 * What of an address stays when its publisher moves between http and https, to another host, or counts its readers
 * otherwise. Where the path alone could be that of another site, the host counts.
 */
function addressKey(address: string): string {
  const canonical = canonicalLink(address) ?? address;
  const [, host = '', path = ''] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(canonical) ?? [
    undefined,
    '',
    canonical,
  ];
  const bare = path.replace(/\/(?=$|[?#])/, '');
  return OWN_PATH.test(bare.slice(0, 500))
    ? bare
    : `${host.toLowerCase().replace(/^(?:www|m|amp)\.(?=[^.]+\.)/, '')}${bare}`;
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
    linksOf.set(key, (linksOf.get(key) ?? new Set()).add(linkKey(link)));
  }

  const textsOf = new Map<string, Set<string>>();
  const refined = stories.map(({ link }, index) => {
    const key = keys[index] ?? '';
    return (linksOf.get(key)?.size ?? 0) > 1 ? `${key}|${linkKey(link)}` : key;
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
    const ownKey = texts.length > 1 && (!hasGuid(guid) || texts[0] !== text) ? `${key}|${text}` : key;
    if (taken.has(ownKey)) return undefined;
    taken.add(ownKey);
    return storyId(sourceId, ownKey);
  });
}

function keyOf({ guid, link, text }: Traits): string {
  if (guid !== undefined && hasGuid(guid)) return guidKey(guid);
  return link ? addressKey(link) : `text:${text}`;
}

function linkKey(link: string | undefined): string {
  return link ? addressKey(link) : '';
}

function hasGuid(guid: string | undefined): boolean {
  const text = guid?.trim() ?? '';
  return text !== '' && !NO_GUID.test(text);
}
