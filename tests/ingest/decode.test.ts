import { describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { decode } from '../../src/ingest/document/decode.ts';

const WORDS = 'Верховна Рада підтримала законопроєкт про бюджет, їжа дешевшає';
const RUSSIAN = 'Парламент поддержал законопроект о бюджете, цены на продукты снижаются';

function document(text: string, encoding?: string): string {
  return `<?xml version="1.0"${encoding ? ` encoding="${encoding}"` : ''}?><rss><channel><title>${text}</title></channel></rss>`;
}

function titleOf(bytes: Uint8Array, contentType?: string): string | undefined {
  return /<title>(.*)<\/title>/s.exec(decode(bytes, contentType).text)?.[1];
}

describe('the encoding of a document is', () => {
  test('UTF-8 when the bytes are, whatever anyone declares', () => {
    expect(titleOf(Buffer.from(document(WORDS, 'windows-1251')), 'text/xml; charset=iso-8859-1')).toBe(WORDS);
  });

  test('UTF-8 when a few bytes are torn', () => {
    const bytes = Buffer.concat([Buffer.from(document(`${WORDS} ${WORDS}`, 'utf-8')), Buffer.from([0xd0])]);
    expect(titleOf(bytes)).toBe(`${WORDS} ${WORDS}`);
  });

  test.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])('%s by its byte order mark', (encoding) => {
    expect(titleOf(iconv.encode(document(WORDS), encoding, { addBOM: true }))).toBe(WORDS);
  });

  test.each(['utf-16le', 'utf-16be'])('%s by its looks', (encoding) => {
    expect(titleOf(iconv.encode(document(WORDS), encoding, { addBOM: false }))).toBe(WORDS);
  });

  test('what the XML declaration says', () => {
    expect(titleOf(iconv.encode(document(WORDS, 'windows-1251'), 'windows-1251'))).toBe(WORDS);
    expect(titleOf(iconv.encode(document(RUSSIAN, 'KOI8-R'), 'koi8-r'))).toBe(RUSSIAN);
    expect(titleOf(iconv.encode(document('建国三十五周年', 'gb2312'), 'gbk'))).toBe('建国三十五周年');
    expect(titleOf(iconv.encode(document('大統領', 'Shift_JIS'), 'shift_jis'))).toBe('大統領');
  });

  test('what the HTTP header says, before the XML declaration', () => {
    expect(
      titleOf(iconv.encode(document(WORDS, 'koi8-r'), 'windows-1251'), 'text/xml; charset="windows-1251"'),
    ).toBe(WORDS);
  });

  test('what the XML declaration says, when the header only has what servers send by default', () => {
    for (const contentType of ['text/xml; charset=utf-8', 'text/xml; charset=ISO-8859-1']) {
      expect(titleOf(iconv.encode(document(WORDS, 'windows-1251'), 'windows-1251'), contentType)).toBe(WORDS);
    }
  });

  test('windows-1252 where iso-8859-1 is declared', () => {
    expect(titleOf(iconv.encode(document('“Mãe” – 5 €', 'iso-8859-1'), 'windows-1252'))).toBe('“Mãe” – 5 €');
  });

  test.each([
    ['windows-1251', WORDS],
    ['koi8-u', WORDS],
    ['windows-1251', RUSSIAN],
    ['koi8-r', RUSSIAN],
    ['euc-kr', '국회가 예산안을 통과시켰다'],
    ['windows-1252', 'Mãe de utente é a nova presidente da Raríssimas'],
  ])('found by its letters when nobody declares it: %s', (encoding, words) => {
    expect(titleOf(iconv.encode(document(words), encoding))).toBe(words);
  });

  test('found by its letters when UTF-8 is declared and wrong', () => {
    expect(titleOf(iconv.encode(document(WORDS, 'utf-8'), 'windows-1251'), 'text/xml; charset=utf-8')).toBe(
      WORDS,
    );
  });

  test.each(['base64', 'hex', 'nonsense', 'utf-16', ''])('not %j, whoever declares it', (charset) => {
    expect(
      titleOf(iconv.encode(document(WORDS, charset), 'windows-1251'), `text/xml; charset=${charset}`),
    ).toBe(WORDS);
  });
});

test('no bytes are no text', () => {
  expect(decode(new Uint8Array()).text).toBe('');
});
