import type { Content, Story } from '../../core/story.ts';
import { clusterOf, createEventIndex, type Match, type Report } from '../../topics/similarity/event-index.ts';

/** What a story says of its event. */
export type Placing = Required<Pick<Content, 'cluster' | 'alsoReportedBy'>>;

/** A note that is missing: what this version of the story should say. */
export interface Missing {
  id: string;
  version: number;
  placing: Placing;
}

export interface Events {
  readonly size: number;
  /** Where a story belongs that is to be appended; one that is known stays where it is. */
  place(content: Content): Placing;
  /** Takes in a version as the log has it, and where. */
  take(story: Story, sequence: number): void;
  /**
   * Looks again for the event of a story that is alone: others may have come before it since it was placed. The first
   * in the log has the cluster.
   */
  reconsider(id: string): void;
  /** What was noted of a version: it says so now. */
  noted(id: string, version: number, placing: Partial<Placing>): void;
  /** Takes out a story that was withdrawn: its source has not reported the event. Answers the cluster it was in. */
  withdraw(id: string): string | undefined;
  clusterOf(id: string): string | undefined;
  /** The stories of this cluster. */
  members(cluster: string): string[];
  /** What the stories of a cluster should say and do not yet. */
  missing(cluster: string): Missing[];
  /** What was taken in is what a log had: sources that it names and that have no story there were there before. */
  loaded(): void;
  /** Forgets what has become too old to have company. */
  expire(): void;
  /** Forgets what has been told after this place in the log. */
  cut(sequence: number): void;
  clear(): void;
}

interface Known {
  id: string;
  version: number;
  sequence: number;
  source: string;
  cluster: string;
  /** What its readers find. */
  says: { cluster: string | undefined; sources: string };
}

interface Group {
  ids: Set<string>;
  /** Sources whose stories are no longer in the window; they have reported it all the same. */
  former: Set<string>;
}

export interface EventsOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  withinMs: number;
  max: number;
}

/**
 * The stories of the last days and the events they tell. A cluster has one story of a source, and a story joins one
 * when it is like half of those in it, so that none grows from link to link.
 */
export function createEvents({ now, withinMs, max }: EventsOptions): Events {
  const known = new Map<string, Known>();
  const groups = new Map<string, Group>();
  const index = createEventIndex({ max, withinMs, forgotten: forget });

  function reportOf(content: Content): Report {
    const { id, source, language, headline, description, body, topics, published } = content;
    const time = Date.parse(published ?? '');
    const at = Number.isNaN(time) ? now() : Math.min(time, now());
    return { id, source, language, headline, description, body, topics, at };
  }

  const isOld = (report: Report) => report.at < now() - withinMs;

  function sourcesOf(cluster: string, but: string): string[] {
    const group = groups.get(cluster);
    const present = [...(group?.ids ?? [])].flatMap((id) => known.get(id)?.source ?? []);
    return [...new Set([...present, ...(group?.former ?? [])])].filter((source) => source !== but).sort();
  }

  /** The cluster that a story of `source` belongs to which is like these; `undefined` when it is the first of its event. */
  function joined(source: string, like: readonly Match[]): string | undefined {
    const matches = new Set(like.map(({ id }) => id));
    for (const id of matches) {
      const cluster = known.get(id)?.cluster;
      const others = [...(groups.get(cluster ?? '')?.ids ?? [])];
      if (others.some((other) => known.get(other)?.source === source)) continue;
      const alike = others.filter((other) => matches.has(other)).length;
      if (cluster !== undefined && alike * 2 >= others.length) return cluster;
    }
    return undefined;
  }

  function enter(story: Known): void {
    if (known.get(story.id)?.cluster !== story.cluster) leave(story.id);
    known.set(story.id, story);
    const group = groups.get(story.cluster) ?? { ids: new Set(), former: new Set() };
    group.ids.add(story.id);
    groups.set(story.cluster, group);
  }

  function leave(id: string): Known | undefined {
    const story = known.get(id);
    if (!story) return undefined;
    known.delete(id);
    const group = groups.get(story.cluster);
    group?.ids.delete(id);
    if (group?.ids.size === 0) groups.delete(story.cluster);
    return story;
  }

  function forget(id: string): void {
    const story = leave(id);
    if (story) groups.get(story.cluster)?.former.add(story.source);
  }

  function cut(after: number): void {
    for (const { id, sequence } of [...known.values()]) {
      if (sequence <= after) continue;
      index.remove(id);
      leave(id);
    }
  }

  return {
    get size() {
      return known.size;
    },

    place(content) {
      const report = reportOf(content);
      const source = content.source.id;
      const cluster =
        known.get(content.id)?.cluster ??
        (isOld(report) ? undefined : joined(source, index.find(report))) ??
        clusterOf(content.id);
      return { cluster, alsoReportedBy: sourcesOf(cluster, source) };
    },

    take(story, sequence) {
      const { id, version, source, cluster, alsoReportedBy = [] } = story;
      const report = reportOf(story);
      if (isOld(report)) return;
      const says = { cluster, sources: String([...alsoReportedBy].sort()) };
      const before = known.get(id)?.cluster;
      enter({ id, version, sequence, source: source.id, cluster: cluster ?? before ?? clusterOf(id), says });
      index.add(report);
    },

    reconsider(id) {
      const story = known.get(id);
      if (!story || groups.get(story.cluster)?.ids.size !== 1) return;
      const order = (match: Match) => known.get(match.id)?.sequence ?? Number.POSITIVE_INFINITY;
      const earlier = index.like(id).filter((match) => order(match) < story.sequence);
      const cluster = joined(
        story.source,
        earlier.sort((a, b) => order(a) - order(b)),
      );
      if (cluster !== undefined) enter({ ...story, cluster });
    },

    noted(id, version, { cluster, alsoReportedBy }) {
      const story = known.get(id);
      if (story?.version !== version) return;
      const says = {
        cluster: cluster ?? story.says.cluster,
        sources: alsoReportedBy ? String([...alsoReportedBy].sort()) : story.says.sources,
      };
      enter({ ...story, cluster: cluster ?? story.cluster, says });
    },

    withdraw(id) {
      index.remove(id);
      return leave(id)?.cluster;
    },

    members: (cluster) => [...(groups.get(cluster)?.ids ?? [])],
    clusterOf: (id) => known.get(id)?.cluster,

    missing(cluster) {
      return [...(groups.get(cluster)?.ids ?? [])].flatMap((id) => {
        const story = known.get(id);
        if (!story) return [];
        const alsoReportedBy = sourcesOf(cluster, story.source);
        const isSaid = story.says.cluster === cluster && story.says.sources === String(alsoReportedBy);
        return isSaid ? [] : { id, version: story.version, placing: { cluster, alsoReportedBy } };
      });
    },

    loaded() {
      for (const { cluster, says } of known.values()) {
        const group = groups.get(cluster);
        for (const source of says.sources.split(',')) {
          const isThere = [...(group?.ids ?? [])].some((id) => known.get(id)?.source === source);
          if (source && !isThere) group?.former.add(source);
        }
      }
    },

    expire() {
      for (const id of index.expire(now() - withinMs)) forget(id);
    },

    cut,
    clear: () => cut(0),
  };
}
