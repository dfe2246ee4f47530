import { z } from 'zod';
import type { SourceRecord } from '../../store/store.ts';
import { hintsSchema } from '../document/hints.ts';
import { goneSchema } from './gone.ts';
import { moveSchema } from './moves.ts';

const time = z.iso.datetime();

const healthSchema = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  language: z.string().optional(),
  lastPoll: time.optional(),
  /** The last poll that found a feed, or that nothing had changed. */
  lastSuccess: time.optional(),
  /** When a new or changed story was stored last. */
  lastStory: time.optional(),
  nextPoll: time.optional(),
  /** Polls that failed since the last success. */
  failures: z.int().min(0),
  lastError: z.object({ at: time, reason: z.string(), message: z.string() }).optional(),
  /** Where permanent redirects say the feed lives now. */
  movedTo: z.string().optional(),
  /** Since when it is polled no more, because its server said twice that it is gone for good. */
  retired: time.optional(),
  /** Since when no ingestor has it among its sources. */
  removed: time.optional(),
  /** Between what the publisher calls the time of publication and our storing the story; of the latest new stories. */
  medianLagMs: z.number().optional(),
});

const memorySchema = z.object({
  validators: z.object({ etag: z.string().optional(), lastModified: z.string().optional() }),
  /** Of the last body that was read to its end and stored. */
  bodyHash: z.string().optional(),
  /** When the whole document was last read regardless of what was known of it. */
  lastWhole: time.optional(),
  /** The newest last; what `medianLagMs` is the median of. */
  lagsMs: z.array(z.number()).max(100),
  /** When its newest stories were published, in milliseconds since 1970. */
  storyTimes: z.array(z.number()).max(100).optional(),
  /** What the document said of when to ask for it. */
  hints: hintsSchema.optional(),
  move: moveSchema.optional(),
  /** Where it is read instead of at its own address, because that has moved. */
  address: z.string().optional(),
  /** How many times in a row its server said that it is gone. */
  goneTimes: z.int().min(0).optional(),
  /** Until when its host wants to be left alone. */
  heldUntil: time.optional(),
  gone: goneSchema.optional(),
});

const recordSchema = healthSchema.extend({ memory: memorySchema });

/** How a source does, for whoever asks. Times are RFC 3339 in UTC. */
export type SourceHealth = z.infer<typeof healthSchema>;
/** What ingest needs for the next poll, and nobody else. */
export type SourceMemory = z.infer<typeof memorySchema>;

/** @returns `undefined` for a record that is not of this shape, as one of another version may be. */
export function readHealth(record: unknown): SourceHealth | undefined {
  return healthSchema.safeParse(record).data;
}

export function readMemory(record: unknown): SourceMemory | undefined {
  return recordSchema.safeParse(record).data?.memory;
}

export function recordOf(health: SourceHealth, memory: SourceMemory): SourceRecord {
  return { ...health, memory };
}
