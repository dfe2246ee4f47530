/** What a UTF-16 unit is to a word: it parts words, belongs to one, does so between letters, or is one by itself. */
export const SEPARATOR = 0;
export const LETTER = 1;
export const APOSTROPHE = 2;
/** Of scripts that are written without spaces each character is a word. */
export const ALONE = 3;

/** Of the traits of a unit those that say which of these it is. */
export const KIND = 3;
/** A space, a hyphen or a quotation mark: words beside it belong together. */
export const JOINS = 4;
/** There is a capital of it. */
export const HAS_CAPITAL = 8;
/** What it becomes in a plain text, or in lower case, is not to be said of it alone. */
export const NEEDS_CONTEXT = 16;

/** Left out of words: stress marks, soft hyphens, what has no width. */
export const UNSEEN = /[\u0301\u00ad\u200b-\u200d\ufeff]/g;
export const APOSTROPHES = /[’ʼ‘`´]/g;

const KNOWN = 128;
const traits = new Uint8Array(0x10000);
/** Each unit in lower case, apostrophes and ё made plain; true only of those whose traits have been asked for. */
export const SMALL = new Uint16Array(0x10000);

/** Worked out when a unit first comes up: a text is scanned far more often than it has letters. */
export function traitsOf(unit: number): number {
  const known = traits[unit] ?? 0;
  return known === 0 ? learn(unit) : known;
}

function learn(unit: number): number {
  const character = String.fromCharCode(unit);
  const plain = character.replace(APOSTROPHES, "'");
  const small = plain.toLowerCase().replace('ё', 'е');
  let found = KNOWN | kindOf(unit, plain);
  if (/[\s\u00a0\-‐‑–"«»“”„‟]/.test(character)) found |= JOINS;
  if (character !== character.toUpperCase()) found |= HAS_CAPITAL;
  if (needsContext(unit, character) || small.length !== 1) found |= NEEDS_CONTEXT;
  SMALL[unit] = small.charCodeAt(0);
  traits[unit] = found;
  return found;
}

function kindOf(unit: number, character: string): number {
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(character)) return ALONE;
  if (character === "'") return APOSTROPHE;
  return /[\p{L}\p{M}\p{N}]/u.test(character) || isSurrogate(unit) ? LETTER : SEPARATOR;
}

/** It composes with its neighbours, is left out, or has a lower case that depends on them, as Σ has at a word's end. */
function needsContext(unit: number, character: string): boolean {
  const isJamo = unit >= 0x1100 && unit < 0x1200;
  if (isJamo || isSurrogate(unit) || character === 'Σ' || character === 'İ') return true;
  return (
    /\p{M}/u.test(character) || character.search(UNSEEN) === 0 || character.normalize('NFC') !== character
  );
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}
