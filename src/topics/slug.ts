import anyAscii from 'any-ascii';

/** No slug is longer. */
export const MAX_SLUG_LENGTH = 80;

/**
 * An ASCII slug of a text in any script, `''` when it has no letter or digit; otherwise a valid topic id.
 * The same for every way of writing the same words: case, kind of apostrophe, stress marks and emoji do not count.
 * Slugs become ids, and ids are for good: `tests/topics/slug.test.ts` pins what comes out.
 */
export function slug(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/['’‘`´\p{Cf}]/gu, '')
    // Emoji and signs would be spelled out as words.
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    // A Chinese headline would become one word that can be cut nowhere.
    .replace(/\p{Script=Han}/gu, ' $& ');
  const ascii = anyAscii(plain)
    .toLowerCase()
    // How any-ascii writes soft and hard signs, and Arabic ayn.
    .replace(/['`]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (ascii.length <= MAX_SLUG_LENGTH) return ascii;
  const end = ascii.lastIndexOf('-', MAX_SLUG_LENGTH);
  return ascii.slice(0, end > 0 ? end : MAX_SLUG_LENGTH);
}
