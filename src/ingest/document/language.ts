import { type Detected, detectLanguage, isOtherScript, scriptOfLanguage } from './detect-language.ts';

/** Country codes that publishers write where the language belongs; none of them is the code of another language. */
const MEANT: Readonly<Record<string, string>> = {
  ua: 'uk',
  jp: 'ja',
  cz: 'cs',
  gr: 'el',
  dk: 'da',
  kz: 'kk',
};

/** A BCP 47 tag in its normal case (`en-GB`, `uk`) from what a feed declares; `undefined` when that is no language. */
export function languageTag(declared: string | undefined): string | undefined {
  if (declared === undefined) return undefined;
  const known = tags.get(declared);
  if (known !== undefined) return known;
  const found = canonical(declared);
  if (found !== undefined && declared.length <= MAX_LENGTH && tags.size < MAX_TAGS) tags.set(declared, found);
  return found;
}

/** There are few languages, and all day they are the same; what else is called one does not fill the memory. */
const MAX_TAGS = 1000;
/** Longer texts may be pieces of their document, which would be kept with them. */
const MAX_LENGTH = 12;
const tags = new Map<string, string>();

function canonical(declared: string): string | undefined {
  const tag = declared.trim().replaceAll('_', '-').toLowerCase();
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/.test(tag)) return undefined;
  try {
    return Intl.getCanonicalLocales(tag.replace(/^[a-z]+/, (language) => MEANT[language] ?? language))[0];
  } catch {
    return undefined;
  }
}

/**
 * The language of a story: what is declared of it, unless its own words say clearly that it is another; else what its
 * words say; else the language of the document that it stands in.
 *
 * @param declared by the story, then by its feed; whoever configured the source knows better than either
 * @param text plain words of headline and lede
 * @param around what was detected in the whole document
 */
export function languageOf(
  declared: { story?: string; source?: string; feed?: string },
  text: string,
  around?: Detected,
): string {
  const configured = languageTag(declared.source);
  const stated = languageTag(declared.story) ?? configured ?? languageTag(declared.feed);
  if (stated !== undefined && stated === configured) return stated;
  if (stated === undefined) return detectLanguage(text)?.language ?? fitting(around, text) ?? 'und';
  // Where the document as a whole speaks as it says, or nobody can tell, its stories need not be listened to.
  const doubted = around !== undefined && around.language !== primary(stated);
  if (!doubted && !isOtherScript(stated, text)) return stated;
  const seen = detectLanguage(text);
  return seen && contradicts(seen, stated) ? seen.language : stated;
}

function primary(tag: string): string {
  return tag.split('-')[0] ?? tag;
}

/** A few words tell little: all of a document's words say what they are likely to be, if the script is the same. */
function fitting(around: Detected | undefined, text: string): string | undefined {
  if (!around?.sure) return undefined;
  const script = scriptOfLanguage(around.language);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters === 0) return undefined;
  return (script === 'Latin') === latin > letters / 2 ? around.language : undefined;
}

function contradicts({ language, sure }: Detected, stated: string): boolean {
  const spoken = primary(stated);
  // Norwegian and Serbian have several names; a language that we cannot recognise is not contradicted by a neighbour.
  if (
    !sure ||
    language === spoken ||
    RELATED.some((names) => names.includes(language) && names.includes(spoken))
  ) {
    return false;
  }
  return scriptOfLanguage(language) !== scriptOfLanguage(spoken) || RECOGNISED.has(spoken);
}

const RELATED = [
  ['nb', 'no', 'nn', 'da'],
  ['sr', 'hr', 'bs', 'sh', 'cnr'],
  ['id', 'ms'],
  ['cs', 'sk'],
  ['es', 'gl', 'ca'],
  ['nl', 'af'],
  ['hi', 'mr', 'ne'],
  ['he', 'yi'],
  ['fa', 'prs', 'ku', 'ar', 'ur', 'ps', 'sd', 'ug'],
  ['zh', 'yue', 'ja'],
];
const RECOGNISED = new Set(['uk', 'ru', 'en', 'de', 'fr', 'es', 'pt', 'it', 'pl']);
