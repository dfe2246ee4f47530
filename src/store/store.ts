import type { Lineage, Position } from '../core/cursor.ts';
import type { Content, Entry, Story } from '../core/story.ts';
import type { Why } from '../core/topic.ts';

/** What this service finds out about a story; it may change without a new version, and nobody is sent anything. */
export type Findings = Partial<Pick<Story, 'topics' | 'cluster' | 'alsoReportedBy'>>;

/** What an ingestor hands in: a version of a story as its source gives it now, or the word that it is withdrawn. */
export type Draft =
  | {
      kind: 'content';
      content: Content;
      /** Why it has its topics. */
      why?: Why[];
      /** The source itself calls this version a correction. */
      correction?: boolean;
    }
  | { kind: 'withdrawal'; id: string };

export type ContentDraft = Extract<Draft, { kind: 'content' }>;

/** `known`: the log already says this; nothing was written. `entry` is what was appended. */
export type Appended = { outcome: 'new' | 'updated' | 'canceled'; entry: Entry } | { outcome: 'known' };

/** `overtaken`: the story has changed since; nothing was written. */
export type Offered = Appended | { outcome: 'overtaken' };

/** How far the log reaches: entries `first` to `last` can be read; an empty log has `first` = `last` + 1. */
export interface Head {
  epoch: string;
  first: number;
  last: number;
  /** The epochs that this one goes on from. */
  lineage: Lineage;
}

/** Which entries to read: those after `after` upwards, or with `newestFirst` those before `before` downwards. */
export type Range =
  | { after: number; limit: number; newestFirst?: false }
  | { before: number; limit: number; newestFirst: true };

/** A read entry, and whether the story has no newer version in the log. */
export type Read = Entry & { current: boolean };

/**
 * What is remembered of a source between polls. The store keeps it and does not look inside; ingest owns its shape.
 */
export type SourceRecord = Readonly<Record<string, unknown>>;

export interface Follower {
  /** Every entry after the start, once, in order, without a hole. Must not throw. */
  entry(entry: Entry): void;
  /**
   * The log began a new epoch, or no longer reaches back to where this follower stood: the next entry is the one
   * after `at`, and what lay between is gone from the log.
   */
  reset(at: Position, lineage: Lineage): void;
  /**
   * The log goes on in a new epoch from `at`: what this follower had up to there is the same, and what it had after it,
   * if anything, was lost. The next entry is the one after `at`.
   */
  renewed(at: Position, lineage: Lineage): void;
  /** The link to the log was lost, or is back (and everything missed has been handed over). */
  link(up: boolean, error?: Error): void;
  /** How far the log reaches, as soon as that is known. */
  head?(sequence: number): void;
  /** Something was found out about a story; of a version that is not the newest, it says nothing. */
  noted?(id: string, version: number, findings: Findings): void;
  /** A hole in the hints was found and filled from the log. */
  repaired?(entries: number): void;
}

export interface Following {
  /** Asks the log for its head and reads up to it now, instead of waiting for the next hint. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The log of stories, and what is remembered beside it.
 *
 * Guarantees: an append is atomic (seen-check, sequence, entry and announcement, or nothing); sequences are
 * contiguous; an entry that was announced is stored; a story's versions are 1, 2, 3 … whoever appends; a resolved
 * append survives kill -9 of every process of ours. A log that may have lost what was written last, because the machine
 * or the Redis behind it is another one than before, goes on in a new epoch. Two implementations hold to it: `embedded.ts`, `redis.ts`.
 *
 * Every method rejects with WireError `unavailable` when the store cannot be reached or written; `append` and `hold`
 * with `invalid_request` when the story is not one, and then nothing was written.
 */
export interface Store {
  /**
   * @param release the draft was handed out by `due`: it is appended only if it is still the one that is held, and is
   * held no longer, in the same step. `known` when it is not.
   */
  append(draft: Draft, release?: 'release'): Promise<Appended>;
  /**
   * As `append`, unless the story has an entry behind `after`, or the log is in another epoch than `after`: what was fetched
   * or kept then may be older than what is there, however late this is carried out.
   */
  offer(draft: Draft, after: Position): Promise<Offered>;
  head(): Promise<Head>;
  /** At most `limit` entries. Entries that retention has removed are skipped; compare with `head().first`. */
  read(range: Range): Promise<Read[]>;
  /** The entries with these sequences, in their order, as far as the log has them. */
  readAt(sequences: readonly number[]): Promise<Read[]>;
  /**
   * Notes what was found out about a version of a story, so that whoever reads it from now on finds that; it is not sent
   * again. Answers whether the story still has this version.
   */
  note(id: string, version: number, findings: Findings, why?: readonly Why[]): Promise<boolean>;
  /** Why the current version of a story has its topics, parents left out. */
  why(id: string): Promise<Why[] | undefined>;
  /** The current version of a story, or `undefined` when the log does not have it (any more). */
  story(id: string): Promise<Story | undefined>;
  /** Begins to follow; `catchUp` waits until everything that was there already has been handed over. */
  follow(after: Position, follower: Follower): Promise<Following>;

  /** Keeps a story for later, in place of what may be held of it; nobody can read it before. `at` in ms since 1970. */
  hold(draft: ContentDraft, at: number): Promise<void>;
  /** What is held of a story. */
  held(id: string): Promise<Content | undefined>;
  /** Holds it no longer, without appending it. Answers whether there was anything. */
  unhold(id: string): Promise<boolean>;
  /** At most `limit` held stories whose time has come, the earliest first, and when the next one after `now` is due. */
  due(now: number, limit: number): Promise<{ drafts: Draft[]; next?: number }>;

  /**
   * Says that `member` is alive for another `ms`, and answers all who are, it included, sorted. By the store's clock.
   * The embedded store has one process, and so one member.
   */
  join(member: string, ms: number): Promise<string[]>;
  leave(member: string): Promise<void>;
  /** Takes or keeps these sources for `ms`; answers those that are `member`'s now. No other has them meanwhile. */
  claim(member: string, ids: readonly string[], ms: number): Promise<Set<string>>;
  /** Gives them back, as far as they are `member`'s. */
  unclaim(member: string, ids: readonly string[]): Promise<void>;

  source(id: string): Promise<SourceRecord | undefined>;
  sources(): Promise<Map<string, SourceRecord>>;
  saveSource(id: string, record: SourceRecord): Promise<void>;

  /** A word that the service keeps with the log, by its name. */
  setting(name: string): Promise<string | undefined>;
  saveSetting(name: string, text: string): Promise<void>;

  /** Adds to the readers' count of each story that the store knows. */
  addViews(counts: ReadonlyMap<string, number>): Promise<void>;
  /** The readers' count of each story that has one. */
  views(ids: readonly string[]): Promise<Map<string, number>>;
  /** Removes what is older than retention allows; a log that nobody appends to ages too. */
  retain(): Promise<void>;
  close(): Promise<void>;
}
