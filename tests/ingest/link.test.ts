import { describe, expect, test } from '@jest/globals';
import { absoluteUrl, canonicalLink } from '../../src/ingest/document/link.ts';

describe('a canonical link', () => {
  test.each([
    ['https://news.example/a?utm_source=rss&utm_medium=feed', 'https://news.example/a'],
    ['https://news.example/a?id=5&fbclid=x&page=2', 'https://news.example/a?id=5&page=2'],
    ['https://news.example/a?partner=rss&emc=rss', 'https://news.example/a'],
    ['https://news.example/a?partner=7', 'https://news.example/a?partner=7'],
    ['https://news.example/a#xtor=RSS-16', 'https://news.example/a'],
    ['https://news.example/a#utm_source=x', 'https://news.example/a'],
    ['https://news.example/live#post-7', 'https://news.example/live#post-7'],
    ['https://news.example/a?ref=news.example', 'https://news.example/a'],
    ['https://news.example/a?ref=main', 'https://news.example/a?ref=main'],
    ['https://news.example/a?q=a%20b+c&UTM_CAMPAIGN=x', 'https://news.example/a?q=a%20b+c'],
    ['HTTPS://News.Example/A', 'https://news.example/A'],
    ['  https://news.example/a\n', 'https://news.example/a'],
    ['https://me:secret@news.example/a', 'https://news.example/a'],
    ['www.news.example/a', 'https://www.news.example/a'],
  ])('%s', (link, expected) => {
    expect(canonicalLink(link)).toBe(expected);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'mailto:a@news.example',
    'ftp://news.example/',
    '',
    '   ',
    'story-7',
    `https://news.example/${'a'.repeat(5000)}`,
  ])('is none: %.40s', (link) => {
    expect(canonicalLink(link)).toBeUndefined();
  });
});

describe('a relative address', () => {
  test('is relative to the first base with which it makes sense', () => {
    expect(absoluteUrl('/a', undefined, 'news', 'https://news.example/x/', 'https://other.example/')).toBe(
      'https://news.example/a',
    );
    expect(absoluteUrl('//cdn.example/a.png', 'https://news.example/')).toBe('https://cdn.example/a.png');
    expect(absoluteUrl('../b', 'https://news.example/x/y/')).toBe('https://news.example/x/b');
  });

  test('never brings in another scheme through its base', () => {
    expect(absoluteUrl('x', 'javascript:alert(1)')).toBeUndefined();
    expect(absoluteUrl('x', 'file:///etc/')).toBeUndefined();
  });
});
