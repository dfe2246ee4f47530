import { describe, expect, test } from '@jest/globals';
import { discover } from '../../src/ingest/push/websub-discovery.ts';
import { atom, item, rss } from '../support/feeds.ts';

const HUB = 'https://hub.example/';
const SELF = 'https://news.example/feed';
const bytes = (text: string) => Buffer.from(text);
const link = (rel: string, href: string, prefix = 'atom:') => `<${prefix}link rel="${rel}" href="${href}"/>`;

describe('the Link headers of a feed', () => {
  test('name its hubs and itself, in one header or several', () => {
    expect(
      discover(`<${HUB}>; rel="hub", <https://two.example/>;rel=hub, <${SELF}>; rel="self"`, bytes('')),
    ).toEqual({ hubs: [HUB, 'https://two.example/'], self: SELF });
  });

  test.each([
    ['several relations', `<${HUB}>; rel="alternate HUB"; title="a, <b>; rel=self", <${SELF}>; rel=self`],
    ['other parameters', `<${HUB}>; type="x/y" ; REL = "hub",<${SELF}>;rel=self;foo`],
    ['links of other kinds', `</x>; rel=preload; as=style, <${HUB}>; rel=hub, <${SELF}>; rel=self`],
    ['relative addresses', `<${HUB}>; rel=hub, </feed>; rel=self`],
    [
      'links of other documents',
      `<https://x.example/>; rel=hub; anchor="/other", <${HUB}>; rel=hub, <${SELF}>; rel=self`,
    ],
  ])('are understood: %s', (_what, header) => {
    expect(discover(header, bytes(''), 'https://news.example/rss')).toEqual({ hubs: [HUB], self: SELF });
  });

  test('count before the document, each of the two by itself', () => {
    const body = bytes(rss(link('hub', 'https://body.example/'), link('self', 'https://body.example/feed')));
    expect(discover(`<${HUB}>; rel=hub`, body)).toEqual({ hubs: [HUB], self: 'https://body.example/feed' });
    expect(discover(`<${SELF}>; rel=self`, body)).toEqual({ hubs: ['https://body.example/'], self: SELF });
  });

  test.each([
    '<',
    '<>',
    '"',
    '<x>; rel="hub',
    `<${'x'.repeat(100_000)}`,
    '<"'.repeat(5000),
    '<a>"'.repeat(5000),
  ])('that are broken are as good as none', (header) => {
    expect(discover(header, bytes(''))).toEqual({ hubs: [] });
  });
});

describe('a document', () => {
  test.each([
    ['RSS', rss(link('hub', HUB), link('self', SELF), item('a'))],
    ['RSS with another prefix', rss(link('self', SELF, 'atom10:'), link('hub', HUB, 'atom10:'), item('a'))],
    ['Atom', atom(link('self', SELF, ''), link('hub', HUB, ''), '<entry><id>a</id></entry>')],
    ['links after the items', rss(item('a'), item('b'), link('hub', HUB), link('self', SELF))],
    [
      'single quotes, white space, capitals',
      rss(`<atom:LINK\n HREF = '${HUB}' rel='HUB'></atom:LINK>`, link('self', SELF)),
    ],
    ['several relations', rss(link('hub', HUB), link('self alternate', SELF))],
    ['entities', rss(link('hub', HUB.replace('h', '&#104;')), link('self', SELF))],
    ['relative addresses', rss(link('hub', HUB), link('self', '/feed'))],
  ])('names its hub and itself: %s', (_what, text) => {
    expect(discover(undefined, bytes(text), 'https://news.example/rss')).toEqual({ hubs: [HUB], self: SELF });
  });

  test('names its hub and itself: JSON Feed', () => {
    const feed = {
      feed_url: SELF,
      items: [{ id: 'a', content_text: '"hubs"' }],
      hubs: [{ type: 'WebSub', url: HUB }],
    };
    expect(discover(undefined, bytes(JSON.stringify(feed)))).toEqual({ hubs: [HUB], self: SELF });
  });

  test('names its hub and itself: UTF-16, and windows-1251', () => {
    const text = rss('<title>Новини</title>', link('hub', HUB), link('self', SELF));
    expect(discover(undefined, Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual({ hubs: [HUB], self: SELF });
    expect(discover(undefined, Buffer.from(text, 'latin1'))).toEqual({ hubs: [HUB], self: SELF });
  });

  test('a long one is looked at before its items and after them, however long they are', () => {
    const items = Array.from({ length: 1500 }, (_, index) => item(`story-${index}`));
    expect(discover(undefined, bytes(rss(link('hub', HUB), ...items, link('self', SELF))))).toEqual({
      hubs: [HUB],
      self: SELF,
    });
  });

  test.each([
    ['in an item', rss(item('a', link('hub', HUB) + link('self', SELF)), item('b'))],
    ['in a comment', rss(`<!-- ${link('hub', HUB)}${link('self', SELF)} -->`)],
    ['in text', rss(`<description><![CDATA[${link('hub', HUB)}${link('self', SELF)}]]></description>`)],
    ['in an item of JSON', JSON.stringify({ items: [{ hubs: [{ url: HUB }] }] })],
    ['of another scheme', rss(link('hub', 'javascript:alert(1)'), link('self', 'file:///etc/passwd'))],
    ['too long', rss(link('hub', `${HUB}${'x'.repeat(3000)}`))],
    ['in JSON that is broken', '{"hubs": [{"url": "https://hub.example/"}'],
    ['in JSON of another shape', '{"hubs": ["https://hub.example/", null, {"url": 1}]}'],
  ])('a link does not count %s', (_what, text) => {
    expect(discover(undefined, bytes(text))).toEqual({ hubs: [] });
  });

  test('that names hub after hub is believed four', () => {
    const many = Array.from({ length: 100 }, (_, index) => link('hub', `${HUB}${index}`));
    expect(discover(undefined, bytes(rss(...many))).hubs).toHaveLength(4);
  });

  test.each([
    ['open tags', '<link '],
    ['attributes', '<link rel="hub" href="'],
    ['items', '<item>'],
    ['ends of items', '</item '],
    ['comments', '<!--'],
    ['prefixes', '<a'],
    ['spaces', 'href    '],
  ])('that is hostile takes no time: %s', (_what, piece) => {
    const body = bytes(piece.repeat(Math.ceil(5_000_000 / piece.length)));
    const started = performance.now();
    discover(undefined, body);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
