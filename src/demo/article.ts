import { markup } from '../core/markup.ts';
import type { Edition } from './edition.ts';
import { EVENTS, type Event } from './events.ts';
import { type Feed, pathOf, wordOf } from './feeds.ts';
import { PICTURE_SIZE, picture, picturePath } from './picture.ts';
import { type SampleStory, tell } from './telling.ts';
import { MARKS, type Words } from './terms.ts';

/** What a feed says of one story, before it is written in the feed's format. Times are milliseconds since 1970. */
export interface Article {
  guid: string;
  link: string;
  headline: string;
  description: string;
  html: string;
  author: string;
  published: number;
  updated: number;
  categories: { word: string; kind?: 'person' | 'org' | 'place' }[];
  image?: { href: string; type: string; bytes: number; width: number; height: number; alt: string };
}

/** A whole feed, before it is written in its format. */
export interface Channel {
  feed: Feed;
  home: string;
  self: string;
  updated: number;
  /** Newest first. */
  articles: Article[];
  /** Newest first. */
  withdrawn: readonly { guid: string; when: number }[];
}

/** How many stories a feed shows. */
const SHOWN = 30;

const ALT: Words = {
  en: 'Sample illustration',
  uk: 'Зразок ілюстрації',
  ru: 'Образец иллюстрации',
};

/** @param url of the server, without a slash at its end, as everywhere here. */
export function channelOf(edition: Edition, url: string): Channel {
  return {
    feed: edition.feed,
    home: `${url}/`,
    self: url + pathOf(edition.feed),
    updated: edition.changed(),
    articles: edition
      .stories()
      .slice(0, SHOWN)
      .map((story) => articleOf(story, url)),
    withdrawn: edition.withdrawn(),
  };
}

export function articleOf(story: SampleStory, url: string): Article {
  const { feed } = story;
  const { headline, description, body } = tell(story);
  return {
    guid: story.guid,
    link: `${url}/stories/${feed.id}/${story.slug}${feed.tracking ? '?utm_source=rss&utm_medium=feed' : ''}`,
    headline,
    description,
    html: body.map((paragraph) => `<p>${markup(paragraph)}</p>`).join('\n'),
    author: story.author,
    published: story.published,
    updated: story.updated,
    categories: categoriesOf(story),
    ...(story.picture !== undefined && { image: imageOf(story, story.picture, url) }),
  };
}

function categoriesOf({ feed, facts, later, ...story }: SampleStory): Article['categories'] {
  const { section, about, local, mark }: Event = EVENTS[story.event];
  const topics = new Set([section, ...about, ...(local ? [`place:${facts.city}`] : [])]);
  const categories: Article['categories'] = [...topics].map((topic) => {
    const [, kind] = /^(person|org|place):/.exec(topic) ?? [];
    const word = wordOf(feed, topic);
    return kind === 'person' || kind === 'org' || kind === 'place' ? { word, kind } : { word };
  });
  return mark && !later ? [...categories, { word: MARKS[mark][feed.language] }] : categories;
}

function imageOf(story: SampleStory, variant: number, url: string): Article['image'] {
  const { section } = EVENTS[story.event];
  return {
    href: url + picturePath(section, variant),
    type: 'image/svg+xml',
    bytes: Buffer.byteLength(picture(section, variant)),
    ...PICTURE_SIZE,
    alt: `${wordOf(story.feed, section)}. ${ALT[story.feed.language]}`,
  };
}
