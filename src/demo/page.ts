import { markup } from '../core/markup.ts';
import type { Article } from './article.ts';
import { FEEDS, type Feed, pathOf } from './feeds.ts';

/** The page that a story's link opens. */
export function storyPage(article: Article, feed: Feed): string {
  const { image } = article;
  const picture = image
    ? `<img src="${markup(image.href)}" alt="${markup(image.alt)}" width="${image.width}" height="${image.height}">`
    : '';
  const published = new Date(article.published).toISOString();
  return page(
    feed.language,
    `${article.headline} - ${feed.name}`,
    `<p><small>${markup(feed.name)} · <time datetime="${published}">${published}</time></small></p>
<h1>${markup(article.headline)}</h1>
<p><strong>${markup(article.description)}</strong></p>
${picture}
${article.html}
<p>${markup(article.author)}</p>
<p><small>A sample story: ${markup(feed.about)}</small></p>`,
  );
}

export function withdrawnPage(feed: Feed): string {
  const text = 'This sample story was withdrawn by its newsroom.';
  return page('en', `Withdrawn - ${feed.name}`, `<h1>${text}</h1>`);
}

/** The page at `/`: which feeds there are. */
export function frontPage(): string {
  const feeds = FEEDS.map(
    (feed) => `<li lang="${feed.language}"><a href="${pathOf(feed)}">${markup(feed.name)}</a></li>`,
  );
  return page(
    'en',
    'The sample newsrooms of Newswire',
    `<h1>The sample newsrooms of Newswire</h1>
<p>They are invented, and so is everything that they report.</p>
<ul>${feeds.join('\n')}</ul>`,
  );
}

function page(language: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${markup(title)}</title>
<style>body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1.1rem/1.6 serif; } img { max-width: 100%; height: auto; }</style>
</head>
<body>
${body}
</body>
</html>
`;
}
