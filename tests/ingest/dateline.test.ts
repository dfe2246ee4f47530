import { expect, test } from '@jest/globals';
import { placeOf } from '../../src/ingest/document/dateline.ts';

test.each([
  ['KYIV (Reuters) — The parliament voted', 'Kyiv'],
  ['WASHINGTON, March 3 (Reuters) - The president', 'Washington'],
  ['ST. PETERSBURG, Fla. (AP) — Residents', 'St. Petersburg'],
  ['Tel Aviv (AFP) - The ministry', 'Tel Aviv'],
  ['BERLIN (dpa) - Der Bundestag', 'Berlin'],
  ['Paris, 3 mars 2026 (AFP) - Le Parlement', 'Paris'],
  ['Kyiv • UNN. The talks', 'Kyiv'],
  ['Київ. 3 березня. ІНТЕРФАКС-УКРАЇНА. Рада', 'Київ'],
  ['Київ. УНН. Рада', 'Київ'],
  ['МОСКВА, 3 марта. /ТАСС/. Дума', 'Москва'],
  ['LONDON — The court said', 'London'],
])('%s', (text, place) => {
  expect(placeOf(text)).toBe(place);
});

test.each([
  'The Rada (parliament) voted',
  'Apple (AAPL) shares fell',
  'Zelenskyy (left) and Biden',
  'BREAKING — Ceasefire agreed',
  'WATCH — The video',
  'NASA — the agency',
  'Liverpool (England) - Arsenal',
  'Ukraine • Politics and more',
  'Google | Company news',
  '',
])('no place: %s', (text) => {
  expect(placeOf(text)).toBeUndefined();
});
