import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/topics/explain.ts';
import { createTagger } from '../../src/topics/tagger.ts';
import { parseVocabulary } from '../../src/topics/vocabulary.ts';

const vocabulary = parseVocabulary([
  {
    name: 'small.yaml',
    text: `
politics: { names: { en: Politics }, keywords: { en: [prime minister*], uk: [прем'єр* міністр*] }, hints: { en: [minister*, vote*, cabinet] } }
sport: { names: { en: Sport } }
football: { parents: [sport], names: { en: Football }, keywords: { en: [offside trap] }, hints: { en: [striker*, goal*] } }
weather: { names: { en: Weather }, keywords: { uk: [мороз*], en: [storm*] } }
place:ukraine: { names: { uk: Україна, ru: Украина, en: Ukraine } }
place:kyiv: { parents: [place:ukraine], names: { uk: Київ, ru: Киев, en: Kyiv } }
place:sumy: { parents: [place:ukraine], names: { uk: Суми, ru: Сумы, en: Sumy }, aliases: { uk: [{ text: Суми, needs: [place:ukraine, област*] }] } }
place:lviv-oblast: { parents: [place:ukraine], names: { uk: Львівська область, en: Lviv Oblast }, aliases: { en: [Lviv region] } }
place:volyn-oblast: { parents: [place:ukraine], names: { uk: Волинська область, en: Volyn Oblast }, aliases: { en: [Volyn region] } }
place:lviv: { parents: [place:lviv-oblast], names: { uk: Львів, en: Lviv } }
place:poland: { names: { uk: Польща, en: Poland } }
place:lithuania: { names: { uk: Литва, en: Lithuania } }
place:united-states: { names: { uk: США, en: United States }, aliases: { en: [US] } }
place:texas: { parents: [place:united-states], names: { en: Texas } }
place:boston: { parents: [place:united-states], names: { uk: Бостон, en: Boston } }
place:georgia: { names: { en: Georgia, uk: Грузія }, aliases: { en: [{ text: Georgia, unless: [Atlanta, Kemp], not: [Georgia Tech] }] } }
place:georgia-us-state: { names: { en: Georgia (US state) }, aliases: { en: [{ text: Georgia, needs: [Atlanta, Kemp] }] } }
place:washington-dc: { names: { en: Washington, uk: Вашингтон } }
org:washington-post: { names: { en: Washington Post } }
org:ministry-of-defence: { names: { uk: Міністерство оборони, en: Ministry of Defence } }
org:national-bank: { names: { uk: Національний банк України, en: National Bank of Ukraine }, aliases: { uk: [{ text: Нацбанк, unless: [place:poland] }] } }
org:storm-relief: { names: { en: Storm Relief Fund }, suggests: [politics] }
org:arsenal: { names: { en: Arsenal }, suggests: [football] }
person:volodymyr-zelenskyy: { names: { uk: Володимир Зеленський, ru: Владимир Зеленский, en: Volodymyr Zelenskyy }, aliases: { uk: [Зеленський], ru: [Зеленский], en: [Zelenskyy] } }
person:rustem-umerov: { names: { uk: Рустем Умєров, ru: Рустем Умеров, en: Rustem Umerov }, aliases: { uk: [Умєров], ru: [Умеров], en: [Umerov] } }
person:joe-biden: { names: { uk: Джо Байден, en: Joe Biden }, aliases: { uk: [Байден], en: [Biden] } }
person:boris-johnson: { names: { en: Boris Johnson }, aliases: { en: [{ text: Johnson, needs: [prime minister*, Downing Street] }] } }
`,
  },
]);
const tagger = createTagger(vocabulary, { en: ['Hunter', 'Alexei'], uk: ['Олена', 'Петро'], ru: [] });
const tag = (language: string, headline: string, description?: string, body?: string) =>
  tagger.tag({ language, headline, description, body }).topics;

