import { describe, expect, test } from '@jest/globals';
import { identify, type Traits } from '../../src/ingest/document/identity.ts';

const story = (name: string, more: Partial<Traits> = {}): Traits => ({
  guid: `g-${name}`,
  link: `https://news.example/${name}`,
  text: `What happened in ${name}`,
  ...more,
});
const idOf = (traits: Traits) => identify('test', [traits])[0];

describe('the id of a story', () => {
  test('is its source and 20 hex digits', () => {
    expect(idOf(story('a'))).toMatch(/^test:[0-9a-f]{20}$/);
  });

  test('is of one source', () => {
    expect(identify('other', [story('a')])[0]).not.toBe(idOf(story('a')));
  });

  test('stays when text and link change under the same guid', () => {
    expect(idOf(story('a', { link: 'https://news.example/renamed', text: 'New words' }))).toBe(
      idOf(story('a')),
    );
  });

  test('stays when text changes under the same link, where there is no guid', () => {
    expect(idOf(story('a', { guid: undefined, text: 'New words' }))).toBe(
      idOf(story('a', { guid: undefined })),
    );
  });

  test('stays when the publisher moves from http to https', () => {
    expect(idOf({ link: 'http://news.example/a', text: 'x' })).toBe(
      idOf({ link: 'https://news.example/a', text: 'x' }),
    );
    expect(idOf({ guid: 'http://news.example/a', text: 'x' })).toBe(
      idOf({ guid: 'https://news.example/a', text: 'x' }),
    );
  });

  test('is by the text when there is nothing else', () => {
    expect(idOf({ text: 'a' })).toBe(idOf({ text: 'a' }));
    expect(idOf({ text: 'a' })).not.toBe(idOf({ text: 'b' }));
  });

  test('differs for guids that differ only behind the #', () => {
    const link = 'https://news.example/live';
    const ids = identify('test', [
      story('a', { guid: `${link}#1`, link }),
      story('b', { guid: `${link}#2`, link }),
    ]);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('one guid for several stories of a document', () => {
  const same = (name: string, more: Partial<Traits> = {}) => story(name, { guid: 'the-same', ...more });

  test('gives each story an id of its own', () => {
    const ids = identify(
      'test',
      Array.from({ length: 10 }, (_, n) => same(String(n))),
    );
    expect(new Set(ids).size).toBe(10);
  });

  test('gives a story the same id wherever it stands in the list', () => {
    const [b, a] = identify('test', [same('b'), same('a')]);
    const [, b2, a2] = identify('test', [same('c'), same('b'), same('a')]);
    expect([b2, a2]).toEqual([b, a]);
  });

  test('is kept by the first when the links are the same too', () => {
    const link = 'https://news.example/page';
    const [first, second] = identify('test', [same('a', { link }), same('b', { link })]);
    expect(first).toBe(idOf(same('a', { link })));
    expect(second).not.toBe(first);
  });

  test('makes one story of items that are the same in everything', () => {
    const [first, second] = identify('test', [same('a'), same('a')]);
    expect(first).toBe(idOf(same('a')));
    expect(second).toBeUndefined();
  });
});

test('stories that share a link and have no guid are told apart by their text', () => {
  const page = (text: string) => ({ link: 'https://news.example/', text });
  const [b, a] = identify('test', [page('b'), page('a')]);
  expect(identify('test', [page('c'), page('b'), page('a')]).slice(1)).toEqual([b, a]);
  expect(identify('test', [page('a'), page('a')])).toEqual([idOf(page('a')), undefined]);
});

describe('a story whose guid is an address stays the same when', () => {
  const guid = 'https://www.news.example/2026/03/03/parliament-passes-the-budget';
  test.each([
    ['the scheme changes', 'http://www.news.example/2026/03/03/parliament-passes-the-budget'],
    ['the www goes', 'https://news.example/2026/03/03/parliament-passes-the-budget'],
    ['a reader is counted', `${guid}?utm_source=rss&utm_medium=feed`],
    ['a slash is added', `${guid}/`],
    ['the newsroom moves to another host', 'https://news.test/2026/03/03/parliament-passes-the-budget'],
  ])('%s', (_what, moved) => {
    expect(idOf(story('a', { guid: moved, link: moved }))).toBe(idOf(story('a', { guid, link: guid })));
  });

  test('but two sites may both have a /news/12', () => {
    const at = (host: string) => idOf(story('a', { guid: `https://${host}/news/12` }));
    expect(at('a.example')).not.toBe(at('b.example'));
  });
});

test.each(['0', 'null', 'None', '-', '#'])('a guid of %j is none', (guid) => {
  expect(idOf(story('a', { guid }))).toBe(idOf(story('a', { guid: undefined })));
});
