import { type Entry, facetsOf, type Story } from '../core/story.ts';

/** What a withdrawal says: the story without its text, and everyone whom it has to reach. */
export interface Withdrawal {
  story: Omit<Story, 'version' | 'cursor' | 'versionCreated' | 'firstCreated'>;
  reach: NonNullable<Entry['reach']>;
}

/**
 * @param earlier the entries of all earlier versions that the log still has, oldest first
 * @param complete whether that is every version there was
 */
export function withdrawalOf(id: string, earlier: readonly Entry[], complete: boolean): Withdrawal {
  const sourceId = id.slice(0, id.indexOf(':'));
  const last = earlier.at(-1)?.story;
  const sent = earlier
    .filter((entry) => entry.story.status === 'usable')
    .map((entry) => facetsOf(entry.story));
  const distinct = [...new Map(sent.map((facets) => [JSON.stringify(facets), facets])).values()];
  return {
    story: {
      id,
      status: 'canceled',
      change: 'cancel',
      source: last?.source ?? { id: sourceId, name: sourceId },
      ...(last?.link === undefined ? {} : { link: last.link }),
      language: last?.language ?? 'und',
      headline: '',
      urgency: last?.urgency ?? 5,
      flags: last?.flags ?? [],
      sections: last?.sections ?? [],
      topics: last?.topics ?? [],
      ...(last?.published === undefined ? {} : { published: last.published }),
    },
    reach: complete ? distinct : 'everyone',
  };
}
