import { describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { detectEncoding } from '../../src/ingest/document/detect-encoding.ts';

const UKRAINIAN =
  'Верховна Рада України ухвалила державний бюджет на наступний рік після двох тижнів переговорів і суперечок';
const GREEK = 'Η κυβέρνηση ανακοίνωσε σήμερα νέα μέτρα για την οικονομία της χώρας και τους πολίτες';
const HEBREW = 'הממשלה אישרה היום את תקציב המדינה לאחר דיונים ארוכים בין השרים';
const ARABIC = 'أعلنت الحكومة اليوم عن ميزانية جديدة للدولة بعد مفاوضات طويلة بين الوزراء في العاصمة';
const JAPANESE = 'これは来年度の予算についてのニュースです。政府は今日、新しい計画を発表しました。';

const detect = (text: string, encoding: string, otherwise?: string) =>
  detectEncoding(iconv.encode(text, encoding), iconv.decode, otherwise);
const inLanguage = (code: string, text: string) => `<rss><channel><language>${code}</language>${text}`;

describe('bytes that are not UTF-8 are read by the looks of their letters', () => {
  test.each([
    ['windows-1251', UKRAINIAN],
    ['koi8-u', UKRAINIAN],
    ['iso-8859-5', 'Правительство объявило сегодня о новых мерах поддержки экономики страны и граждан'],
    ['ibm866', 'Правительство объявило сегодня о новых мерах поддержки экономики страны и граждан'],
    ['windows-1253', GREEK],
    ['windows-1255', HEBREW],
    ['windows-1256', ARABIC],
    ['shift_jis', JAPANESE],
    ['euc-jp', JAPANESE],
  ])('as %s', (encoding, text) => {
    expect(detect(text, encoding)).toBe(encoding);
  });

  test('as windows-1252, when nothing speaks for another', () => {
    expect(
      detect('Le gouvernement a présenté un budget très détaillé, dit-on à Genève', 'windows-1252'),
    ).toBe('windows-1252');
    expect(detect('plain', 'windows-1252')).toBe('windows-1252');
  });

  test('as what was said to be meant otherwise', () => {
    expect(detect('été', 'windows-1252', 'iso-8859-15')).toBe('iso-8859-15');
  });
});

describe('a language that the document names', () => {
  test.each([
    ['tr', 'windows-1254', 'Bütçe görüşmeleri başladı, ığdır ve çevresi'],
    ['lt', 'windows-1257', 'Vyriausybė šiandien paskelbė biudžetą'],
    ['vi', 'windows-1258', 'Hà'],
  ])('%s is read as %s', (code, encoding, text) => {
    expect(detect(inLanguage(code, text), encoding)).toBe(encoding);
  });

  test('of Central Europe is ISO 8859-2, or windows-1250 where that has letters which the other has not', () => {
    expect(detect(inLanguage('pl', 'Żółw'), 'iso-8859-2')).toBe('iso-8859-2');
    expect(detect(inLanguage('cs', 'Šťastný žák'), 'windows-1250')).toBe('windows-1250');
  });

  test('does not stand against the letters', () => {
    expect(detect(inLanguage('pl', UKRAINIAN), 'windows-1251')).toBe('windows-1251');
  });

  test('that is a word of JavaScript is no language', () => {
    expect(detect(inLanguage('constructor', 'été'), 'windows-1252')).toBe('windows-1252');
  });
});
