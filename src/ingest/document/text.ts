import { decodeXML } from 'entities';
import sanitizeHtml from 'sanitize-html';
import { BLOCKS, MAX_DEPTH, UNREAD } from './html.ts';

/** So much HTML is read for a line of text: what a sanitiser does with a million open tags takes too long. */
const MAX_READ = 20_000;

/** The words of a piece of HTML on one line: tags and scripts gone, entities decoded, white space folded. */
export function plainText(html: string): string {
  const read = html.slice(0, MAX_READ);
  return fold(/[<&]/.test(read) ? stripped(read, UNREAD) : read);
}

/** The same for a headline, in which `<script>` is more likely a word of the story than a script. */
export function headlineText(html: string): string {
  const read = html.slice(0, MAX_READ);
  return fold(/[<&]/.test(read) ? stripped(read, []) : read);
}

function stripped(html: string, nonTextTags: string[]): string {
  const blocks = sanitizeHtml(html, {
    allowedTags: BLOCKS,
    allowedAttributes: {},
    nonTextTags,
    nestingLimit: MAX_DEPTH,
  });
  // What sanitize-html gives back has no other `<` than those of its tags.
  return decodeXML(blocks.replace(/<[^>]*>/g, ' '));
}

/** Also drops what would turn the text around or tear it: overrides of the writing direction, half characters. */
function fold(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\u00ad\u200b\u202d\u202e\ufeff\ufffd]/g, '')
    .trim();
}
