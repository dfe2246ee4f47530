import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tag } from '../../src/ingest/document/tag.ts';
import { explain } from '../../src/topics/explain.ts';
import { loadTopics } from '../../src/topics/topics.ts';

const topics = await loadTopics();

/** What an editor gives the story that the project began with. */
const WANTED = [
  'war-in-ukraine',
  'prisoner-exchange',
  'politics',
  'person:rustem-umerov',
  'person:volodymyr-zelenskyy',
  'org:national-security-and-defense-council-of-ukraine',
  'place:ukraine',
  'place:washington-dc',
];

/** The same story in our own words, as three editions of an agency would have it. */
const EDITIONS = [
  {
    language: 'en',
    headline: 'Lists for an exchange of 1,000 people are being prepared - Zelenskyy',
    description:
      'NSDC Secretary Rustem Umerov has spoken with Moscow about another prisoner exchange. President Zelenskyy says that Russia drags its feet, while Ukraine wants its people back.',
    body: '<p>Talks about a truce may go on in Washington.</p>',
    sections: ['War in Ukraine', 'Politics'],
  },
  {
    language: 'uk',
    headline: 'Готуються списки на обмін тисячі людей - Зеленський',
    description:
      'Секретар РНБО Рустем Умєров говорив з Москвою про ще один обмін полоненими. За словами Президента Зеленського, Росія зволікає, а Україна хоче повернути своїх.',
    body: '<p>Розмови про перемирʼя можуть продовжитися у Вашингтоні.</p>',
    sections: ['Війна в Україні', 'Політика'],
  },
  {
    language: 'ru',
    headline: 'Готовятся списки на обмен тысячи людей - Зеленский',
    description:
      'Секретарь СНБО Рустем Умеров говорил с Москвой о ещё одном обмене пленными. По словам президента Зеленского, Россия медлит, а Украина хочет вернуть своих.',
    body: '<p>Разговоры о перемирии могут продолжиться в Вашингтоне.</p>',
    sections: ['Война в Украине', 'Политика'],
  },
];

const given = (story: (typeof EDITIONS)[number]) => tag({ topics: [], categories: {} }, story, topics);

describe('the story that the project began with', () => {
  test.each(EDITIONS)('gets the topics of an editor, each explained ($language)', (story) => {
    const found = given(story);
    expect(found.topics).toEqual(expect.arrayContaining(WANTED));
    const why = explain(found.topics, found.why, topics.vocabulary);
    expect(why.map(({ topic }) => topic)).toEqual(found.topics);
  });

  test.each(EDITIONS)('gets its subjects without sections too ($language)', (story) => {
    expect(given({ ...story, sections: [] }).topics).toEqual(expect.arrayContaining(WANTED));
  });

  test('gets the same persons, organisations and places in all editions', () => {
    const entities = EDITIONS.map((story) =>
      given(story)
        .topics.filter((id) => id.includes(':'))
        .sort(),
    );
    expect(entities[1]).toEqual(entities[0]);
    expect(entities[2]).toEqual(entities[0]);
  });

  // The page itself is its publisher's; where a copy lies beside the project, that is read too.
  const page = join(import.meta.dirname, '../../../shared/reference/seed-article.txt');
  (existsSync(page) ? test : test.skip)('as its publisher has it', () => {
    const text = readFileSync(page, 'utf8');
    const start = text.lastIndexOf('We want to bring back 1,000 people');
    const [headline = '', description = '', ...body] = text
      .slice(start, text.indexOf('Pavlo Bashynskyi'))
      .split(/\n+/);
    const sections = ['War in Ukraine', 'Politics'];
    const found = given({ language: 'en', headline, description, body: body.join(' '), sections });
    expect(found.topics).toEqual(expect.arrayContaining(WANTED));
    expect(
      given({ language: 'en', headline, description, body: body.join(' '), sections: [] }).topics,
    ).toEqual(expect.arrayContaining(WANTED));
  });
});
