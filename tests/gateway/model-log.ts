import { formatCursor, type Lineage, type Position } from '../../src/core/cursor.ts';
import type { Entry, Story } from '../../src/core/story.ts';
import type { Head, Range, Read } from '../../src/store/store.ts';
import { withdrawalOf } from '../../src/store/withdrawal.ts';
import { content } from '../support/stories.ts';

/** A version of a story as it is handed in; without topics it is withdrawn. */
export interface Version {
  id: string;
  text: string;
  topics?: string[];
  /** A newer one was lost before: see `isRevived`. */
  revived?: boolean;
}

export interface ModelLog {
  /** The newest entry last, those that retention has removed included. */
  entries(): readonly Entry[];
  first(): number;
  /** How often it has lost something. */
  life(): number;
  epoch(life?: number): string;
  lifeOf(epoch: string): number;
  /** Where somebody goes on now who stood there; `undefined` when everything was lost since. */
  carried(position: { life: number; sequence: number }): number | undefined;
  isCurrent(entry: Entry, upTo?: number): boolean;
  /** Whether a newer version of it was lost: who was told of that one, or passed over this one for it, is owed nothing. */
  isRevived(entry: Entry): boolean;
  /** `undefined` when the log says this already. */
  append(version: Version): Entry | undefined;
  /** Answers what is gone, oldest first. */
  lose(count: number): Version[];
  empty(): Version[];
  trim(first: number): void;
  head(): Head;
  read(range: Range): Read[];
  readAt(sequences: readonly number[]): Read[];
}

/** The log in memory, that may lose its end, all that it has, and by retention its beginning. */
export function createModelLog(): ModelLog {
  let entries: Entry[] = [];
  let first = 1;
  /** Each life of the log with what it shares with the one before; `undefined` for one that began from nothing. */
  const lives: { shared: number | undefined }[] = [{ shared: undefined }];
  const revived = new Set<Story>();
  const epoch = (life = lives.length - 1) => `e${life}`;

  const versions = (id: string) => entries.filter(({ story }) => story.id === id);
  const kept = () => entries.slice(first - 1);
  const isCurrent = (entry: Entry, upTo = entries.length) =>
    versions(entry.story.id).findLast(({ sequence }) => sequence <= upTo)?.sequence === entry.sequence;
  const read = (entry: Entry): Read => ({ ...entry, current: isCurrent(entry) });
  const versionOf = ({ story }: Entry): Version => ({
    id: story.id,
    text: story.headline,
    ...(story.status === 'usable' ? { topics: story.topics } : {}),
    revived: revived.has(story),
  });

  function lineage(): Lineage {
    const begun = lives.findLastIndex(({ shared }) => shared === undefined);
    return lives.flatMap(({ shared }, life): Position[] =>
      life > begun && shared !== undefined ? [{ epoch: epoch(life - 1), sequence: shared }] : [],
    );
  }

  return {
    entries: () => entries,
    first: () => first,
    life: () => lives.length - 1,
    epoch,
    lifeOf: (name) => Number(name.slice(1)),
    carried({ life, sequence }) {
      let at = sequence;
      for (const { shared } of lives.slice(life + 1)) {
        if (shared === undefined) return undefined;
        at = Math.min(at, shared);
      }
      return at;
    },
    isCurrent,
    isRevived: ({ story }) => revived.has(story),

    append({ id, text, topics, revived: isRevived }) {
      const earlier = versions(id);
      const last = earlier.at(-1)?.story;
      if (topics ? last?.status === 'usable' && last.headline === text : last?.status !== 'usable')
        return undefined;
      const version = (last?.version ?? 0) + 1;
      const reachable = earlier.filter(({ sequence }) => sequence >= first);
      const made = topics ? undefined : withdrawalOf(id, reachable, reachable.length === version - 1);
      const said = made?.story ?? {
        ...content('', { id, headline: text, topics }),
        status: 'usable' as const,
        change: last ? ('update' as const) : ('new' as const),
      };
      const at = '2026-01-01T00:00:00.000Z';
      const cursor = formatCursor({ epoch: epoch(), sequence: entries.length + 1 });
      const story: Story = { ...said, version, cursor, firstCreated: at, versionCreated: at };
      const entry = { sequence: entries.length + 1, at: 0, story, ...(made ? { reach: made.reach } : {}) };
      entries.push(entry);
      if (isRevived) revived.add(story);
      return entry;
    },

    lose(count) {
      const left = Math.max(entries.length - count, first - 1);
      const gone = entries.slice(left);
      entries = entries.slice(0, left);
      lives.push({ shared: left });
      for (const { story } of gone) {
        const before = versions(story.id).at(-1);
        if (before) revived.add(before.story);
      }
      return gone.map(versionOf);
    },

    empty() {
      const gone = kept().filter((entry) => isCurrent(entry));
      entries = [];
      first = 1;
      lives.push({ shared: undefined });
      return gone.map(versionOf);
    },

    trim(from) {
      first = Math.max(first, Math.min(from, entries.length + 1));
    },

    head: () => ({ epoch: epoch(), first, last: entries.length, lineage: lineage() }),
    read: (range) =>
      (range.newestFirst
        ? kept()
            .filter(({ sequence }) => sequence < range.before)
            .reverse()
        : kept().filter(({ sequence }) => sequence > range.after)
      )
        .slice(0, range.limit)
        .map(read),
    readAt: (sequences) =>
      kept()
        .filter(({ sequence }) => sequences.includes(sequence))
        .map(read),
  };
}
