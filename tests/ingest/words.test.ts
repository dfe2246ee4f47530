import { describe, expect, test } from '@jest/globals';
import { parseFeed } from '../../src/ingest/document/parse.ts';
import { rss } from '../support/feeds.ts';

const LONG = 'Words that are long enough to be set aside while the elements are read';
const first = async (elements: string) => (await parseFeed(rss(`<item>${elements}</item>`))).items[0];

describe('long words come through a document as they went in', () => {
  test.each([
    ['plain', LONG, LONG],
    ['with the entities of XML', `${LONG} &amp;amp; &lt;b&gt; &quot;&apos;`, `${LONG} &amp; <b> "'`],
    ['with other entities', `${LONG} &mdash; &#8217; &amp;`, `${LONG} — ’ &`],
    ['with a bare ampersand', `${LONG} AT&T today`, `${LONG} AT&T today`],
    ['quoted', `<![CDATA[${LONG} &amp; ]] <b>]]>`, `${LONG} &amp; ]] <b>`],
    ['quoted in part', `A <![CDATA[${LONG}]]> z`, `A ${LONG} z`],
    ['with a sign of greater', `${LONG} 5 > 4`, `${LONG} 5 > 4`],
  ])('%s', async (_what, written, meant) => {
    expect((await first(`<title>${written}</title>`))?.title).toBe(meant);
  });

  test.each([
    ['plain', 'https://news.example/a-long-address/of-a-picture.jpg', undefined],
    ['with ampersands', 'https://news.example/picture.jpg?width=1200&amp;height=675', undefined],
    [
      'with other entities',
      'https://news.example/a-long-name/&eacute;t&#233;.jpg',
      'https://news.example/a-long-name/été.jpg',
    ],
  ])('in an attribute, %s', async (_what, url, meant) => {
    const images = (await first(`<title>A</title><media:content medium="image" url="${url}"/>`))?.images;
    expect(images).toEqual([{ href: meant ?? url.replaceAll('&amp;', '&') }]);
  });

  test('behind an attribute with a sign of greater in it', async () => {
    const item = await first(
      `<guid x="a > b and a long value">${LONG}</guid><title y='a > b "'>${LONG}</title><description>${LONG}</description>`,
    );
    expect(item).toMatchObject({ guid: LONG, title: LONG, description: LONG });
  });

  test('in a comment, nowhere', async () => {
    const item = await first(`<!-- <title>${LONG}</title> <![CDATA[ --><title>A</title><!-- ]]> -->`);
    expect(item?.title).toBe('A');
  });
});

test('a document cannot ask for the words of another place', async () => {
  const secret = `<guid>${LONG}</guid>`;
  expect((await first(`${secret}<title>\uffff0\uffff</title>`))?.title).toBe('0');
  expect((await first(`${secret}<title>&#65535;0&#xffff;</title>`))?.title).toBe('&#65535;0&#xffff;');
  const { items } = await parseFeed(
    `<!DOCTYPE rss [<!ENTITY a "\uffff0\uffff">]>${rss(`<item>${secret}<title>&a;</title></item>`)}`,
  );
  expect(items[0]?.title).toBe('0');
});

test('a root named like what every object has is no feed', async () => {
  await expect(parseFeed('<constructor><channel/></constructor>')).rejects.toThrow(
    'not a feed: XML or HTML that begins with <constructor>',
  );
});
