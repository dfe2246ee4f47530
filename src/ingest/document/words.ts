/** Shorter ones are read as fast as they are set aside. */
export const LONG = 24;
/** A character that XML does not have, so that no document can forge a mark. */
const MARK = '\uffff';
const MARKS = /\uffff(\d+)\uffff/g;
const UNKNOWN_ENTITY = /&(?!(?:amp|lt|gt|quot|apos);)/;

/**
 * Keeps the words of a document while its elements are read: sax reads character by character, and makes an object of
 * each one in an attribute. Most of a feed is text in which there is nothing to be found.
 */
export interface Words {
  /** A mark to write in the place of what is quoted. */
  quote(text: string): string;
  /** A mark to write in the place of a text or a value; `undefined` for one with entities that are not XML's own. */
  setAside(text: string): string | undefined;
  /** A text as it was before. */
  restore(text: string): string;
}

export function createWords(): Words {
  const kept: string[] = [];
  const quote = (text: string) => `${MARK}${kept.push(text) - 1}${MARK}`;
  return {
    quote,
    setAside(text) {
      if (!text.includes('&')) return quote(text);
      return UNKNOWN_ENTITY.test(text) ? undefined : quote(decoded(text));
    },
    restore(text) {
      const first = text.indexOf(MARK);
      if (first < 0) return text;
      // Most texts are a mark from their beginning to their end.
      if (first === 0 && text.indexOf(MARK, 1) === text.length - 1)
        return kept[Number(text.slice(1, -1))] ?? '';
      return text.replace(MARKS, (_mark, index: string) => kept[Number(index)] ?? '');
    },
  };
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
