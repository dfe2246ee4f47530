import { z } from 'zod';
import { whySchema } from '../core/schema.ts';
import type { Story } from '../core/story.ts';
import { isTopicId, type Why } from '../core/topic.ts';
import type { Findings } from './store.ts';

/** What was found out about a version of a story after it had been appended. */
export interface Note {
  version: number;
  findings: Findings;
  /** The topics under which it was to be had since it was appended, before those of `findings`. */
  earlier: string[][];
}

const findings: z.ZodType<Findings> = z.object({
  topics: z.array(z.string().refine(isTopicId)).optional(),
  cluster: z.string().max(64).optional(),
  alsoReportedBy: z.array(z.string()).optional(),
});

const noteSchema: z.ZodType<Note> = z.object({
  version: z.int().min(1),
  findings,
  earlier: z.array(z.array(z.string())),
});

/** A note as it is announced. */
const announced = z.object({ id: z.string(), version: z.int().min(1), findings });

const whysSchema: z.ZodType<Why[]> = z.array(whySchema);

/** The note that takes the place of what was noted of the version before. */
export function nextNote(before: Note | undefined, version: number, findings: Findings): Note {
  const known = before?.version === version ? before : undefined;
  const { topics } = known?.findings ?? {};
  const earlier = [...(known?.earlier ?? []), ...(topics && findings.topics ? [topics] : [])];
  return { version, findings: { ...known?.findings, ...findings }, earlier };
}

/** The story as it is known now. */
export function noted(story: Story, note: Note | undefined): Story {
  return note?.version === story.version ? { ...story, ...note.findings } : story;
}

export function parseNote(value: unknown): Note | undefined {
  return noteSchema.safeParse(value).data;
}

export function announcedNote(value: unknown): z.infer<typeof announced> | undefined {
  return announced.safeParse(value).data;
}

export function parseWhy(value: unknown): Why[] | undefined {
  return whysSchema.safeParse(value).data;
}
