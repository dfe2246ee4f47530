import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { ParseError } from '../../src/ingest/document/feed.ts';
import { readOpml } from '../../src/ingest/opml.ts';
import { parseSources } from '../../src/ingest/sources.ts';
import { loadTopics } from '../../src/topics/topics.ts';

const { vocabulary } = await loadTopics();
const read = (text: string) => readOpml(text, vocabulary);
const opml = (...outlines: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"><head><title>Feeds</title></head><body>${outlines.join('')}</body></opml>`;

describe('an OPML list', () => {
  test('becomes sources, with the folders that are topics', () => {
    const { sources, skipped } = read(
      opml(
        '<!-- <outline xmlUrl="https://commented.example/"/> -->',
        '<outline text="Політика"><outline text="Deep"><outline type="rss" text="УНН &amp; Ко" xmlUrl="https://unn.ua/rss?a=1&amp;b=2" language="uk"/></outline></outline>',
        "<OUTLINE TITLE='Sport &lt;1> ' XMLURL='https://sport.example/feed' category='/News/Sport,Economy'></OUTLINE>",
        '<outline text="No folder" xmlUrl="https://plain.example/rss"></outline>',
        '<outline type="rss" url="https://old.example/rss.xml"/>',
      ),
    );
    expect(skipped).toEqual([]);
    expect(sources).toEqual([
      {
        id: 'unn-ko',
        name: 'УНН & Ко',
        url: 'https://unn.ua/rss?a=1&b=2',
        language: 'uk',
        topics: ['politics'],
      },
      { id: 'sport-1', name: 'Sport <1>', url: 'https://sport.example/feed', topics: ['sport', 'economy'] },
      { id: 'no-folder', name: 'No folder', url: 'https://plain.example/rss' },
      { id: 'old-example', name: 'old.example', url: 'https://old.example/rss.xml' },
    ]);
  });

  test('can be used as a sources file', () => {
    const long = 'word '.repeat(60);
    const { sources } = read(
      opml(
        '<outline text="yes: [no] #1 \'x\'" xmlUrl="https://a.example/1"/>',
        '<outline text="null" xmlUrl="https://a.example/2"/>',
        '<outline text="2026" xmlUrl="https://a.example/3" language="xx-!"/>',
        `<outline text="${long}" xmlUrl="https://a.example/4"/><outline text="${long}" xmlUrl="https://a.example/5"/>`,
        '<outline text="新闻" xmlUrl="https://a.example/6"/><outline text="⚡" xmlUrl="https://a.example/7"/>',
        '<outline text="Politics"><outline text="A" xmlUrl="https://a.example/8"/><outline text="B" xmlUrl="https://a.example/9"/></outline>',
      ),
    );
    const parsed = parseSources(stringify({ sources }, { lineWidth: 0 }), 'imported');
    expect(parsed.map(({ url }) => url)).toEqual(sources.map(({ url }) => url));
    expect(new Set(parsed.map(({ id }) => id)).size).toBe(9);
    expect(parsed.map(({ name }) => name).slice(0, 3)).toEqual(["yes: [no] #1 'x'", 'null', '2026']);
  });

  test('gives each address once, with the topics of all its folders, and each id once', () => {
    const { sources } = read(
      opml(
        '<outline text="Politics"><outline text="Same" xmlUrl="https://www.same.example/rss/"/></outline>',
        '<outline text="Sport"><outline text="Again" xmlUrl="http://same.example/rss"/></outline>',
        '<outline text="Same" xmlUrl="https://other.example/rss"/><outline text="SAME!" xmlUrl="https://third.example/rss"/>',
      ),
    );
    expect(sources.map(({ id, topics }) => ({ id, topics }))).toEqual([
      { id: 'same', topics: ['politics', 'sport'] },
      { id: 'same-2', topics: undefined },
      { id: 'same-3', topics: undefined },
    ]);
  });

  test('says what it left out', () => {
    const { sources, skipped } = read(
      opml(
        '<outline text="Good" xmlUrl="feed://good.example/rss"/>',
        '<outline text="Bad" xmlUrl="javascript:alert(1)"/>',
        '<outline text="Secret" xmlUrl="https://me:password@secret.example/rss"/>',
      ),
    );
    expect(sources.map(({ url }) => url)).toEqual(['http://good.example/rss']);
    expect(skipped).toEqual([
      'Bad: "javascript:alert(1)" is no http or https address',
      expect.stringContaining('Secret: '),
    ]);
  });

  test('is read as far as it goes when it breaks off', () => {
    const [whole, torn] = ['a', 'b'].map((name) => `<outline text="A" xmlUrl="https://${name}.example/"/>`);
    expect(read(opml(whole ?? '', torn ?? '').slice(0, -20)).sources).toHaveLength(1);
  });

  test.each([
    ['nothing', '', 'there is no tag in it'],
    ['text', 'just text', 'there is no tag in it'],
    ['a feed', '<rss version="2.0"><channel/></rss>', 'it begins with <rss>'],
    ['a page', '<!DOCTYPE html><html></html>', 'it begins with <html>'],
    ['an empty list', opml(), 'no feed in it'],
    ['a deep one', opml('<outline text="x">'.repeat(200)), 'nested deeper'],
  ])('is refused when it is none: %s', (_what, text, message) => {
    expect(() => read(text)).toThrow(ParseError);
    expect(() => read(text)).toThrow(message);
  });

  test('cannot make its reader open files, swell or hang', () => {
    const bomb = `<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;">]>`;
    const { sources } = read(`${bomb}${opml('<outline text="&b;" xmlUrl="https://a.example/"/>')}`);
    expect(sources[0]).toMatchObject({ name: '&b;' });
    for (const piece of ['<', '<outline ', '<outline a="', '<!--', '<outline a=', "<a '"]) {
      expect(() => read(opml(piece.repeat(300_000)))).toThrow(ParseError);
    }
    expect(() => read(opml(`<outline ${'a'.repeat(1_000_000)}>`))).toThrow(ParseError);
  });
});
