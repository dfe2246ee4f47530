import { type Entry, facetsOf, type Story } from '../core/story.ts';
import { type Note, noted } from './notes.ts';

/** What a withdrawal says: the story without its text, and everyone whom it has to reach. */
export interface Withdrawal {
  story: Omit<Story, 'version' | 'cursor' | 'versionCreated' | 'firstCreated'>;
  reach: NonNullable<Entry['reach']>;
}

/**
 * @param earlier the entries of all earlier versions that the log still has, oldest first
 * @param complete whether that is every version there was
 * @param note what was found out about the last of them: under those topics it was to be had too
 */
export function withdrawalOf(
  id: string,
  earlier: readonly Entry[],
  complete: boolean,
  note?: Note,
): Withdrawal {
  const sourceId = id.slice(0, id.indexOf(':'));
  const last = earlier.at(-1)?.story;
  const usable = earlier.filter(({ story }) => story.status === 'usable');
  const sent = usable.flatMap(({ story }) => {
    const versions =
      note?.version === story.version ? [...note.earlier, note.findings.topics ?? story.topics] : [];
    return [story.topics, ...versions].map((topics) => facetsOf({ ...story, topics }));
  });
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
      topics: (last && noted(last, note).topics) ?? [],
      ...(last?.published === undefined ? {} : { published: last.published }),
    },
    reach: complete ? distinct : 'everyone',
  };
}
