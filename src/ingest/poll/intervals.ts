import type { FeedHints } from '../document/hints.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_BACKOFF_MS = HOUR_MS;
/** Servers are believed so much when they ask to be left alone. */
export const LONGEST_RETRY_AFTER_MS = 8 * HOUR_MS;
/** What a feed or a cache says of how long nothing will change is believed so much: news does not wait. */
const LONGEST_HINT_MS = HOUR_MS;
/** A source that hardly ever has news is asked this often, or as often as it is configured when that is less. */
const LONGEST_ADAPTED_MS = 15 * 60_000;
/** From fewer stories nothing is learnt of a source's pace. */
const STORIES_FOR_A_PACE = 4;
/** Sources that are due at the start of a process are polled over this time at the least, or this long for each. */
const START_SPREAD_MS = 2000;
const START_SPREAD_EACH_MS = 5;

/** What is known of how often a source is worth asking. */
export interface Pace {
  /** As configured: the shortest. */
  every: number;
  /** When its newest stories were published, in milliseconds since 1970; absent when it is not to be adapted to. */
  storyTimes?: readonly number[];
  /** For how long its document is good, as its headers say. */
  freshForMs?: number;
  hints?: FeedHints;
  retryAfterMs?: number;
}

/**
 * Milliseconds to the next poll: half the usual time between two stories, from `every` to a quarter of an hour, ± 10 %,
 * so that sources which were once polled together drift apart; not before the feed and its server say that there could
 * be something new, of which an hour is believed; nor before the server wants to be asked, of which 8 hours are.
 */
export function afterSuccess(pace: Pace, now: number, random: () => number): number {
  const { every, storyTimes, freshForMs = 0, hints, retryAfterMs = 0 } = pace;
  const chance = random();
  const hinted = Math.min(Math.max(freshForMs, hints?.everyMs ?? 0), LONGEST_HINT_MS);
  // After its time and not around it: a hint is kept.
  const wait = Math.max(adapted(every, storyTimes, now) * (0.9 + 0.2 * chance), hinted * (1 + 0.1 * chance));
  const skipped = Math.min(notSkipped(now + wait, hints) - now, Math.max(wait, LONGEST_HINT_MS));
  return Math.max(skipped, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
}

/** Half the median time between its stories, which a silence that is longer than usual stretches. */
function adapted(every: number, storyTimes: readonly number[] = [], now: number): number {
  const times = [...storyTimes].sort((a, b) => b - a);
  const [newest] = times;
  if (newest === undefined || times.length < STORIES_FOR_A_PACE) return every;
  const gaps = times.slice(1).map((time, index) => (times[index] ?? time) - time);
  const median = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const gap = Math.max(median, (now - newest) / 4);
  return Math.min(Math.max(gap / 2, every), Math.max(every, LONGEST_ADAPTED_MS));
}

/** The first moment from `at` that is in no hour and on no day which the feed says to skip. */
function notSkipped(at: number, { skipHours = [], skipDays = [] }: FeedHints = {}): number {
  let moment = at;
  for (let steps = 0; steps < 32; steps++) {
    const date = new Date(moment);
    if (skipDays.includes(date.getUTCDay())) moment = (Math.floor(moment / DAY_MS) + 1) * DAY_MS;
    else if (skipHours.includes(date.getUTCHours())) moment = (Math.floor(moment / HOUR_MS) + 1) * HOUR_MS;
    else break;
  }
  return moment;
}

/**
 * Milliseconds to the next try: anywhere up to `every` × 2^failures, so that what failed together does not come back
 * together; at most an hour, never sooner than `every`, nor than the server asked for (of which 8 hours are believed).
 */
export function afterFailure(
  every: number,
  failures: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const ceiling = Math.min(every * 2 ** Math.min(failures, 30), LONGEST_BACKOFF_MS);
  return Math.max(every, random() * ceiling, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

/** Over how many milliseconds so many sources that are all due are spread; no source waits for longer than `every`. */
export function spreadOf(count: number): number {
  return Math.max(START_SPREAD_MS, count * START_SPREAD_EACH_MS);
}

/**
 * Milliseconds to the first poll of a source that this process has just got: what remains of its interval or backoff;
 * and when it is overdue, or was never polled, soon, at a moment of its own.
 *
 * @param phase a number from 0 to 1 that is always the same for the same source
 * @param spread over how many milliseconds the overdue ones are spread
 */
export function atStart(
  { nextPoll, failures }: { nextPoll?: string; failures: number },
  every: number,
  now: number,
  phase: number,
  spread: number,
): number {
  const remaining = Date.parse(nextPoll ?? '') - now;
  if (!(remaining > 0)) return phase * Math.min(every, spread);
  const longest = failures > 0 ? LONGEST_RETRY_AFTER_MS : Math.max(every, LONGEST_HINT_MS) * 1.1;
  return Math.min(remaining, longest);
}
