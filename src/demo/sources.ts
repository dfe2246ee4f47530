import type { TopicId } from '../core/topic.ts';
import { FEEDS, type Feed, pathOf, wordOf } from './feeds.ts';
import { SECTIONS, SUBJECTS } from './terms.ts';

/** One entry of `sources.yaml`, as far as the sample newsrooms use it. */
export interface SampleSource {
  id: string;
  name: string;
  url: string;
  language: string;
  topics: TopicId[];
  /** The feed's words to topic ids. */
  categories: Record<string, TopicId>;
  every: string;
  timezone?: string;
  allow: string;
}

/** The shape of `sources.yaml`; not validated. */
export interface SampleSources {
  sources: SampleSource[];
  defaults: { every: string };
}

/** @param url of the server, without a slash at its end. */
export function sourcesAt(url: string): SampleSources {
  return { sources: FEEDS.map((feed) => sourceOf(feed, url)), defaults: { every: '2s' } };
}

function sourceOf(feed: Feed, url: string): SampleSource {
  const topics = [...Object.keys(SECTIONS), ...Object.keys(SUBJECTS)];
  return {
    id: feed.id,
    name: feed.name,
    url: url + pathOf(feed),
    language: feed.language,
    topics: [...(feed.topics ?? [])],
    categories: Object.fromEntries(topics.map((topic) => [wordOf(feed, topic), topic])),
    every: '2s',
    ...(feed.timezone && { timezone: feed.timezone }),
    allow: 'A sample, written for Newswire and free to use; nothing in it happened.',
  };
}
