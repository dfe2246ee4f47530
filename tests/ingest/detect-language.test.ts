import { describe, expect, test } from '@jest/globals';
import { detectLanguage } from '../../src/ingest/document/detect-language.ts';
import { languageOf } from '../../src/ingest/document/language.ts';

describe('the language of a headline', () => {
  test.each([
    ['uk', 'Рада прийняла бюджет на наступний рік'],
    ['uk', 'Ціни на пальне знову зросли'],
    ['ru', 'Цены на топливо снова выросли'],
    ['ru', 'Правительство объявило новые меры поддержки'],
    ['be', 'У Гродне адкрылі новую школу'],
    ['bg', 'В София откриха ново училище'],
    ['en', 'Parliament passes budget after long debate'],
    ['de', 'Warum der Dollar fällt'],
    ['fr', 'Les prix du pétrole augmentent'],
    ['es', 'Detenido un hombre tras el incendio'],
    ['pl', 'Sejm przyjął budżet na przyszły rok'],
    ['it', "Arrestato un uomo dopo l'incendio"],
    ['pt', 'O Parlamento aprova o orçamento'],
    ['zh', '国务院召开会议讨论经济'],
    ['ja', '政府が新しい対策を発表'],
    ['ko', '정부, 새 대책 발표'],
    ['ar', 'الحكومة تعلن تدابير جديدة'],
    ['he', 'הממשלה הודיעה על צעדים חדשים'],
    ['hi', 'सरकार ने नई घोषणा की'],
    ['el', 'Η κυβέρνηση ανακοίνωσε μέτρα'],
    ['ka', 'მთავრობამ ახალი ზომები გამოაცხადა'],
    ['hy', 'Կառավարությունը հայտարարեց'],
    ['th', 'รัฐบาลประกาศมาตรการใหม่'],
  ])('%s: %s', (language, headline) => {
    expect(detectLanguage(headline)?.language).toBe(language);
  });

  test.each(['2026', 'iPhone 17', 'NATO', '— 3:2', ''])('is not guessed: %j', (headline) => {
    expect(detectLanguage(headline)).toBeUndefined();
  });
});

describe('what is declared', () => {
  const ukrainian = 'Рада прийняла бюджет на наступний рік, повідомляє прес-служба парламенту';
  test('holds', () => {
    expect(languageOf({ feed: 'uk' }, 'iPhone 17')).toBe('uk');
  });

  test('loses to words that are clearly of another language', () => {
    expect(languageOf({ feed: 'en-us' }, ukrainian, detectLanguage(ukrainian))).toBe('uk');
  });

  test('holds when it was configured', () => {
    expect(languageOf({ feed: 'en', source: 'ru' }, ukrainian)).toBe('ru');
  });

  test('and of which nothing is known is that of the stories around', () => {
    expect(languageOf({}, 'Наука', { language: 'uk', sure: true })).toBe('uk');
    expect(languageOf({}, 'iPhone 17', { language: 'uk', sure: true })).toBe('und');
  });
});
