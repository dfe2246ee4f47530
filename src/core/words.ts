/**
 * How text is compared: NFC, lower case, typographic apostrophes and ё made plain, stress marks and soft hyphens gone,
 * split into words. Scripts that are written without spaces count one character as a word, so that a phrase finds them.
 */
const WORD =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai})[\p{L}\p{M}\p{N}])+(?:'\p{L}+)*/gu;

export function words(text: string): string[] {
  return plain(text).match(WORD) ?? [];
}

function plain(text: string): string {
  const made = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/\u0301|[\u00ad\u200b-\u200d\ufeff]/g, '')
    .replace(/[’ʼ‘`´]/g, "'")
    .replace(/ё/g, 'е');
  // What lower case or a missing mark has brought together composes anew: words have to be the words of themselves.
  return made.normalize('NFC') === made ? made : plain(made);
}

/** The words of a text with single spaces between and around them: a phrase occurs in it as ` a phrase `. */
export function searchable(text: string): string {
  return ` ${words(text).join(' ')} `;
}
