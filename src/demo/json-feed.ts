import type { Channel } from './article.ts';

/** JSON Feed 1.1. */
export function jsonFeed(channel: Channel): string {
  const { feed } = channel;
  const document = {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.name,
    description: feed.about,
    home_page_url: channel.home,
    feed_url: channel.self,
    language: feed.language,
    items: channel.articles.map((article) => ({
      id: article.guid,
      url: article.link,
      title: article.headline,
      summary: article.description,
      content_html: article.html,
      image: article.image?.href,
      date_published: new Date(article.published).toISOString(),
      date_modified: new Date(article.updated).toISOString(),
      authors: [{ name: article.author }],
      tags: article.categories.map(({ word }) => word),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
