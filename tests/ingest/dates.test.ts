import { describe, expect, test } from '@jest/globals';
import { parseDate } from '../../src/ingest/document/dates.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const read = (text: string, zone = 'UTC') => parseDate(text, zone, NOW);

describe('a date is read from', () => {
  test.each([
    ['RFC 3339', '2026-03-03T10:00:00+02:00', '2026-03-03T08:00:00.000Z'],
    ['RFC 3339 with a fraction', '2026-03-03T08:00:00.123Z', '2026-03-03T08:00:00.123Z'],
    ['a space for the T', '2026-03-03 10:00:00+02:00', '2026-03-03T08:00:00.000Z'],
    ['an ISO date alone', '2026-03-03', '2026-03-03T00:00:00.000Z'],
    ['ISO basic', '20260303T080000Z', '2026-03-03T08:00:00.000Z'],
    ['RFC 822', 'Tue, 03 Mar 2026 10:00:00 +0200', '2026-03-03T08:00:00.000Z'],
    ['a colon in the offset', 'Tue, 03 Mar 2026 10:00:00 +02:00', '2026-03-03T08:00:00.000Z'],
    ['GMT', 'Tue, 03 Mar 2026 08:00:00 GMT', '2026-03-03T08:00:00.000Z'],
    ['UT', 'Tue, 03 Mar 2026 08:00:00 UT', '2026-03-03T08:00:00.000Z'],
    ['EST', 'Tue, 03 Mar 2026 03:00:00 EST', '2026-03-03T08:00:00.000Z'],
    ['PDT', 'Wed, 15 Jul 2020 03:00:00 PDT', '2020-07-15T10:00:00.000Z'],
    ['EET', '3 Mar 2026 10:00 EET', '2026-03-03T08:00:00.000Z'],
    ['two digits for the year', 'Tue, 03 Mar 26 08:00:00 GMT', '2026-03-03T08:00:00.000Z'],
    ['two digits of the last century', 'Wed, 03 Mar 99 08:00:00 GMT', '1999-03-03T08:00:00.000Z'],
    ['no weekday and no seconds', '3 Mar 2026 08:00 GMT', '2026-03-03T08:00:00.000Z'],
    ['RFC 850', 'Tuesday, 03-Mar-26 08:00:00 GMT', '2026-03-03T08:00:00.000Z'],
    ['asctime', 'Tue Mar  3 08:00:00 2026', '2026-03-03T08:00:00.000Z'],
    ['JavaScript', 'Tue Mar 03 2026 10:00:00 GMT+0200 (EET)', '2026-03-03T08:00:00.000Z'],
    ['the month first, in words, with PM', 'Tuesday, March 3, 2026 04:42 PM', '2026-03-03T16:42:00.000Z'],
    ['noon and midnight in halves', 'March 3, 2026 12:05 am', '2026-03-03T00:05:00.000Z'],
    ['Ukrainian', 'Вівторок, 3 березня 2026 р., 08:00', '2026-03-03T08:00:00.000Z'],
    [
      'a Ukrainian Wednesday, which begins like August',
      'середа, 4 лютого 2026 08:00',
      '2026-02-04T08:00:00.000Z',
    ],
    ['Russian', '3 марта 2026, 08:00', '2026-03-03T08:00:00.000Z'],
    ['Moscow time in Russian letters', '3 мая 2026 11:00 МСК', '2026-05-03T08:00:00.000Z'],
    ['French', 'mar., 3 mars 2026 08:00:00 +0000', '2026-03-03T08:00:00.000Z'],
    ['German', 'Di, 3. März 2026 09:00:00 MEZ', '2026-03-03T08:00:00.000Z'],
    ['German, with its clock', '3. März 2026, 9.30 Uhr MEZ', '2026-03-03T08:30:00.000Z'],
    ['French, with its clock', 'mardi 3 mars 2026 à 08h30', '2026-03-03T08:30:00.000Z'],
    ['the first of a French month', '1er août 2025 08:00', '2025-08-01T08:00:00.000Z'],
    ['Spanish', 'martes, 3 de marzo de 2026 08:00', '2026-03-03T08:00:00.000Z'],
    ['Spanish, in short', 'lun, 12 ene 2026 08:00:00 GMT', '2026-01-12T08:00:00.000Z'],
    ['Portuguese', 'Seg, 2 Fev 2026 08:00:00 -0300', '2026-02-02T11:00:00.000Z'],
    ['Portuguese, in full', '3 de março de 2026 às 08h00', '2026-03-03T08:00:00.000Z'],
    ['Italian', 'martedì 5 maggio 2026 08:00', '2026-05-05T08:00:00.000Z'],
    ['Italian, in short', 'Gio, 15 Gen 2026 08:00:00 +0100', '2026-01-15T07:00:00.000Z'],
    ['Polish', 'wtorek, 3 października 2025 08:00', '2025-10-03T08:00:00.000Z'],
    ['Polish November', '11 listopada 2025 r. 08:00', '2025-11-11T08:00:00.000Z'],
    ['Ukrainian November', '11 листопада 2025 року, 08:00', '2025-11-11T08:00:00.000Z'],
    ['Ukrainian, in short', 'Пн, 2 лют. 2026 08:00:00 +0200', '2026-02-02T06:00:00.000Z'],
    ['Russian August, in short', 'Сб, 2 авг 2025 08:00:00 +0300', '2025-08-02T05:00:00.000Z'],
    ['Java', 'Tue Mar 03 10:00:00 EET 2026', '2026-03-03T08:00:00.000Z'],
    ['the name of a zone', '2025-07-03T10:00:00 Europe/Kyiv', '2025-07-03T07:00:00.000Z'],
    ['Eastern time, whatever the season', 'July 3, 2025 8:00 AM ET', '2025-07-03T12:00:00.000Z'],
    ['Chinese', '2026年3月3日 08:00', '2026-03-03T08:00:00.000Z'],
    ['Korean in halves', '2026년 3월 3일 오후 4:05', '2026-03-03T16:05:00.000Z'],
    ['Arabic digits', '٢٠٢٦-٠٣-٠٣ ٠٨:٠٠', '2026-03-03T08:00:00.000Z'],
    ['a short year, with dots', '03.02.26 08:00', '2026-02-03T08:00:00.000Z'],
    ['the day first, with slashes', '03/02/2026 08:00', '2026-02-03T08:00:00.000Z'],
    ['milliseconds since 1970', '1772524800000', '2026-03-03T08:00:00.000Z'],
    ['seconds with a fraction', '1772524800.5', '2026-03-03T08:00:00.500Z'],
    ['the year first, with slashes', '2026/3/3 8:00:00', '2026-03-03T08:00:00.000Z'],
    ['the day first, with dots', '03.02.2026 08:00', '2026-02-03T08:00:00.000Z'],
    ['the day first, with hyphens', '10-04-2020', '2020-04-10T00:00:00.000Z'],
    ['the month first, when it can be nothing else', '04/13/2020', '2020-04-13T00:00:00.000Z'],
    ['the month first, from those who write PM', '4/3/2020 4:00 PM', '2020-04-03T16:00:00.000Z'],
    ['seconds since 1970', '1772524800', '2026-03-03T08:00:00.000Z'],
    ['a leap second', '2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000Z'],
    ['the midnight at the end of a day', '2026-03-03T24:00:00Z', '2026-03-04T00:00:00.000Z'],
    ['an impossible offset, as UTC', 'Tue, 03 Mar 2026 08:00:00 +9900', '2026-03-03T08:00:00.000Z'],
  ])('%s', (_what, text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('a date without a zone is in the zone of its source', () => {
  test.each([
    ['in winter', '2026-01-15 10:00', '2026-01-15T08:00:00.000Z'],
    ['in summer', '2025-07-15 10:00', '2025-07-15T07:00:00.000Z'],
    ['in an hour that does not exist', '2026-03-29 03:30', '2026-03-29T01:30:00.000Z'],
    ['with a zone that nobody knows', '15 Jan 2026 10:00 XYZ', '2026-01-15T08:00:00.000Z'],
  ])('%s', (_what, text, expected) => {
    expect(read(text, 'Europe/Kyiv')).toBe(expected);
  });

  test('and a date with one is not', () => {
    expect(read('2026-01-15T10:00:00Z', 'Asia/Tokyo')).toBe('2026-01-15T10:00:00.000Z');
  });
});

describe('what is no date', () => {
  test.each([
    '',
    'Yesterday',
    '0',
    '1970-01-01T00:00:00Z',
    '0001-01-01T00:00:00',
    '2026-02-30',
    '2026-13-01',
    '31 Feb 2026',
    '10:00',
    '2026-03-03T25:00:00Z',
    '5 minutes ago',
    '99999999999999999999',
  ])('is none: %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  test('costs no time, however long it is', () => {
    expect(read('1'.repeat(1_000_000))).toBeUndefined();
    expect(read('a 1 '.repeat(250_000))).toBeUndefined();
  });
});

describe('a date in the future', () => {
  test('is believed for five minutes, for clocks differ', () => {
    expect(read('2026-06-01T12:04:00Z')).toBe('2026-06-01T12:04:00.000Z');
  });

  test('is now beyond that', () => {
    expect(read('2026-06-01T15:00:00Z')).toBe('2026-06-01T12:00:00.000Z');
    expect(read('2041-01-01T00:00:00Z')).toBe('2026-06-01T12:00:00.000Z');
  });
});
