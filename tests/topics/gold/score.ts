import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { isEntity, type TopicId } from '../../../src/core/topic.ts';
import type { Topics } from '../../../src/topics/topics.ts';

const itemSchema = z.object({
  headline: z.string(),
  description: z.string(),
  language: z.string().optional(),
  entities: z.array(z.string()).default([]),
  subjects: z.array(z.string()).default([]),
});

/** A story and the topics that an annotator gave it: see README.md. */
export type Item = z.infer<typeof itemSchema>;

/** The items of `NAME.yaml`, with the ids as the vocabulary spells them: see ids.yaml. */
export async function readItems(name: string): Promise<Item[]> {
  const ids = await readIds();
  const items = z.array(itemSchema).parse(await read(name));
  return items.map((item) => ({ ...item, entities: item.entities.map((id) => ids.get(id) ?? id) }));
}

/** The annotator's ids that the vocabulary spells in another way. */
export async function readIds(): Promise<Map<string, string>> {
  return new Map(Object.entries(z.record(z.string(), z.string()).parse(await read('ids'))));
}

async function read(file: string): Promise<unknown> {
  return parse(await readFile(new URL(`./${file}.yaml`, import.meta.url), 'utf8'));
}

/** A share with its 95 % interval (Wilson). */
export interface Share {
  hits: number;
  of: number;
  value: number;
  low: number;
  high: number;
}

export interface Score {
  items: number;
  /** Of the persons, organisations and places that the tagger named, those that the annotator named too. */
  entityPrecision: Share;
  /** Of those that the annotator named and the vocabulary has, those found. */
  entityRecall: Share;
  /** Of all that the annotator named, those found. */
  entityRecallOfAll: Share;
  /** Of the top-level subjects given, those that the annotator gave too. */
  subjectPrecision: Share;
  /** The stories that got a top-level subject at all. */
  subjectCoverage: Share;
  /** What was wrong, for a reader: the item and what it has too much or lacks. */
  mistakes: { headline: string; wrong: string[]; missed: string[]; unknown: string[] }[];
}

const Z = 1.96;

export function share(hits: number, of: number): Share {
  if (of === 0) return { hits, of, value: 1, low: 0, high: 1 };
  const value = hits / of;
  const middle = (value + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of);
  const half = (Z * Math.sqrt((value * (1 - value)) / of + (Z * Z) / (4 * of * of))) / (1 + (Z * Z) / of);
  return { hits, of, value, low: middle - half, high: middle + half };
}

/** Runs the tagger over the items, from headline and description alone, and compares. */
export function score(
  items: readonly Item[],
  language: string,
  { vocabulary, tagger }: Pick<Topics, 'vocabulary' | 'tagger'>,
): Score {
  const counts = { named: 0, right: 0, known: 0, found: 0, all: 0, given: 0, good: 0, answered: 0 };
  const mistakes: Score['mistakes'] = [];
  const isTop = (id: TopicId) => /^medtop:\d\d0{6}$/.test(vocabulary.get(id)?.medtop ?? '');

  for (const { headline, description, entities, subjects, language: own } of items) {
    const { topics, why } = tagger.tag({ headline, description, language: own ?? language });
    const named = why.filter(({ by }) => by === 'name').map(({ topic }) => topic);
    const tops = topics.filter((id) => !isEntity(id) && isTop(id));
    const known = entities.filter((id) => vocabulary.has(id));
    const wrong = [
      ...named.filter((id) => !entities.includes(id)),
      ...tops.filter((id) => !subjects.includes(id)),
    ];
    const missed = known.filter((id) => !named.includes(id));
    const unknown = entities.filter((id) => !vocabulary.has(id));
    counts.named += named.length;
    counts.right += named.filter((id) => entities.includes(id)).length;
    counts.all += entities.length;
    counts.known += known.length;
    counts.found += known.length - missed.length;
    counts.given += tops.length;
    counts.good += tops.filter((id) => subjects.includes(id)).length;
    counts.answered += tops.length > 0 ? 1 : 0;
    if (tops.length === 0) missed.push(...subjects);
    if (wrong.length + missed.length + unknown.length > 0)
      mistakes.push({ headline, wrong, missed, unknown });
  }
  return {
    items: items.length,
    entityPrecision: share(counts.right, counts.named),
    entityRecall: share(counts.found, counts.known),
    entityRecallOfAll: share(counts.found, counts.all),
    subjectPrecision: share(counts.good, counts.given),
    subjectCoverage: share(counts.answered, items.length),
    mistakes,
  };
}
