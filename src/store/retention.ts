export interface Retention {
  /** The log never holds more entries … */
  stories: number;
  /** … nor older ones, to within a minute. */
  hours: number;
}

const HOUR_MS = 3_600_000;
const SHORTEST_MEMORY_MS = 30 * 24 * HOUR_MS;

/** An entry that was appended before this moment leaves the log. Milliseconds since 1970. */
export function oldestKept(retention: Retention, now: number): number {
  return now - retention.hours * HOUR_MS;
}

/**
 * A story that no source has shown since this moment is forgotten: were it to come back, it would be new. Longer than
 * the log, because a quiet feed shows its stories for weeks, and none of them may be sent a second time.
 */
export function oldestRemembered(retention: Retention, now: number): number {
  return now - Math.max(SHORTEST_MEMORY_MS, 2 * retention.hours * HOUR_MS);
}

/** How stale the note of when a story was last shown may get; a write for each showing would cost more than it tells. */
export const TOUCH_MS = 24 * HOUR_MS;

/** How many of its versions a story knows the places of; a withdrawal of one with more goes to everyone. */
export const KNOWN_VERSIONS = 32;

/** From so many epochs the log remembers where it went on; a cursor of an older one is told the gap. */
export const KNOWN_EPOCHS = 256;
