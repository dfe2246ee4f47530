import { LONG, type Words } from './words.ts';

/** Deeper than this no feed says anything. */
const MAX_DEPTH = 64;
/** And more tags than this only keep a reader busy: what lies beyond is cut off. */
const MAX_TAGS = 200_000;
const VERBATIM = /^<!(?:--|\[CDATA\[)/i;
const END_OF_ITEM = /^<\/(?:[\w-]+:)?(?:item|entry|url)[\s>]/i;
const NAME = /[^\s/>]/;
const [QUOTATION, END_OF_QUOTATION] = ['<![CDATA[', ']]>'];

/**
 * Leaves out the tags that lie deeper than any feed nests them, and keeps the words between: a reader that builds a
 * tree takes its time, or its stack, for each level, and for each tag. Long words go to `words`, but those of the root's
 * tag.
 */
export function flatten(xml: string, words: Words): string {
  let depth = 0;
  let tags = 0;
  let done = 0;
  const kept: string[] = [];
  const replace = (from: number, to: number, by: string) => {
    kept.push(xml.slice(done, from), by);
    done = to;
  };
  const setAside = (from: number, to: number) => {
    const text = xml.slice(from, to);
    const mark = words.setAside(text);
    if (mark !== undefined) replace(from, to, mark);
  };
  const positionOf = (mark: string, from: number) => {
    const found = xml.indexOf(mark, from);
    return found < 0 ? xml.length : found;
  };
  /** Sets the values of a tag's attributes aside; false where its end is not the tag's, but lies in a value. */
  const readValues = (from: number, end: number) => {
    for (let open = from; open < end; ) {
      const close = positionOf('"', open + 1);
      if (close > end) return false;
      if (close - open > LONG && tags > 1 && xml[open - 1] === '=') setAside(open + 1, close);
      open = positionOf('"', close + 1);
    }
    return true;
  };
  let quote = -1;
  /** Whether what looks like a tag is one: a quotation mark may have been left open. */
  let sure = true;
  for (let at = xml.indexOf('<'); at >= 0; ) {
    const next = xml[at + 1] ?? '';
    if (next === '!' && !VERBATIM.test(xml.slice(at, at + 9))) {
      // A declaration has no place behind the root; sax takes quadratic time to find that out.
      replace(at, at + 2, '');
      at = xml.indexOf('<', done);
      continue;
    }
    if (next === '!' || next === '?') {
      const end = endOfVerbatim(xml, at);
      const [from, to] = [at + QUOTATION.length, end - END_OF_QUOTATION.length];
      if (
        sure &&
        to - from >= LONG &&
        xml.startsWith(QUOTATION, at) &&
        xml.startsWith(END_OF_QUOTATION, to)
      ) {
        replace(from, to, words.quote(xml.slice(from, to)));
      }
      at = xml.indexOf('<', end);
      continue;
    }
    const end = xml.indexOf('>', at);
    if (end < 0) break;
    tags += 1;
    if (tags > MAX_TAGS) {
      kept.push(xml.slice(done, at));
      return kept.join('');
    }
    if (next === '/') {
      // The end of an item ends everything in it, whatever was left open.
      depth = depth > 8 && END_OF_ITEM.test(xml.slice(at, at + 40)) ? 2 : Math.max(0, depth - 1);
    } else if (NAME.test(next) && xml[end - 1] !== '/') depth += 1;
    if (depth > MAX_DEPTH) replace(at, end + 1, '');
    else if (sure) {
      if (quote < at) quote = positionOf('"', at);
      sure = quote > end || readValues(quote, end);
    }
    at = xml.indexOf('<', end);
    if (sure && at - end > LONG && isText(xml, end + 1, at)) setAside(end + 1, at);
  }
  kept.push(xml.slice(done));
  return kept.join('');
}

/** White space is not worth the trouble; and where there is a `>`, the tag may not have ended where it seemed to. */
function isText(xml: string, from: number, to: number): boolean {
  const end = xml.indexOf('>', from);
  return (end < 0 || end > to) && /\S/.test(xml.slice(from, to));
}

function endOfVerbatim(xml: string, at: number): number {
  const close = xml[at + 2] === '[' ? ']]>' : xml.startsWith('<!--', at) ? '-->' : '>';
  const end = xml.indexOf(close, at);
  return end < 0 ? xml.length : end + close.length;
}
