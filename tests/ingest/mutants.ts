import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readDocument } from '../../src/ingest/document/document.ts';
import { ParseError } from '../../src/ingest/document/feed.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { atom, item, rss, source } from '../support/feeds.ts';

/** Documents of real publishers, kept beside the repository. */
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
/** Larger ones are cut before they are changed: time is better spent on many. */
const MAX_SEED = 12_000;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the changes begin with: the corpus where it is, and documents of our own in every format. */
export function seeds(): Buffer[] {
  const news = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/a</loc><news:news><news:publication><news:language>uk</news:language></news:publication>
<news:publication_date>2026-03-03</news:publication_date><news:title>Заголовок</news:title></news:news></url></urlset>`;
  const own = [
    rss(item('a'), item('b', '<description><![CDATA[<p>x</p><script>alert(1)</script>]]></description>')),
    rss(
      `<item><title>&lt;b&gt;x&lt;/b&gt;</title><content:encoded>&lt;a href="javascript:alert(1)"&gt;x&lt;/a&gt;&lt;img src=x onerror=alert(1)&gt;</content:encoded></item>`,
    ),
    atom(
      '<entry><id>urn:a</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>b</em></div></title><link href="/a"/><updated>2026-03-03T10:00:00Z</updated><category term="x"/></entry>',
      '<at:deleted-entry ref="urn:b" when="2026-03-03T10:00:00Z"/>',
    ),
    `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>${item('a')}${item('b')}</rdf:RDF>`,
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      items: [
        { id: 'a', content_html: '<p onclick="x">a<svg onload=alert(1)></p>', url: 'javascript:alert(1)' },
      ],
    }),
    news,
    `<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>${rss(item('a', '<category>&c;</category>'))}`,
    `<html><body>${rss(item('a'))}</body></html>`,
  ].map((text) => Buffer.from(text));
  if (!existsSync(CORPUS)) return own;
  const files = readdirSync(CORPUS)
    .filter((file) => /\.(?:xml|json|html)$/.test(file))
    .sort();
  return [...own, ...files.map((file) => readFileSync(CORPUS + file).subarray(0, MAX_SEED))];
}

/** What attackers and broken servers put into documents. */
const SPLICES = [
  '<script>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '&lt;a href=&quot;java&amp;#x09;script:alert(1)&quot;&gt;x&lt;/a&gt;',
  '<link>javascript:alert(1)</link>',
  '<link href=" jAvAsCrIpT&colon;alert(1)"/>',
  '<enclosure url="data:text/html,&lt;script&gt;" type="image/png"/>',
  '&lt;svg/onload=alert(1)&gt;&lt;math&gt;&lt;style&gt;&lt;img src=x onerror=alert(1)&gt;',
  '&lt;iframe srcdoc="&amp;lt;script&amp;gt;"&gt;',
  '<__proto__><x>1</x></__proto__>',
  ']]>',
  '<![CDATA[',
  '<!--',
  '-->',
  '<?xml version="1.0" encoding="utf-16"?>',
  '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b SYSTEM "file:///etc/passwd">]>',
  '</item>',
  '<item>',
  '<entry>',
  '</channel>',
  '<title>',
  '</title>',
  '&#0;&#x110000;&#xd800;&',
  '\u0000\u0001\u202e\ufffe',
  '<a>'.repeat(3000),
  '&amp;'.repeat(3000),
  ` a="${'x'.repeat(20_000)}"`,
  '{"items":[',
  '"',
  '>',
];

/** A document that somebody cut, flipped bits of, spliced into another, or wrote something hostile into. */
export function mutate(documents: readonly Buffer[], random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  let bytes: Buffer = Buffer.from(pick(documents));
  for (let change = 1 + below(3); change > 0; change--) {
    const [a, b] = [below(bytes.length + 1), below(bytes.length + 1)].sort((x, y) => x - y) as [
      number,
      number,
    ];
    switch (below(6)) {
      case 0:
        bytes = bytes.subarray(0, b);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
        break;
      case 2: {
        bytes = Buffer.from(bytes);
        for (let flips = 1 + below(20); flips > 0 && bytes.length > 0; flips--) {
          const at = below(bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        }
        break;
      }
      case 3: {
        const other = pick(documents);
        const from = below(other.length);
        const part = other.subarray(from, from + below(4000));
        bytes = Buffer.concat([bytes.subarray(0, a), part, bytes.subarray(a)]);
        break;
      }
      default:
        // Between tags, where it is read, rather than anywhere.
        bytes = splice(bytes, a, pick(SPLICES));
    }
  }
  return bytes;
}

function splice(bytes: Buffer, near: number, text: string): Buffer {
  const tag = bytes.indexOf('>', near);
  const at = tag < 0 ? near : tag + 1;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)]);
}

export interface Verdict {
  /** It was a feed to us. */
  read: boolean;
  stories: number;
  ms: number;
  /** An error that is no ParseError. */
  crash?: unknown;
  /** What got through that should not: the first of it. */
  hostile?: string;
}

const ALLOWED_TAG =
  /^<\/?(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|ol|p|pre|section|table|td|th|tr|ul|a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|img|ins|kbd|mark|q|s|samp|small|strong|sub|sup|time|u|var|wbr|caption|tbody|thead|tfoot|ruby|rt|rp)(?=[\s/>])/;
const ATTRIBUTE = /\s([^\s=>/]+)(?:="([^"]*)")?/g;
const ALLOWED_ATTRIBUTE = /^(?:href|title|rel|src|alt|width|height|start|colspan|rowspan|datetime|dir|lang)$/;

/** Whatever in a body is no harmless tag: by its letters, with no parser that could err as ours does. */
export function hostileIn(body: string): string | undefined {
  for (const [tag] of body.matchAll(/<[^>]*>?/g)) {
    if (!ALLOWED_TAG.test(tag) || !tag.endsWith('>')) return tag;
    for (const [, name = '', value = ''] of tag.replace(/^<\/?\w+/, '').matchAll(ATTRIBUTE)) {
      if (!ALLOWED_ATTRIBUTE.test(name)) return tag;
      if ((name === 'href' || name === 'src') && !/^https?:\/\//.test(value)) return tag;
    }
  }
  return undefined;
}

const topics = await loadTopics();

export async function judge(bytes: Buffer): Promise<Verdict> {
  const before = performance.now();
  const verdict: Verdict = { read: false, stories: 0, ms: 0 };
  try {
    const document = { bytes, url: 'https://news.example/feed.xml' };
    const { drafts } = await readDocument(document, source(), { topics, now: Date.now });
    verdict.read = true;
    verdict.stories = drafts.length;
    for (const draft of drafts) {
      if (draft.kind !== 'content') continue;
      const { body = '', link, image } = draft.content;
      verdict.hostile ??= hostileIn(body);
      for (const address of [link, image?.href]) {
        if (address !== undefined && !/^https?:\/\//.test(address)) verdict.hostile ??= address;
      }
    }
    if (Object.hasOwn(Object.prototype, 'polluted') || 'x' in {}) verdict.hostile = 'a polluted prototype';
  } catch (error) {
    if (!(error instanceof ParseError)) verdict.crash = error;
  }
  verdict.ms = performance.now() - before;
  return verdict;
}
