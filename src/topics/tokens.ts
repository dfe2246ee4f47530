/** A word of a running text, as names are looked for: compared in lower case, but its capitals count. */
export interface Token {
  /** NFC, lower case, apostrophes and ё made plain, without an English possessive. */
  readonly word: string;
  /** `upper`: two letters or more, all of them capitals. */
  readonly shape: 'lower' | 'capital' | 'upper';
  /** Nothing but spaces, hyphens and quotation marks lie between it and the token before. */
  readonly joined: boolean;
  /** The characters right before and after it, `''` at an end of the text. */
  readonly left: string;
  readonly right: string;
}

const SPACE = 0x20;
const YO = 0x401;

const SEPARATOR = 0;
const LETTER = 1;
const APOSTROPHE = 2;
/** Of scripts that are written without spaces each character is a word. */
const ALONE = 3;

/** What each UTF-16 unit is, worked out when it first comes up: a text is scanned far more often than it has letters. */
const kinds = new Int8Array(0x10000).fill(-1);

function kindOf(code: number): number {
  const known = kinds[code] ?? SEPARATOR;
  if (known >= 0) return known;
  const character = String.fromCharCode(code);
  let kind = SEPARATOR;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(character)) kind = ALONE;
  else if (/[\p{L}\p{M}\p{N}]/u.test(character) || (code >= 0xd800 && code <= 0xdfff)) kind = LETTER;
  else if (character === "'") kind = APOSTROPHE;
  kinds[code] = kind;
  return kind;
}

const JOINING = /^[\s\u00a0\-‐‑–"«»“”„‟]*$/;
const UNSEEN = /[\u0301\u00ad\u200b-\u200d\ufeff]/g;
const DOTTED = /(?<![\p{L}\p{N}])(?:[A-Z]\.){2,}/gu;

/** The words of a text in their order. `U.S.` and `D.C.` are the words `us` and `dc`, in capitals. */
export function tokens(text: string): Token[] {
  const plain = text
    .normalize('NFC')
    .replace(UNSEEN, '')
    .replace(/[’ʼ‘`´]/g, "'")
    .replace(DOTTED, (dotted) => `${dotted.replaceAll('.', '')} `);
  // İ is two units in lower case, and places have to stay the same.
  const small = plain.replaceAll('İ', 'I').toLowerCase().replaceAll('ё', 'е');
  const lower = small.length === plain.length ? small : plain;

  const found: Token[] = [];
  let gap = 0;
  for (let at = 0; at < plain.length; ) {
    const kind = kindOf(plain.charCodeAt(at));
    if (kind === SEPARATOR || kind === APOSTROPHE) {
      at += 1;
      continue;
    }
    const end = kind === ALONE ? at + 1 : endOfWord(plain, at);
    found.push({
      word: withoutPossessive(lower.slice(at, end)),
      shape: shapeOf(plain, lower, at, end),
      joined: found.length > 0 && (at - gap === 1 ? isJoint(plain, gap) : JOINING.test(plain.slice(gap, at))),
      left: plain[at - 1] ?? '',
      right: plain[end] ?? '',
    });
    gap = end;
    at = end;
  }
  return found;
}

/** The usual case, without a slice and a pattern. */
function isJoint(plain: string, at: number): boolean {
  return plain.charCodeAt(at) === SPACE || JOINING.test(plain[at] ?? '');
}

/** An apostrophe is within a word when letters follow it. */
function endOfWord(plain: string, from: number): number {
  let end = from + 1;
  for (; end < plain.length; end += 1) {
    const kind = kindOf(plain.charCodeAt(end));
    if (kind === LETTER) continue;
    if (kind !== APOSTROPHE || kindOf(plain.charCodeAt(end + 1)) !== LETTER) break;
  }
  return end;
}

function withoutPossessive(word: string): string {
  return word.length > 2 && word.endsWith("'s") ? word.slice(0, -2) : word;
}

/** By codes: a character of another script than Latin would be a new string each time it is looked at. */
function shapeOf(plain: string, lower: string, from: number, to: number): Token['shape'] {
  const code = plain.charCodeAt(from);
  if (code === lower.charCodeAt(from) && code !== YO) return 'lower';
  const end = plain.startsWith("'s", to - 2) ? to - 2 : to;
  if (end - from < 2) return 'capital';
  for (let at = from + 1; at < end; at += 1) {
    const isSmall = plain.charCodeAt(at) === lower.charCodeAt(at) && plain[at] !== plain[at]?.toUpperCase();
    if (isSmall) return 'capital';
  }
  return 'upper';
}
