/** Deeper than this no feed says anything. */
const MAX_DEPTH = 64;
/** And more tags than this only keep a reader busy: what lies beyond is cut off. */
const MAX_TAGS = 200_000;
const VERBATIM = /^<!(?:--|\[CDATA\[)/i;
const END_OF_ITEM = /^<\/(?:[\w-]+:)?(?:item|entry|url)[\s>]/i;
const NAME = /[^\s/>]/;

/**
 * Leaves out the tags that lie deeper than any feed nests them, and keeps the words between: a reader that builds a
 * tree takes its time, or its stack, for each level, and for each tag.
 */
export function flatten(xml: string): string {
  let depth = 0;
  let tags = 0;
  let done = 0;
  const kept: string[] = [];
  for (let at = xml.indexOf('<'); at >= 0; ) {
    const next = xml[at + 1] ?? '';
    if (next === '!' && !VERBATIM.test(xml.slice(at, at + 9))) {
      // A declaration has no place behind the root; sax takes quadratic time to find that out.
      kept.push(xml.slice(done, at));
      done = at + 2;
      at = xml.indexOf('<', done);
      continue;
    }
    if (next === '!' || next === '?') {
      at = xml.indexOf('<', endOfVerbatim(xml, at));
      continue;
    }
    const end = xml.indexOf('>', at);
    if (end < 0) break;
    tags += 1;
    if (tags > MAX_TAGS) return `${kept.join('')}${xml.slice(done, at)}`;
    if (next === '/') {
      // The end of an item ends everything in it, whatever was left open.
      depth = depth > 8 && END_OF_ITEM.test(xml.slice(at, at + 40)) ? 2 : Math.max(0, depth - 1);
    } else if (NAME.test(next) && xml[end - 1] !== '/') depth += 1;
    if (depth > MAX_DEPTH) {
      kept.push(xml.slice(done, at));
      done = end + 1;
    }
    at = xml.indexOf('<', end);
  }
  kept.push(xml.slice(done));
  return kept.join('');
}

function endOfVerbatim(xml: string, at: number): number {
  const close = xml[at + 2] === '[' ? ']]>' : xml.startsWith('<!--', at) ? '-->' : '>';
  const end = xml.indexOf(close, at);
  return end < 0 ? xml.length : end + close.length;
}
