import type { Content, Entry, Facets, Story } from '../../src/core/story.ts';
import type { ContentDraft, Draft } from '../../src/store/store.ts';

/** A story as an ingestor hands it in; whatever a test does not care about is filled in. */
export function content(id: string, more: Partial<Content> = {}): Content {
  return {
    id: `test:${id}`,
    source: { id: 'test', name: 'Test' },
    link: `https://news.example/${id}`,
    language: 'en',
    headline: `Headline of ${id}`,
    description: `What happened in ${id}.`,
    urgency: 5,
    flags: [],
    sections: ['Politics'],
    topics: ['politics'],
    published: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

export function draft(id: string, more: Partial<Content> = {}): ContentDraft {
  return { kind: 'content', content: content(id, more) };
}

export function withdrawal(id: string): Draft {
  return { kind: 'withdrawal', id: `test:${id}` };
}

export function facets(more: Partial<Facets> = {}): Facets {
  return { ...content('facets'), ...more };
}

export function story(id: string, sequence = 1, more: Partial<Story> = {}): Story {
  return {
    ...content(id),
    version: 1,
    status: 'usable',
    change: 'new',
    cursor: `epoch.${sequence}`,
    firstCreated: '2026-01-01T00:00:00.000Z',
    versionCreated: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

export function entry(id: string, sequence: number, more: Partial<Story> = {}): Entry {
  return { sequence, at: 0, story: story(id, sequence, more) };
}
