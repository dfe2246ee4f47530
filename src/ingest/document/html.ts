import { escapeUTF8 } from 'entities';
import sanitizeHtml from 'sanitize-html';
import { absoluteUrl } from './link.ts';

/** Tags between which words do not run together. */
export const BLOCKS = [
  'address',
  'article',
  'aside',
  'blockquote',
  'br',
  'dd',
  'div',
  'dl',
  'dt',
  'figcaption',
  'figure',
  'footer',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hr',
  'li',
  'ol',
  'p',
  'pre',
  'section',
  'table',
  'td',
  'th',
  'tr',
  'ul',
];
const INLINE = [
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'cite',
  'code',
  'del',
  'dfn',
  'em',
  'i',
  'img',
  'ins',
  'kbd',
  'mark',
  'q',
  's',
  'samp',
  'small',
  'strong',
  'sub',
  'sup',
  'time',
  'u',
  'var',
  'wbr',
  'caption',
  'tbody',
  'thead',
  'tfoot',
  'ruby',
  'rt',
  'rp',
];
/** Elements whose content is not for readers. */
export const UNREAD = [
  'script',
  'style',
  'textarea',
  'option',
  'noscript',
  'template',
  'svg',
  'math',
  'object',
  'iframe',
  'head',
  'title',
];
/** Deeper is an attack, or an accident with unclosed tags. */
export const MAX_DEPTH = 40;

/** Whether HTML has structure that a single line of plain text would lose. */
export function hasBlocks(html: string): boolean {
  return /<(?:p|div|ul|ol|table|h[1-6]|blockquote|figure|section|article|br\s*\/?>\s*<br)\b/i.test(html);
}

export function escapeHtml(text: string): string {
  return escapeUTF8(text);
}

/**
 * HTML that a page may show as it is: an allow-list of tags, no scripts, styles, handlers or frames; links and images
 * absolute http(s) only, links with `rel="noopener nofollow"`; tracking pixels gone.
 *
 * @param maxBytes the result is cut to this, at a tag
 * @param bases what relative addresses are relative to, in order of trust
 * @returns `undefined` when nothing is left to show
 */
export function sanitizeBody(
  html: string,
  maxBytes: number,
  ...bases: (string | undefined)[]
): string | undefined {
  let input = html.slice(0, maxBytes);
  for (let attempt = 0; attempt < 8; attempt++) {
    const output = sanitized(input, bases);
    const bytes = Buffer.byteLength(output);
    if (bytes <= maxBytes) return /<img\b|[^\s<>](?![^<]*>)/.test(output) ? output : undefined;
    const cut = input.slice(0, Math.floor((input.length * maxBytes * 0.95) / bytes));
    input = cut.slice(0, cut.lastIndexOf('<') > cut.lastIndexOf('>') ? cut.lastIndexOf('<') : undefined);
  }
  return undefined;
}

/**
 * Nothing but text, or paragraphs of it with some words in bold or italics: no attribute, no entity, no tag within one of
 * its kind. Newsrooms write most of their stories so. Each character can be read in one way only, so that no text takes long.
 */
const PLAIN =
  /^[^<>&\0]*(?:<(p|h[1-6]|blockquote)>[^<>&\0]*(?:<(b|strong|i|em|u|s|q|cite|mark|small|sub|sup)>[^<>&\0]*<\/\2>[^<>&\0]*)*<\/\1>[^<>&\0]*)*$/;

function sanitized(html: string, bases: (string | undefined)[]): string {
  // A sanitiser would give back the same.
  if (PLAIN.test(html)) return html.toWellFormed().trim();
  return sanitizeHtml(html.toWellFormed(), {
    allowedTags: [...BLOCKS, ...INLINE],
    allowedAttributes: {
      a: ['href', 'title', 'rel'],
      img: ['src', 'alt', 'title', 'width', 'height'],
      ol: ['start'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan'],
      time: ['datetime'],
      '*': ['dir', 'lang'],
    },
    allowedSchemes: ['http', 'https'],
    allowProtocolRelative: false,
    nonTextTags: UNREAD,
    nestingLimit: MAX_DEPTH,
    transformTags: {
      a: (tagName, { href, title }) => {
        const absolute = absoluteUrl(href, ...bases);
        if (!absolute) return { tagName, attribs: {} };
        return {
          tagName,
          attribs: { href: absolute, ...(title ? { title } : {}), rel: 'noopener nofollow' },
        };
      },
      img: (tagName, { src, alt, title, width, height }) => ({
        tagName,
        attribs: {
          src: absoluteUrl(src, ...bases) ?? '',
          alt: alt ?? '',
          ...(title ? { title } : {}),
          ...(isSize(width) ? { width } : {}),
          ...(isSize(height) ? { height } : {}),
        },
      }),
    },
    exclusiveFilter: ({ tag, attribs }) =>
      tag === 'img' && (!attribs.src || Number(attribs.width) <= 1 || Number(attribs.height) <= 1),
  }).trim();
}

function isSize(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,5}$/.test(text);
}
