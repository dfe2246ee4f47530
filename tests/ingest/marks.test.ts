import { describe, expect, test } from '@jest/globals';
import { flagsOf, isCorrection } from '../../src/ingest/document/marks.ts';

describe('flags', () => {
  test.each([
    ['BREAKING: Ceasefire agreed', 'breaking'],
    ['Breaking news | Ceasefire agreed', 'breaking'],
    ['[Breaking] Ceasefire agreed', 'breaking'],
    ['ТЕРМІНОВО! Домовлено про припинення вогню', 'breaking'],
    ['Срочно: договорились о прекращении огня', 'breaking'],
    ['⚡️ Домовлено про припинення вогню', 'breaking'],
    ['Exclusive — Inside the talks', 'exclusive'],
    ['Ексклюзив. Як ішли переговори', 'exclusive'],
    ['Эксклюзив: как шли переговоры', 'exclusive'],
    ['Opinion: Why it will hold', 'opinion'],
    ['Думка | Чому це надовго', 'opinion'],
    ['LIVE: The talks, minute by minute', 'live'],
    ['Онлайн-трансляція: переговори', 'live'],
    ['Sponsored: Ten sofas', 'sponsored'],
    ['На правах реклами: десять диванів', 'sponsored'],
    ['Eilmeldung: Bundestag stimmt zu', 'breaking'],
    ['+++ Eilmeldung +++ Bundestag stimmt zu', 'breaking'],
    ['Alerte info : accord trouvé', 'breaking'],
    ['Última hora: hay acuerdo', 'breaking'],
    ['EXKLUSIV: Wie verhandelt wurde', 'exclusive'],
    ['EXCLUSIF - Les coulisses', 'exclusive'],
    ['The talks from within (exclusive)', 'exclusive'],
    ['Kommentar: Warum es hält', 'opinion'],
    ['Éditorial. La paix', 'opinion'],
    ['Why it will hold | Opinion', 'opinion'],
    ['🔴 EN DIRECT. Les négociations', 'live'],
    ['Liveticker: Die Verhandlungen', 'live'],
    ['En vivo | Las conversaciones', 'live'],
    ['The talks – live updates', 'live'],
    ['Anzeige: Zehn Sofas', 'sponsored'],
    ['Contenu sponsorisé : dix canapés', 'sponsored'],
  ])('%s', (headline, flag) => {
    expect(flagsOf(headline, [])).toEqual([flag]);
  });

  test.each([
    'Breaking Bad actor opens a café',
    'Live music returns to the streets',
    'Exclusive club closes',
    'Opinions differ on the budget',
    'Ukraine: the talks go on',
    'Онлайн продажі зростають',
    'Live-in nurses wanted',
    'Where we live - a guide',
    'Direct flights resume',
  ])('a headline that only begins with such a word has none: %s', (headline) => {
    expect(flagsOf(headline, [])).toEqual([]);
  });

  test('come from sections too, each once', () => {
    expect(flagsOf('Opinion: Why it will hold', ['Opinion', 'Думки', 'Politics', 'Live'])).toEqual([
      'opinion',
      'live',
    ]);
  });
});

describe('a correction', () => {
  test.each([
    'Correction: the vote was on Monday',
    'CORRECTED-Parliament votes on Monday',
    'CORRECTED: Parliament votes on Monday',
    '(Corrects day in the second paragraph) Parliament votes',
    '[Correction] Parliament votes on Monday',
    'Виправлено: Рада голосує в понеділок',
    'Уточнено. Рада голосує в понеділок',
    'Исправлено — Рада голосует в понедельник',
    'Уточнение: голосование в понедельник',
  ])('says so: %s', (text) => {
    expect(isCorrection(text)).toBe(true);
  });

  test.each([
    'Correction officers strike',
    'Corrected figures show growth',
    'Уточнено список звільнених',
    'Parliament votes (correction)',
    '',
  ])('is not: %s', (text) => {
    expect(isCorrection(text)).toBe(false);
  });
});
