import { type Position, parseCursor } from '../../src/core/cursor.ts';
import { type Expr, type Prepared, parseFilter, reaches, reachOf } from '../../src/core/filter.ts';
import type { Entry } from '../../src/core/story.ts';
import { type Newsroom, readHeadline, type Told } from './newsroom.ts';
import type { Seen, View } from './view.ts';

/**
 * `lost`: what a client asked for never came. `twice`, `order`: it came again, or after something younger. `gap`: a gap was
 * told although the log reached back. `wrong`: what came was never published so, or was not asked for. `withdrawal`: who
 * had a story was not told that it is withdrawn. `log`: the log itself is not what was published. `refused`: a request
 * that is in order was not accepted.
 */
export const VIOLATION_KINDS = [
  'lost',
  'twice',
  'order',
  'gap',
  'wrong',
  'withdrawal',
  'log',
  'refused',
] as const;
export type Kind = (typeof VIOLATION_KINDS)[number];

export interface Violation {
  kind: Kind;
  text: string;
  view?: View;
  /** The place in the log that it is about. */
  sequence?: number;
  story?: string;
  /** When it should have come, in milliseconds since 1970. */
  at?: number;
}

export interface Judged {
  violations: Violation[];
  deliveries: number;
  /** Versions that a client did not get because a newer one replaced them before its replay came to them. */
  replaced: number;
  gaps: number;
}

/** An entry, and what is asked of it for every client. */
interface Place {
  entry: Entry;
  reach: readonly Prepared[] | 'everyone';
  /** The story's next version, if there is one. */
  next: Entry | undefined;
  number: number | undefined;
  revision: number | undefined;
}

/** The log of a whole run, which was never cut short. */
export interface Log {
  /** Its own, and those from which it went on: a place has one number in all of them. */
  epochs: ReadonlySet<string>;
  places: readonly Place[];
}

export function createLog(epochs: Iterable<string>, entries: readonly Entry[]): Log {
  const next = new Map<string, Entry>();
  const places: Place[] = [];
  for (const entry of entries.toReversed()) {
    const told = readHeadline(entry.story.headline);
    places.push({
      entry,
      reach: reachOf(entry),
      next: next.get(entry.story.id),
      number: told?.number,
      revision: told?.revision,
    });
    next.set(entry.story.id, entry);
  }
  return { epochs: new Set(epochs), places: places.reverse() };
}

/** Whether the log says what was published: all of it, each version once, and at last what each story came to. */
export function judgeLog({ places }: Log, { stories }: Newsroom): Violation[] {
  const violations: Violation[] = [];
  const blame = (text: string, { entry }: Place) =>
    violations.push({ kind: 'log', text, sequence: entry.sequence, story: entry.story.id });
  const ids = new Map<string, { number: number; version: number; revision: number }>();
  const idOf = new Map<number, string>();
  const last = new Map<number, Place>();

  for (const [index, place] of places.entries()) {
    const { entry, number, revision } = place;
    const { id, version, status } = entry.story;
    if (entry.sequence !== index + 1) {
      blame(`The log has ${entry.sequence} where ${index + 1} comes next.`, place);
      break;
    }
    const before = ids.get(id);
    if (version !== (before?.version ?? 0) + 1)
      blame(`${id} has version ${version} after version ${before?.version ?? 'none'}.`, place);
    const of = number ?? before?.number;
    if (of === undefined) {
      blame(`${id} is no story of ours.`, place);
      continue;
    }
    if ((idOf.get(of) ?? id) !== id) blame(`N${of} is both ${idOf.get(of)} and ${id}.`, place);
    idOf.set(of, id);
    if (status === 'usable') {
      const isPublished = stories
        .get(of)
        ?.revisions.some((each) => each.revision === revision && each.headline === entry.story.headline);
      if (!isPublished)
        blame(`${id} says ${JSON.stringify(entry.story.headline)}, which nobody wrote.`, place);
      if ((revision ?? 0) <= (before?.revision ?? 0))
        blame(`N${of} went back from revision ${before?.revision} to ${revision}.`, place);
    }
    ids.set(id, { number: of, version, revision: revision ?? before?.revision ?? 0 });
    last.set(of, place);
  }

  for (const told of stories.values()) {
    const place = last.get(told.number);
    if (place && isLast(place, told)) continue;
    // One that was withdrawn before anybody had read it has nothing to be withdrawn.
    if (!place && told.withdrawnAt !== undefined) continue;
    const found = place ? `${place.entry.story.status}, revision ${place.revision}` : 'not there';
    violations.push({
      kind: 'log',
      text: `N${told.number} was published as ${stateOf(told)}; in the log it is ${found}.`,
      ...(place ? { sequence: place.entry.sequence, story: place.entry.story.id } : {}),
    });
  }
  return violations;
}

