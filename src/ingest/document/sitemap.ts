import type { ParsedItem } from './feed.ts';
import { attribute, children, dropAbsent, first, nested, textOf, texts } from './item.ts';

/** What we ask of a `url` of a sitemap, as `ITEM_FIELDS` of an item. */
export const SITEMAP_FIELDS = ['loc', 'lastmod', 'link', 'news:news', 'image:image'] as const;

type Field = (typeof SITEMAP_FIELDS)[number];

/** One `url` of a Google News sitemap; `undefined` when it is no news, or has neither title nor address. */
export function readSitemapUrl(url: unknown): ParsedItem | undefined {
  const nodes = (name: Field) => children(url, name);
  const news = nodes('news:news');
  const ofNews = (name: string) => news.flatMap((node) => nested(node, `news:${name}`));
  if (news.length === 0) return undefined;

  const link = first(nodes('loc').map(textOf)) ?? first(nodes('link').map(hrefOf));
  const title = first(ofNews('title').map(textOf));
  if (!link && !title) return undefined;
  const publication = ofNews('publication');
  const updated = first(nodes('lastmod').map(textOf));
  const listed = (name: string) =>
    texts(
      ofNews(name).flatMap((node) =>
        (textOf(node) ?? '').split(/[,;]/).map((word) => word.trim() || undefined),
      ),
    );

  return dropAbsent({
    link,
    title,
    dates: texts([...ofNews('publication_date').map(textOf), updated]),
    updated,
    authors: [],
    categories: listed('keywords'),
    genres: listed('genres'),
    images: nodes('image:image').flatMap((node) => {
      const href = first(nested(node, 'image:loc').map(textOf));
      const alt = first([...nested(node, 'image:caption'), ...nested(node, 'image:title')].map(textOf));
      return href ? [dropAbsent({ href, alt })] : [];
    }),
    language: first([
      ...publication.flatMap((node) => nested(node, 'news:language')).map(textOf),
      ...ofNews('language').map(textOf),
    ]),
  });
}

function hrefOf(node: unknown): string | undefined {
  const href = attribute(node, 'href');
  return typeof href === 'string' ? href : undefined;
}
