import { parseCursor } from '../../src/core/cursor.ts';
import { parseFilter, reaches, reachOf } from '../../src/core/filter.ts';
import type { Entry } from '../../src/core/story.ts';
import { type Newsroom, readHeadline, type Told } from './newsroom.ts';
import { clock, type Judged, type Violation } from './oracle.ts';
import type { Shown, View } from './view.ts';

/** The logs of a run in which Redis came back with less than it had: one for each of its lives, the last one its own. */
export interface Lives {
  /** Every version that there ever was; see `nameOf`. */
  versions: ReadonlySet<string>;
  /** When each story's words were appended first, under whatever version; in milliseconds since 1970. */
  words: ReadonlyMap<string, number>;
  /** Of each story the last entry: that of the last life, or else of the latest one that had any. */
  last: ReadonlyMap<string, { entry: Entry; isKept: boolean }>;
  ids: ReadonlyMap<number, string>;
}

export function createLives(logs: readonly (readonly Entry[])[]): Lives {
  const versions = new Set<string>();
  const words = new Map<string, number>();
  const last = new Map<string, { entry: Entry; isKept: boolean }>();
  const ids = new Map<number, string>();
  for (const [life, log] of logs.entries()) {
    for (const entry of log) {
      const { id, headline } = entry.story;
      versions.add(nameOf(entry.story));
      words.set(`${id} ${headline}`, words.get(`${id} ${headline}`) ?? entry.at);
      last.set(id, { entry, isKept: life === logs.length - 1 });
      const told = readHeadline(headline);
      if (told) ids.set(told.number, id);
    }
  }
  return { versions, words, last, ids };
}

function epochOf(cursor: string): string {
  return parseCursor(cursor).epoch;
}

/** What makes two versions the same, in whatever life of the log. */
function nameOf({ id, version, status, headline }: Omit<Shown, 'cursor'>): string {
  return `${id} ${version} ${status} ${headline}`;
}

/**
 * What has to be in the log at last: what came through the API, and what is still in a feed.
 * @param isListed whether a feed still has it
 */
export function judgeLives(
  { last, ids }: Lives,
  { stories }: Newsroom,
  isListed: (story: Told) => boolean,
): Violation[] {
  return [...stories.values()].flatMap((told): Violation[] => {
    if (told.feed !== undefined && !isListed(told)) return [];
    const id = ids.get(told.number);
    const found = id === undefined ? undefined : last.get(id);
    const story = found?.isKept ? found.entry.story : undefined;
    const revision = story && readHeadline(story.headline)?.revision;
    if (told.withdrawnAt === undefined) {
      if (story?.status === 'usable' && revision === told.revisions.at(-1)?.revision) return [];
      const text = `N${told.number} was published as revision ${told.revisions.at(-1)?.revision}; in the log it is ${story ? `${story.status}, revision ${revision}` : 'not there'}.`;
      return [{ kind: 'log', text }];
    }
    return story?.status === 'usable'
      ? [{ kind: 'log', text: `N${told.number} was withdrawn; in the log it is usable.` }]
      : [];
  });
}

/**
 * What is promised whatever Redis has lost: nothing twice, nothing out of order within an epoch, nothing that was never
 * published, and at last of each story what was published last, for everyone who was there when it was.
 */
export function judgeViewAfterLoss(
  view: View,
  lives: Lives,
  newsroom: Newsroom,
  isListed: (story: Told) => boolean,
): Judged {
  const expr = parseFilter(view.filter);
  const violations: Violation[] = [];
  const blame = (kind: Violation['kind'], text: string, story: string, at: number) =>
    violations.push({ kind, text, view, story, at });
  const had = new Map<string, Shown>();
  let shown = new Set<string>();
  let furthest = new Map<string, number>();
  let since: number | undefined;
  const wantsNewest = view.seen.some((seen) => seen.kind === 'asked' && seen.last !== undefined);
  let deliveries = 0;
  let gaps = 0;

  for (const seen of view.seen) {
    // On the wire a story may come again after a reconnect; our library shows it once, for as long as its process lives.
    if (seen.kind === 'fresh' || (seen.kind === 'asked' && view.kind !== 'library')) {
      shown = new Set();
      furthest = new Map();
    }
    if ((seen.kind === 'answered' || seen.kind === 'ready') && seen.gap) gaps += 1;
    if (seen.kind === 'ready') since ??= seen.at;
    if (seen.kind === 'error')
      violations.push({ kind: 'refused', text: `It was refused: ${seen.message}`, view });
    if (seen.kind !== 'story') continue;

    const { story, at } = seen;
    deliveries += 1;
    const what = `${story.id} version ${story.version}, ${story.status}, ${JSON.stringify(story.headline)}, at ${story.cursor}`;
    const key = nameOf(story);
    if (!lives.versions.has(key))
      blame('wrong', `At ${clock(at)} it was sent ${what}; no life of the log has that.`, story.id, at);
    const isAgain = shown.has(key);
    if (isAgain) blame('twice', `At ${clock(at)} it came again: ${what}.`, story.id, at);
    shown.add(key);
    const { epoch, sequence } = parseCursor(story.cursor);
    if (!isAgain && sequence <= (furthest.get(epoch) ?? 0))
      blame('order', `At ${clock(at)} it came after ${epoch}.${furthest.get(epoch)}: ${what}.`, story.id, at);
    furthest.set(epoch, Math.max(sequence, furthest.get(epoch) ?? 0));
    had.set(story.id, story);
  }

  for (const told of newsroom.stories.values()) {
    const id = lives.ids.get(told.number);
    const found = id === undefined ? undefined : lives.last.get(id);
    if (!found) continue;
    const { entry, isKept } = found;
    const known = had.get(entry.story.id);
    if (told.withdrawnAt !== undefined) {
      if (known?.status === 'usable')
        blame(
          'withdrawal',
          `It still shows N${told.number}, which is withdrawn.`,
          known.id,
          told.withdrawnAt,
        );
      continue;
    }
    // What had left its feed when it was lost with Redis is nowhere any more.
    if (!isKept && told.feed !== undefined && !isListed(told)) continue;
    // Who wants the newest n gets those after a gap too, and is told of it: what it has from another log may be too old for them.
    const isFromBefore = known !== undefined && epochOf(known.cursor) !== epochOf(entry.story.cursor);
    if (wantsNewest && (!known || (gaps > 0 && isFromBefore))) continue;
    // What is appended again is no news to those who came after it had been there for the first time.
    const first = lives.words.get(`${entry.story.id} ${entry.story.headline}`) ?? entry.at;
    const wasThere = since !== undefined && (first > since || known !== undefined);
    if (!wasThere || !reaches(expr, reachOf(entry))) continue;
    if (known?.headline === told.revisions.at(-1)?.headline && known?.status === 'usable') continue;
    const shows = known ? `${known.status} ${JSON.stringify(known.headline)}` : 'nothing of it';
    blame(
      'lost',
      `N${told.number} is at revision ${told.revisions.at(-1)?.revision}; it shows ${shows}.`,
      entry.story.id,
      entry.at,
    );
  }
  return { violations, deliveries, replaced: 0, gaps };
}
