import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasBlocks, sanitizeBody } from '../../src/ingest/document/html.ts';
import { headlineText, plainText } from '../../src/ingest/document/text.ts';

describe('plain text', () => {
  test.each([
    ['tags go', '<p>One <b>bold</b> word</p>', 'One bold word'],
    [
      'blocks keep words apart',
      '<p>One</p><p>two</p>three<br>four<ul><li>five<li>six</ul>',
      'One two three four five six',
    ],
    ['inline tags do not', '1930ft<sup>2</sup>', '1930ft2'],
    [
      'entities are decoded',
      'Fish &amp; chips &mdash; &#8220;now&#8221;&nbsp;&hellip;',
      'Fish & chips — “now” …',
    ],
    ['once', '&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['white space is folded', ' a \n\t b\u00a0\u00a0c ', 'a b c'],
    ['a lone < is a character', '1 < 2 <3 AT&T', '1 < 2 <3 AT&T'],
    ['scripts and styles go', 'a<script>alert(1)</script><style>p{}</style>b', 'ab'],
    ['comments go', 'a<!-- b -->c', 'ac'],
    ['invisible characters go', 'so\u00adft\u200b \u202eturned\ufeff', 'soft turned'],
    ['half characters go', 'a\ud83d b', 'a b'],
    ['whole ones stay', 'Є 🇺🇦 중 العربية', 'Є 🇺🇦 중 العربية'],
  ])('%s', (_what, html, expected) => {
    expect(plainText(html)).toBe(expected);
  });

  test('of a headline keeps the word script', () => {
    expect(headlineText('<script>alert(1)</script>Title')).toBe('alert(1)Title');
  });

  test('is made in no time of what would keep a parser busy', () => {
    const before = performance.now();
    plainText('<div>'.repeat(1_000_000));
    plainText('<h'.repeat(2_000_000));
    plainText('&'.repeat(2_000_000));
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('a body', () => {
  const clean = (html: string) => sanitizeBody(html, 200_000, 'https://news.example/a/');

  test('keeps the structure of a text', () => {
    const html =
      '<h2>One</h2><p>Two <strong>three</strong></p><ul><li>four</li></ul><blockquote>five</blockquote>';
    expect(clean(html)).toBe(html);
  });

  test.each([
    ['scripts', '<p>a</p><script>alert(1)</script>', '<p>a</p>'],
    ['styles', '<style>p{}</style><p style="color:red" class="x" id="y">a</p>', '<p>a</p>'],
    ['handlers', '<p onclick="x()">a</p>', '<p>a</p>'],
    ['frames', '<p>a</p><iframe src="https://evil.example/"></iframe>', '<p>a</p>'],
    ['svg', '<p>a</p><svg/onload=alert(1)><circle></svg>', '<p>a</p>'],
    ['forms', '<form action="/x"><input name="a"><p>a</p></form>', '<p>a</p>'],
    ['javascript links', '<a href="javascript:alert(1)">a</a>', '<a>a</a>'],
    ['hidden javascript links', '<a href=" jav&#x09;ascript:alert(1)">a</a>', '<a>a</a>'],
    ['data images', '<p>a<img src="data:image/png;base64,AAAA"></p>', '<p>a</p>'],
    ['tracking pixels', '<p>a<img src="https://t.example/p.gif" width="1" height="1"></p>', '<p>a</p>'],
  ])('loses %s', (_what, html, expected) => {
    expect(clean(html)).toBe(expected);
  });

  test('of plain paragraphs is what a sanitiser makes of it', () => {
    const pieces = fc.constantFrom(
      ...['<p>', '</p>', '<h2>', '</h2>', '<blockquote>', '</blockquote>', '<b>', '</b>', '<em>', '</em>'],
      ...[
        '<P>',
        '<p >',
        '<br>',
        '<li>',
        '<script>',
        '<',
        '>',
        '&',
        '&amp;',
        '\0',
        'One “two”',
        ' ',
        '\n',
        '"',
        "'",
        '\ud83d',
      ],
    );
    // A comment goes, and with it whatever reads plain paragraphs without a sanitiser.
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const html = parts.join('');
        expect(clean(html)).toBe(clean(`<!-- -->${html}`));
      }),
      { numRuns: 2_000 },
    );
    const paragraphs = fc.array(
      fc.constantFrom('<p>One</p>', '<h2>Two <b>three</b> “4”</h2>', '<p><i></i>\n</p>', ' x '),
    );
    fc.assert(
      fc.property(paragraphs, (parts) => {
        expect(clean(parts.join(''))).toBe(clean(`<!-- -->${parts.join('')}`));
      }),
    );
  });

  test('has absolute links that give nothing away', () => {
    expect(clean('<a href="../b?x=1&amp;y=2" target="_top" rel="opener">b</a>')).toBe(
      '<a href="https://news.example/b?x=1&amp;y=2" rel="noopener nofollow">b</a>',
    );
  });

  test('has absolute images with their size', () => {
    expect(clean('<img src="p.jpg" width="640" height="50%" alt="A &quot;b&quot;" onerror="x">')).toBe(
      '<img src="https://news.example/a/p.jpg" alt="A &quot;b&quot;" width="640" />',
    );
  });

  test('is none when nothing is left', () => {
    expect(clean('<p> </p><script>x</script><br>')).toBeUndefined();
    expect(clean('')).toBeUndefined();
  });

  test('is an image alone', () => {
    expect(clean('<img src="/p.jpg">')).toContain('https://news.example/p.jpg');
  });

  test('is cut to its size in bytes, at a tag, and stays well-formed', () => {
    const body = sanitizeBody(
      '<p>слово <a href="/посилання">і ще</a></p>'.repeat(10_000),
      20_000,
      'https://news.example/',
    );
    expect(Buffer.byteLength(body ?? '')).toBeLessThanOrEqual(20_000);
    expect(Buffer.byteLength(body ?? '')).toBeGreaterThan(15_000);
    expect(body?.endsWith('</p>')).toBe(true);
  });

  test('knows a paragraph from a line', () => {
    expect(hasBlocks('<p>a</p>')).toBe(true);
    expect(hasBlocks('a <b>b</b> <a href="x">c</a>')).toBe(false);
  });
});
