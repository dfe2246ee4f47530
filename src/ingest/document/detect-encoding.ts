export type Decode = (bytes: Buffer, encoding: string) => string;

const MAX_SAMPLE = 65_536;
/** This share of the letters must look right. */
const ENOUGH = 0.6;

const CYRILLIC = /[оаеинітрсвлкмпудяз](?=[а-яіїєґё])|(?<=[а-яіїєґё])[оаеинітрсвлкмпудяз]/g;
const KANA = /[ぁ-んァ-ヶー]/g;

/** Letters as they stand in words of the languages that are written so; noise in any other encoding. */
const LOOKS: ReadonlyArray<readonly [encoding: string, typical: RegExp, needed?: number]> = [
  ['windows-1251', CYRILLIC],
  ['koi8-u', CYRILLIC],
  ['ibm866', CYRILLIC],
  ['iso-8859-5', CYRILLIC],
  ['windows-1253', /[αειονςτρσκλμπυάέήίόύώ](?=[α-ωάέήίόύώ])|(?<=[α-ωάέήίόύώ])[αειονςτρσκλμπυάέήίόύώ]/g],
  ['windows-1255', /[א-ת](?=[א-ת])|(?<=[א-ת])[א-ת]/g, 0.9],
  ['windows-1256', /[اليمنتردعهسقفحوةأ](?=[ء-ي])|(?<=[ء-ي])[اليمنتردعهسقفحوةأ]/g, 0.7],
];
/** Two bytes to a character: they must be whole, and their commonest characters must occur. */
const WIDE: ReadonlyArray<readonly [encoding: string, typical: RegExp, share: number]> = [
  ['shift_jis', KANA, 0.25],
  ['euc-jp', KANA, 0.25],
  ['gb18030', /[的一是不了在人有我他这中大来上国和地到以说时要就出会可也对生能而子年发后作]/g, 0.05],
  // The commonest characters of Chinese are syllables when they are read as Korean.
  ['euc-kr', /[가-힣](?=[가-힣])|(?<=[가-힣])[가-힣]/g, ENOUGH],
  ['big5', /[的一是不了在人有我他這中大來上國和地到以說時要就出會可也對生能而子年發後作]/g, 0.05],
];
/** What a document that names its language is written in, when it is not UTF-8. */
const BY_LANGUAGE: Readonly<Record<string, string>> = {
  el: 'windows-1253',
  he: 'windows-1255',
  iw: 'windows-1255',
  ar: 'windows-1256',
  fa: 'windows-1256',
  ur: 'windows-1256',
  th: 'windows-874',
  tr: 'windows-1254',
  lt: 'windows-1257',
  lv: 'windows-1257',
  et: 'windows-1257',
  vi: 'windows-1258',
};
const CENTRAL_EUROPEAN = /^(?:pl|cs|cz|sk|hu|hr|sl|ro|bs|sq)$/;

/**
 * How bytes that are not UTF-8 are most likely to be read.
 *
 * @param decode reads bytes as any encoding, with a mark for what it has no character for
 * @param otherwise what is to be taken when nothing speaks for another encoding
 */
export function detectEncoding(buffer: Buffer, decode: Decode, otherwise = 'windows-1252'): string {
  const sample = buffer.subarray(0, MAX_SAMPLE);
  const named = byLanguage(sample);
  let best = { encoding: named ?? otherwise, share: ENOUGH };
  for (const [encoding, typical, needed = ENOUGH] of LOOKS) {
    const share = shareOf(decode(sample, encoding), typical);
    if (share >= needed && share > best.share) best = { encoding, share };
  }
  if (best.share > ENOUGH) return best.encoding;
  return (
    WIDE.find(
      ([encoding, typical, share]) =>
        isWhole(sample, encoding) && shareOf(decode(sample, encoding), typical) > share,
    )?.[0] ?? best.encoding
  );
}

function shareOf(text: string, typical: RegExp): number {
  // Vowel points and marks of direction: capitals and rare letters of Cyrillic, read as Hebrew.
  if (/[\u05b0-\u05c3]/.test(text) || (text.includes('\u200e') && /[א-ת]/.test(text))) return 0;
  const foreign = text.match(/[\u0080-\uffff]/g)?.length ?? 0;
  return foreign < 4 ? 0 : (text.match(typical)?.length ?? 0) / foreign;
}

function byLanguage(sample: Buffer): string | undefined {
  const head = sample.toString('latin1', 0, 8192);
  const language =
    /<(?:dc:)?language>\s*(?:<!\[CDATA\[)?\s*([a-z]{2})\b|xml:lang\s*=\s*["']([a-z]{2})\b/i.exec(head);
  const code = (language?.[1] ?? language?.[2])?.toLowerCase() ?? '';
  // ISO 8859-2 has no letters where windows-1250 has its Š and Ž.
  if (CENTRAL_EUROPEAN.test(code)) {
    return sample.some((byte) => byte >= 0x80 && byte <= 0x9f) ? 'windows-1250' : 'iso-8859-2';
  }
  return Object.hasOwn(BY_LANGUAGE, code) ? BY_LANGUAGE[code] : undefined;
}

/** Whether the bytes are a text of that encoding; the last ones may have been cut off. */
function isWhole(sample: Buffer, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}