describe('a name', () => {
  test.each([
    ['uk', 'Зеленського чекають у Києві', ['person:volodymyr-zelenskyy', 'place:kyiv', 'place:ukraine']],
    ['uk', 'З Умєровим говорили про Україну', ['person:rustem-umerov', 'place:ukraine']],
    ['ru', 'Встреча с Зеленским в Киеве', ['person:volodymyr-zelenskyy', 'place:kyiv', 'place:ukraine']],
    ['en', "Zelenskyy's visit to KYIV", ['person:volodymyr-zelenskyy', 'place:kyiv', 'place:ukraine']],
    ['fr', "L'Ukraine attend, dit-on à l'Arsenal", ['place:ukraine', 'org:arsenal']],
    ['fr', "La visite d'Umerov", ['person:rustem-umerov']],
    ['uk', 'Колумніст Washington Post про Umerov', ['org:washington-post', 'person:rustem-umerov']],
  ])('is found in every case form (%s: %s)', (language, headline, topics) => {
    expect(tag(language, headline)).toEqual(topics);
  });

  test.each([
    ['ru', 'Умер известный актёр', 'another word'],
    ['en', 'Umerovs and kyivites', 'a part of a word'],
    ['uk', 'Виділено суми на ремонт', 'a common word'],
    ['uk', 'Суми виплат зростуть', 'a common word at the beginning, without what it needs'],
    ['en', 'Hunter Biden pleads guilty', 'somebody else of that name'],
    ['uk', 'Олена Зеленського не назвала', 'a surname after another given name'],
    ['uk', 'На вулиці Зеленського ремонт', 'a street'],
    ['en', 'The Biden Foundation reports', 'a foundation'],
    ['en', 'Researchers at Georgia Tech', 'a longer name that is none of ours'],
    ['en', 'Johnson wins a chess game', 'a surname that many have, without what it needs'],
    ['uk', 'П. Зеленський, фермер', 'another initial'],
    ['en', 'Baker Joe Biden wins the pie contest', 'an ordinary occupation'],
    ['uk', 'Мер і слюсар Ференц Байден', 'a given name that nobody listed, within a sentence'],
    ['uk', 'Олена Київ перемогла', 'a town’s name after a given name'],
    ['uk', 'Програли «Бостон Брюїнз»', 'a club in quotation marks'],
    ['uk', 'Прогноз Банку Литви', 'a country in the name of its bank'],
    ['en', 'The US Forest Service closes trails', 'a country in the name of its agency'],
    ['en', 'They beat Texas A&M after a break', 'a State in the name of its university'],
    ['en', "The Boston Children's Hospital reopens", 'a town in the name of its hospital'],
    ['en', 'Hunter Biden pleads guilty, Biden says', 'somebody else, and then without the given name'],
  ])('is not found in %s: %s (%s)', (language, headline) => {
    expect(tag(language, headline)).toEqual([]);
  });

  test('counts beside a relative when it is there in full', () => {
    expect(tag('en', 'Hunter Biden and Joe Biden', 'Biden said so')).toEqual(['person:joe-biden']);
  });

  test('counts when what it needs stands somewhere in the story', () => {
    expect(tag('uk', 'Суми атаковано дронами', 'Обстріляно область')).toContain('place:sumy');
    expect(tag('uk', 'Суми атаковано дронами', 'Новини з України')).toContain('place:sumy');
    expect(tag('en', 'Johnson leaves Downing Street')).toEqual(['person:boris-johnson']);
    expect(tag('en', 'Boris Johnson speaks', 'Johnson said so')).toEqual(['person:boris-johnson']);
  });

  test.each([
    ['uk', 'Нацбанк підвищив ставку', ['org:national-bank']],
    ['uk', 'Нацбанк Польщі підвищив ставку', []],
    ['uk', 'Нацбанк Литви підвищив ставку', []],
    ['uk', 'Банк Польщі відповів, Нацбанк мовчить', []],
  ])(
    'that bodies of several countries have is ours only without another country: %s, %s',
    (language, headline, topics) => {
      expect(tag(language, headline)).toEqual(topics);
    },
  );

  test('that shares its noun with another is found as if it had it', () => {
    const both = ['place:lviv-oblast', 'place:volyn-oblast', 'place:ukraine'];
    expect(tag('uk', 'У Львівській та Волинській областях')).toEqual(both);
    expect(tag('uk', 'Львівська й Волинська області')).toEqual(both);
    expect(tag('en', 'In the Lviv and Volyn regions')).toEqual(both);
    expect(tag('en', 'In Lviv and other regions')).toEqual([
      'place:lviv',
      'place:lviv-oblast',
      'place:ukraine',
    ]);
  });

  test('in a headline all in capitals is not taken for a part of what follows', () => {
    expect(tag('en', 'Texas Bombs Hit Hospital')).toContain('place:texas');
    expect(tag('uk', 'Слава Україні')).toContain('place:ukraine');
  });

  test('of two meanings is the one that its context asks for', () => {
    expect(tag('en', 'Georgia opens talks')).toEqual(['place:georgia']);
    expect(tag('en', 'Georgia opens talks, Kemp says')).toEqual(['place:georgia-us-state']);
  });

  test('of a country after a ministry is a part of the ministry', () => {
    expect(tag('uk', 'Міністерство оборони України повідомляє')).toEqual(['org:ministry-of-defence']);
    expect(tag('en', 'The Ministry of Defence of Ukraine says')).toEqual(['org:ministry-of-defence']);
    expect(tag('uk', 'Міністерство оборони: Україна готова')).toContain('place:ukraine');
  });

  test('in a text declared to be in other letters is read as the letters are', () => {
    expect(tag('en', 'Зеленського чекають у Києві, їх зустріли')).toContain('person:volodymyr-zelenskyy');
    expect(tag('und', 'Zelenskyy in Kyiv')).toContain('place:kyiv');
  });
});