function isLast({ entry: { story }, revision }: Place, told: Told): boolean {
  return told.withdrawnAt === undefined
    ? story.status === 'usable' && revision === told.revisions.at(-1)?.revision
    : story.status === 'canceled';
}

function stateOf({ revisions, withdrawnAt }: Told): string {
  return withdrawnAt === undefined ? `revision ${revisions.at(-1)?.revision}` : 'withdrawn';
}

/** Holds what a client saw against the log, event by event. */
export function judgeView(view: View, { epochs, places }: Log): Judged {
  const expr: Expr = parseFilter(view.filter);
  const violations: Violation[] = [];
  const had = new Map<string, { status: string; version: number }>();
  const shown = new Set<string>();
  let deliveries = 0;
  let replaced = 0;
  let gaps = 0;
  /** Everything up to here has been handed over, or was not asked for; `undefined` before anything is known of it. */
  let passed: number | undefined;
  /** From here on every version counts, and not only the newest one of each story. */
  let live = false;
  /** So many of the newest are on their way; withdrawn ones are not among them. */
  let newest: number | undefined;

  const blame = (kind: Kind, text: string, place?: Place) => {
    const { sequence, story } = place?.entry ?? {};
    violations.push({ kind, text, view, sequence, story: story?.id });
  };

  function position(cursor: string, at: number): number | undefined {
    const found: Position = parseCursor(cursor);
    if (epochs.has(found.epoch) && found.sequence <= places.length) return found.sequence;
    blame(
      'wrong',
      `At ${clock(at)} it was told ${cursor}; the log is ${[...epochs].join(', ')}, up to ${places.length}.`,
    );
    return undefined;
  }

  /** Nothing that comes later lies up to here: what was asked for and is not there is lost. */
  function pass(to: number, at: number): void {
    for (let sequence = (passed ?? to) + 1; sequence <= to; sequence++) {
      const place = places[sequence - 1];
      if (place && reaches(expr, place.reach)) miss(place, at);
    }
    passed = Math.max(passed ?? 0, to);
  }

  /** Before the newest n, what other subscriptions of the connection brought may be there too, and need not be whole. */
  function passNewest(count: number, to: number, at: number): void {
    const wanted = places
      .slice(0, to)
      .filter(({ entry, reach }) => entry.story.status === 'usable' && reaches(expr, reach));
    for (const place of wanted.slice(Math.max(0, wanted.length - count))) {
      const { id, version } = place.entry.story;
      if (!shown.has(`${id} ${version}`)) miss(place, at);
    }
    if (view.shared) passed = Math.max(passed ?? 0, to);
  }

  function miss(place: Place, at: number): void {
    const { entry, next } = place;
    const { id, version, status } = entry.story;
    if (
      status === 'canceled' &&
      had.get(id)?.status !== 'usable' &&
      (newest !== undefined || view.kind === 'library')
    )
      return;
    if (!live && next && next.at <= at) {
      replaced += 1;
      return;
    }
    const kind = status === 'canceled' && had.get(id)?.status === 'usable' ? 'withdrawal' : 'lost';
    const later = next ? ` (version ${next.story.version} came at ${next.sequence})` : '';
    const what = `${id} version ${version}, ${status}, ${JSON.stringify(entry.story.headline)}, at ${entry.sequence}`;
    blame(kind, `By ${clock(at)} it had not come: ${what}${later}; ${live ? 'live' : 'in a replay'}.`, place);
  }

  function show({ story, at }: Extract<Seen, { kind: 'story' }>): void {
    deliveries += 1;
    const sequence = position(story.cursor, at);
    if (sequence === undefined) return;
    const place = places[sequence - 1];
    const what = `${story.id} version ${story.version}, ${story.status}, at ${sequence}`;
    const key = `${story.id} ${story.version}`;
    if (shown.has(key)) blame('twice', `At ${clock(at)} it came again: ${what}.`, place);
    else if (sequence <= (passed ?? 0))
      blame('order', `At ${clock(at)} it came after everything up to ${passed} had come: ${what}.`, place);
    shown.add(key);
    const stored = place?.entry.story;
    if (
      !place ||
      stored?.id !== story.id ||
      stored.version !== story.version ||
      stored.status !== story.status ||
      stored.headline !== story.headline
    ) {
      blame(
        'wrong',
        `At ${clock(at)} it was sent ${what}, ${JSON.stringify(story.headline)}; that is not what the log has.`,
        place,
      );
      return;
    }
    // On a shared connection our library cannot know for whom a withdrawal comes that nobody here has a story for.
    const mayCome = story.status === 'canceled' && (had.has(story.id) || view.shared);
    if (!mayCome && !reaches(expr, place.reach))
      blame('wrong', `At ${clock(at)} it was sent what it had not asked for: ${what}.`, place);
    if (newest === undefined || !view.shared) pass(sequence - 1, at);
    passed = Math.max(passed ?? 0, sequence);
    had.set(story.id, { status: story.status, version: story.version });
  }

  for (const seen of view.seen) {
    switch (seen.kind) {
      case 'asked':
        live = false;
        newest = seen.last;
        break;
      case 'answered':
        if (seen.gap) gaps += 1;
        if (seen.gap) blame('gap', `At ${clock(seen.at)} it was told of a gap.`);
        if (passed === undefined && newest === undefined) passed = position(seen.cursor, seen.at);
        break;
      case 'story':
        show(seen);
        break;
      case 'ready': {
        if (seen.gap) gaps += 1;
        if (seen.gap) blame('gap', `At ${clock(seen.at)} its replay was over, with a gap.`);
        const to = position(seen.cursor, seen.at);
        if (to !== undefined && newest !== undefined) passNewest(newest, to, seen.at);
        if (to !== undefined) pass(to, seen.at);
        live = true;
        newest = undefined;
        break;
      }
      case 'cursor': {
        const to = position(seen.cursor, seen.at);
        // Of the newest n, the first ones lie before a place where the client has not been.
        if (to !== undefined && passed !== undefined) pass(to, seen.at);
        break;
      }
      case 'error':
        blame('refused', `At ${clock(seen.at)} it was refused: ${seen.message}`);
        break;
      default:
        live = false;
    }
  }

  const end = view.cursor();
  if (end !== undefined) {
    const to = position(end, Date.now());
    if (to !== undefined) pass(to, Date.now());
  }
  return {
    violations: [...violations, ...judgeEnd(view, expr, had, passed, places)],
    deliveries,
    replaced,
    gaps,
  };
}

/** What a client shows at last: of each story that it has, what was published last. */
function judgeEnd(
  view: View,
  expr: Expr,
  had: ReadonlyMap<string, { status: string; version: number }>,
  passed: number | undefined,
  places: readonly Place[],
): Violation[] {
  if ((passed ?? 0) < places.length) {
    const text = `It has come to ${passed ?? 'nowhere'}; the log ends at ${places.length}.`;
    return [{ kind: 'lost', text, view }];
  }
  return places.flatMap((place): Violation[] => {
    const { entry, next } = place;
    const known = had.get(entry.story.id);
    if (next || known?.status !== 'usable' || known.version === entry.story.version) return [];
    const about = { view, sequence: entry.sequence, story: entry.story.id };
    if (entry.story.status === 'canceled')
      return [
        { kind: 'withdrawal', text: `It still shows ${entry.story.id}, which is withdrawn.`, ...about },
      ];
    if (!reaches(expr, place.reach)) return [];
    return [
      {
        kind: 'lost',
        text: `It shows version ${known.version} of ${entry.story.id}, not the last one.`,
        ...about,
      },
    ];
  });
}

export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
