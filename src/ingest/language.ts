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
  const tag = declared?.trim().replaceAll('_', '-').toLowerCase() ?? '';
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/.test(tag)) return undefined;
  try {
    return Intl.getCanonicalLocales(tag.replace(/^[a-z]+/, (language) => MEANT[language] ?? language))[0];
  } catch {
    return undefined;
  }
}
