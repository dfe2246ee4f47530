import { CYRILLIC, LATIN, type Profile, SCRIPTS } from './language-profiles.ts';

/** So much text is looked at: a headline and its lede. */
const MAX_TEXT = 800;
/** Letters are counted this far; they tell the same later on. */
const MAX_LETTERS = 300;
/** Per mille, of a letter that a language does not have: it may be in a name. */
const RARE = 0.3;
/** What a word of a language's own counts, one of its letters, and a word that ends as its words do. */
const WEIGHTS = { word: 3, letter: 2.5, ending: 1 };
/** Fewer signs are none; for a language that few sources write, one word is chance. */
const ENOUGH = { common: 2, other: 6 };
const COMMON = new Set(['uk', 'ru', 'en', 'de', 'fr', 'es', 'pt', 'it', 'pl']);
/** How far a language must be ahead of the next. */
const LEAD = { letters: 2.5, share: 0.25, least: 1.5 };

export interface Detected {
  language: string;
  /** Enough was seen to contradict what somebody declares. */
  sure: boolean;
}

/**
 * The language of a few words: by their script where it is written by one language, else by letters that only one of its
 * languages has, the little words that every sentence needs, and endings.
 *
 * @param text plain, not HTML
 * @returns `undefined` rather than a guess
 */
export function detectLanguage(text: string): Detected | undefined {
  const sample = text
    .slice(0, MAX_TEXT)
    .replace(/\b(?:https?:\/\/|www\.)\S+|\S+@\S+/g, ' ')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[’ʼ`´]/g, "'");
  const script = scriptOf(sample);
  if (!script) return undefined;
  if (script.name === 'Cyrillic') return bestOf(CYRILLIC, sample);
  if (script.name === 'Latin') return bestOf(LATIN, sample);
  const language = languageOfScript(script.name, sample);
  return language ? { language, sure: script.letters >= 8 } : undefined;
}

/** Whether most of a text is written in another script than a language is. */
export function isOtherScript(tag: string, text: string): boolean {
  const expected = scriptOfLanguage(tag);
  const found = scriptOf(text.slice(0, MAX_TEXT))?.name;
  if (expected === undefined || found === undefined) return false;
  const east = ['Han', 'Kana', 'Hangul'];
  return found !== expected && !(east.includes(found) && east.includes(expected));
}

/** The script that a language tag is normally written in; `undefined` for those we know nothing of. */
export function scriptOfLanguage(tag: string): string | undefined {
  const known = scripts.get(tag);
  if (known !== undefined) return known;
  try {
    const { script = '' } = new Intl.Locale(tag).maximize();
    const name = NAMES[script] ?? script;
    if (scripts.size < 1000) scripts.set(tag, name);
    return name || undefined;
  } catch {
    return undefined;
  }
}

const scripts = new Map<string, string>();

const NAMES: Readonly<Record<string, string>> = {
  Cyrl: 'Cyrillic',
  Latn: 'Latin',
  Arab: 'Arabic',
  Hebr: 'Hebrew',
  Grek: 'Greek',
  Deva: 'Devanagari',
  Hans: 'Han',
  Hant: 'Han',
  Jpan: 'Kana',
  Kore: 'Hangul',
  Geor: 'Georgian',
  Armn: 'Armenian',
};

/** What most of the text is written in. Names and abbreviations in Latin letters stand in texts of every script. */
function scriptOf(sample: string): { name: string; letters: number } | undefined {
  const counts = SCRIPTS.map(([name, letter]) => ({ name, letters: sample.match(letter)?.length ?? 0 }));
  const latin = counts.find(({ name }) => name === 'Latin')?.letters ?? 0;
  const others = counts.filter(({ name }) => name !== 'Latin').sort((a, b) => b.letters - a.letters);
  const [first] = others;
  if (first && first.letters >= 2 && first.letters * worthOf(first.name) > latin * 0.5) return first;
  return latin >= 3 ? { name: 'Latin', letters: latin } : undefined;
}

/** One character of these is a syllable or a word. */
function worthOf(script: string): number {
  return script === 'Han' || script === 'Kana' || script === 'Hangul' ? 3 : 1;
}

function languageOfScript(script: string, sample: string): string | undefined {
  switch (script) {
    case 'Han':
    case 'Kana':
      // Japanese cannot do without its syllables, nor Korean.
      return /[\u3041-\u3096\u30a1-\u30fa]/.test(sample)
        ? 'ja'
        : /\p{Script=Hangul}/u.test(sample)
          ? 'ko'
          : 'zh';
    case 'Arabic':
      if (/[ٹڈڑںےہ]/.test(sample)) return 'ur';
      if (/[پچژگیک]/.test(sample)) return 'fa';
      return 'ar';
    case 'Hangul':
      return 'ko';
    case 'Devanagari':
      return 'hi';
    default:
      return SCRIPTS.find(([name]) => name === script)?.[2];
  }
}

function bestOf(profiles: readonly Profile[], sample: string): Detected | undefined {
  const words = sample.match(/[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*/gu) ?? [];
  const letters = profiles === CYRILLIC ? lettersOf(sample) : new Map<string, number>();
  const scores = profiles
    .map((profile) => ({ profile, seen: signsOf(profile, sample, words) }))
    .map(({ profile, seen }) => ({ profile, seen, score: seen + likelihood(profile, letters) }))
    .sort((a, b) => b.score - a.score);
  const [best, next] = scores;
  if (!best) return undefined;
  const { language, frequencies } = best.profile;
  const enough = COMMON.has(language) ? ENOUGH.common : ENOUGH.other;
  if (best.seen + (frequencies ? words.length / 2 : 0) < enough) return undefined;
  const lead = best.score - (next?.score ?? 0);
  const needed = frequencies ? LEAD.letters : Math.max(best.seen * LEAD.share, LEAD.least);
  if (lead < needed) return undefined;
  const sure = best.seen >= WEIGHTS.word * 3 && lead >= needed * 2 && words.length >= 5;
  return { language, sure };
}

/** What of the text is the language's own, less what cannot be. */
function signsOf(
  { words, letters, foreign, endings }: Profile,
  sample: string,
  found: readonly string[],
): number {
  let score = 0;
  for (const word of found) {
    if (words.has(word)) score += WEIGHTS.word;
    else if (endings?.test(word)) score += WEIGHTS.ending;
  }
  if (letters) score += Math.min(sample.match(letters)?.length ?? 0, 8) * WEIGHTS.letter;
  if (foreign) score -= (sample.match(foreign)?.length ?? 0) * WEIGHTS.word;
  return score;
}

/** How well its letters fit, as a logarithm; that a common letter does not occur says as much as that a rare one does. */
function likelihood({ frequencies, prior = 0 }: Profile, letters: ReadonlyMap<string, number>): number {
  if (!frequencies) return 0;
  let sum = prior;
  for (const [letter, count] of letters) sum += count * Math.log(frequencies.get(letter) ?? RARE);
  return sum;
}

function lettersOf(sample: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const letter of sample.slice(0, MAX_LETTERS).match(/\p{Script=Cyrillic}/gu) ?? []) {
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  return counts;
}
