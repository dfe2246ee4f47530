import type { Name } from './lexicon.ts';
import type { Found, Phrases } from './phrases.ts';
import { CAPITAL, readTokens, type Tokens, unitAfter, wordOf } from './tokens.ts';

/** What regions share: `у Львівській та Волинській областях`, `Kharkiv and Sumy regions`; and how one of them is called. */
const SHARED: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...['області', 'областей', 'областям', 'областями', 'областях'].map((word) => [
    word,
    ['область', 'області', 'областю', 'областью', 'области'],
  ]),
  ['области', ['область', 'области', 'областью']],
  ...['райони', 'районів', 'районам', 'районами', 'районах', 'районы', 'районов'].map((word) => [
    word,
    ['район', 'району', 'районом', 'районі', 'района', 'районе'],
  ]),
  ['regions', ['region']],
  ['oblasts', ['oblast']],
]);
const AND = ['та', 'і', 'й', 'и', 'and'];
const BEGINNINGS = ['об', 'ра', 're', 'ob'].map((two) => (two.charCodeAt(0) << 16) | two.charCodeAt(1));
const COMMA = 0x2c;

/** What is found in a text, and those regions that have no noun of their own. */
export function withSharedNouns(
  found: Found<Name>[],
  text: Tokens,
  names: Phrases<Name>,
): readonly Found<Name>[] {
  let all = found;
  for (let noun = 1; noun < text.count; noun += 1) {
    if (!mayBeShared(text, noun)) continue;
    const singular = SHARED[wordOf(text, noun)];
    if (!singular) continue;
    for (const at of regionsBefore(noun, text)) {
      const values = singular.flatMap((word) => wholeOf(`${capitalised(wordOf(text, at))} ${word}`, names));
      if (values.length === 0) continue;
      const to = at === noun - 1 ? noun + 1 : at + 1;
      all = [...all.filter((other) => other.to <= at || other.from >= to), { from: at, to, values }];
    }
  }
  return all === found ? found : all.sort((one, other) => one.from - other.from);
}

/** By its first two letters: nearly no word is, and it costs nothing to tell. */
function mayBeShared({ small, from }: Tokens, index: number): boolean {
  const start = from[index] ?? 0;
  return BEGINNINGS.includes(((small[start] ?? 0) << 16) | (small[start + 1] ?? 0));
}

/** The words in capitals before a noun that a comma or a conjunction joins; none when there is only one. */
function regionsBefore(noun: number, text: Tokens): number[] {
  const found: number[] = [];
  for (let at = noun - 1; at >= 0 && text.shape[at] === CAPITAL; ) {
    found.push(at);
    if (AND.includes(wordOf(text, at - 1))) at -= 2;
    else if (at > 0 && unitAfter(text, at - 1) === COMMA) at -= 1;
    else break;
  }
  return found.length > 1 ? found : [];
}

function wholeOf(phrase: string, names: Phrases<Name>): readonly Name[] {
  const [first] = names.find(readTokens(phrase));
  return first?.from === 0 && first.to === 2 ? first.values : [];
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