describe('a subject', () => {
  test('needs a phrase that says it in the headline, or one in the description with a hint', () => {
    expect(tag('en', 'The prime minister resigns')).toEqual(['politics']);
    expect(tag('en', 'News', 'The prime minister resigns')).toEqual([]);
    expect(tag('en', 'Cabinet news', 'The prime minister resigns')).toEqual(['politics']);
    expect(tag('en', 'News', '', 'The prime minister resigns')).toEqual([]);
  });

  test('or three different hints; the same twice is one', () => {
    expect(tag('en', 'Ministers vote in cabinet')).toEqual(['politics']);
    expect(tag('en', 'Ministers vote')).toEqual([]);
    expect(tag('en', 'Ministers meet a minister', 'A minister votes')).toEqual([]);
  });

  test('takes a hint from whom it names', () => {
    expect(tag('en', 'Arsenal striker scores goals')).toEqual(['football', 'sport', 'org:arsenal']);
    expect(tag('en', 'Another striker scores goals')).toEqual([]);
    expect(tag('en', 'Arsenal sign nobody')).toEqual(['org:arsenal']);
  });

  test('with far less evidence than another is not what the story is about', () => {
    const headline = 'Prime minister on offside trap';
    expect(tag('en', headline)).toEqual(['politics', 'football', 'sport']);
    expect(tag('en', headline, 'Ministers vote in cabinet')).toEqual(['politics']);
  });

  test('is not said by somebody’s surname, nor by a word of a longer name', () => {
    expect(tag('uk', 'Мороз вдарив уночі')).toEqual(['weather']);
    expect(tag('uk', 'Петро Мороз очолив банк')).toEqual([]);
    expect(tag('en', 'The Storm Relief Fund is empty')).toEqual(['org:storm-relief']);
  });

  test('is not given without evidence', () => {
    expect(tag('en', 'Something happened somewhere')).toEqual([]);
  });
});

describe('the evidence', () => {
  test('says by what, with which words, where', () => {
    const { topics, why } = tagger.tag({
      language: 'en',
      headline: 'Zelenskyy meets the prime minister',
      body: 'in Kyiv',
    });
    expect(explain(topics, why, vocabulary)).toEqual([
      { topic: 'politics', by: 'keyword', words: 'prime minister', in: 'headline' },
      { topic: 'person:volodymyr-zelenskyy', by: 'name', words: 'zelenskyy', in: 'headline' },
      { topic: 'place:kyiv', by: 'name', words: 'kyiv', in: 'body' },
      { topic: 'place:ukraine', by: 'parent', words: 'place:kyiv' },
    ]);
  });

  test('that was given stands before what is found', () => {
    const { topics, why } = tagger.tag({ language: 'en', headline: 'In Kyiv' }, [
      { topic: 'place:kyiv', by: 'section', words: 'Capital' },
    ]);
    expect(explain(topics, why, vocabulary)).toEqual([
      { topic: 'place:kyiv', by: 'section', words: 'Capital' },
      { topic: 'place:ukraine', by: 'parent', words: 'place:kyiv' },
    ]);
  });
});
