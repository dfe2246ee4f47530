import { z } from 'zod';
import { type Content, type Entry, type Facets, FLAGS, type Story } from './story.ts';
import { isTopicId, type Why } from './topic.ts';

/** The shapes of `story.ts` for data that comes from outside: what Redis gives back is as foreign as a feed. */

const time = z.iso.datetime();

const content = z.object({
  id: z.string().min(1).max(256),
  source: z.object({ id: z.string(), name: z.string() }),
  link: z.string().optional(),
  language: z.string(),
  headline: z.string(),
  description: z.string().optional(),
  body: z.string().optional(),
  by: z.string().optional(),
  located: z.string().optional(),
  urgency: z.int().min(1).max(9),
  flags: z.array(z.enum(FLAGS)),
  sections: z.array(z.string()),
  topics: z.array(z.string().refine(isTopicId)),
  cluster: z.string().max(64).optional(),
  alsoReportedBy: z.array(z.string()).optional(),
  image: z
    .object({
      href: z.string(),
      width: z.number().optional(),
      height: z.number().optional(),
      alt: z.string().optional(),
    })
    .optional(),
  published: time.optional(),
  embargoedUntil: time.optional(),
  usageTerms: z.string().optional(),
});

export const contentSchema: z.ZodType<Content> = content;

export const storySchema: z.ZodType<Story> = content.extend({
  version: z.int().min(1),
  status: z.enum(['usable', 'canceled', 'withheld']),
  change: z.enum(['new', 'update', 'correction', 'cancel']),
  cursor: z.string().max(64),
  firstCreated: time,
  versionCreated: time,
  views: z.int().min(0).optional(),
});

export const whySchema: z.ZodType<Why> = z.object({
  topic: z.string(),
  by: z.enum(['source', 'category', 'section', 'publisher', 'name', 'keyword', 'hints', 'parent']),
  words: z.string().optional(),
  in: z.enum(['headline', 'description', 'body']).optional(),
});

const facetsSchema: z.ZodType<Facets> = z.object({
  topics: z.array(z.string()),
  language: z.string(),
  source: z.object({ id: z.string(), name: z.string() }),
  urgency: z.number(),
  flags: z.array(z.enum(FLAGS)),
  headline: z.string(),
  description: z.string().optional(),
});

export const entrySchema: z.ZodType<Entry> = z.object({
  sequence: z.int().min(1),
  at: z.number(),
  story: storySchema,
  reach: z.union([z.literal('everyone'), z.array(facetsSchema)]).optional(),
});
