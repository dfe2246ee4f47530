import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import RssParser from 'rss-parser';
import { type Article, type Channel, channelOf } from '../../src/demo/article.ts';
import { atom } from '../../src/demo/atom.ts';
import { chanceOf } from '../../src/demo/chance.ts';
import { openDesk } from '../../src/demo/desk.ts';
import { jsonFeed } from '../../src/demo/json-feed.ts';
import { rss } from '../../src/demo/rss.ts';

const OPENED = Date.UTC(2026, 6, 1, 9, 30);

/** A feed after some hours of life. */
function channel(id: string): Channel {
  const desk = openDesk(chanceOf(5), OPENED, 8);
  for (let step = 1; step <= 200; step += 1) desk.next(OPENED + step * 4000);
  const edition = desk.editions.get(id);
  if (!edition) throw new Error(`no feed ${id}`);
  return channelOf(edition, 'http://127.0.0.1:8080');
}

/** The feed with texts of someone who means it ill. */
function withTexts(base: Channel, text: string): Channel {
  const [first] = base.articles;
  if (!first) throw new Error('no article');
  const article: Article = {
    ...first,
    headline: text,
    description: text,
    author: text,
    categories: [{ word: text }],
  };
  return { ...base, articles: [article] };
}

const texts = fc
  .string({ unit: fc.constantFrom('<', '>', '&', '"', "'", ']]>', 'ї', '😀', 'a', '&amp;', '-->', '\u0007') })
  .map((text) => `x${text}x`);

const readable = (text: string) => text.replaceAll('\u0007', '');

describe('RSS', () => {
  const parse = (text: string) =>
    new RssParser({
      customFields: {
        item: [
          ['media:content', 'media'],
          ['content:encoded', 'whole'],
        ],
      },
    }).parseString(text);

  test('is read by a feed reader as it was meant', async () => {
    const meant = channel('dnipro-wire-en');
    const read = await parse(rss(meant));
    expect(read.title).toBe('Dnipro Wire (sample)');
    expect(read.items.map(({ guid, title, link }) => ({ guid, title, link }))).toEqual(
      meant.articles.map(({ guid, headline, link }) => ({ guid, title: headline, link })),
    );
    for (const [index, item] of read.items.entries()) {
      const article = meant.articles[index];
      expect(item.whole).toBe(article?.html);
      expect(item.content).toBe(article?.description);
      expect(item.creator).toBe(article?.author);
      expect(Date.parse(item.isoDate ?? '')).toBe(Math.floor((article?.published ?? 0) / 1000) * 1000);
      expect(item.media?.$?.url).toBe(article?.image?.href);
    }
  });

  test('names people, organisations and places as such', () => {
    const document = rss(channel('dnipro-wire-uk'));
    expect(document).toMatch(/<category>[^<]+<\/category>/);
    expect(document).toMatch(/<category domain="person">[^<]+<\/category>/);
    expect(document).toMatch(/<category domain="place">[^<]+<\/category>/);
  });

  test('shows pictures as enclosures with their length, or as media content with their size', () => {
    expect(rss(channel('dnipro-wire-uk'))).toMatch(
      /<enclosure url="[^"]+\.svg" type="image\/svg\+xml" length="\d+"\/>/,
    );
    expect(rss(channel('stadium-and-stage'))).toMatch(/<media:content url="[^"]+" medium="image"/);
  });

  test('gives the wall clock of Kyiv where the source says so', () => {
    const meant = channel('stadium-and-stage');
    const [, date] = /<pubDate>([^<]+)<\/pubDate>/.exec(rss(meant)) ?? [];
    expect(date).toMatch(/^2026-07-01 \d\d:\d\d:\d\d$/);
    const kyivInSummer = Date.parse(`${date?.replace(' ', 'T')}+03:00`);
    expect(kyivInSummer).toBe(Math.floor((meant.articles[0]?.published ?? 0) / 1000) * 1000);
  });

  test('survives any text', async () => {
    const base = channel('dnipro-wire-en');
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const [item] = (await parse(rss(withTexts(base, text)))).items;
        expect([item?.title, item?.creator, item?.categories]).toEqual([
          readable(text),
          readable(text),
          [readable(text)],
        ]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('Atom', () => {
  const parse = (text: string) => new RssParser().parseString(text);

  test('is read by a feed reader as it was meant', async () => {
    const meant = channel('sioma-versta');
    const read = await parse(atom(meant));
    expect(read.title).toBe('Сьома Верста (sample)');
    expect(
      read.items.map(({ id, title, link, summary, content }) => ({ id, title, link, summary, content })),
    ).toEqual(
      meant.articles.map(({ guid, headline, link, description, html }) => {
        return { id: guid, title: headline, link, summary: description, content: html };
      }),
    );
  });

  test('has a tombstone for each withdrawn story, which is no longer among its entries', () => {
    const meant = channel('dnipro-wire-ru');
    const document = atom(meant);
    expect(document).toContain('xmlns:at="http://purl.org/atompub/tombstones/1.0"');
    const stones = [...document.matchAll(/<at:deleted-entry ref="([^"]+)" when="([^"]+)"\/>/g)];
    expect(stones.length).toBeGreaterThan(1);
    expect(stones.map(([, ref, when]) => ({ guid: ref, when: Date.parse(when ?? '') }))).toEqual(
      meant.withdrawn.map(({ guid, when }) => ({ guid, when })),
    );
    for (const [, ref] of stones) expect(document).not.toContain(`<id>${ref}</id>`);
  });

  test('survives any text', async () => {
    const base = channel('dnipro-wire-ru');
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const [item] = (await parse(atom(withTexts(base, text)))).items;
        expect([item?.title, item?.author, item?.summary]).toEqual(Array(3).fill(readable(text)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('JSON Feed', () => {
  test('has what version 1.1 asks for, and every story', () => {
    const meant = channel('ledger-and-grain');
    const read: unknown = JSON.parse(jsonFeed(meant));
    expect(read).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Ledger & Grain (sample)',
      feed_url: 'http://127.0.0.1:8080/feeds/ledger-and-grain.json',
      language: 'en',
      items: meant.articles.map(({ guid, link, headline, description, html }) => {
        return { id: guid, url: link, title: headline, summary: description, content_html: html };
      }),
    });
  });
});
