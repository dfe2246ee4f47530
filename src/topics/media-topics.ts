import { z } from 'zod';
import { isEntity, isTopicId, type TopicId, type TopicRef } from '../core/topic.ts';
import { words } from '../core/words.ts';
import { slug } from './slug.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A topic as a file of topics has it. */
export interface ImportedTopic {
  id: TopicId;
  medtop: TopicRef;
  parents: TopicId[];
  names: Record<string, string>;
}

export interface ImportedTopics {
  /** In the order of their codes. */
  topics: ImportedTopic[];
  /** When IPTC released it, as the export says: `2026-07-02`. */
  released?: string;
  /** How many the vocabulary has already, by their code or by their English name. */
  known: number;
  /** How many IPTC uses no longer. */
  retired: number;
}

/** One concept of either form of export. */
interface Concept {
  code: string;
  broader: string[];
  /** By language tag; the English name under `en`. */
  labels: Map<string, string>;
  isRetired: boolean;
}

const labels = z.record(z.string(), z.string());
const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** The export of cv.iptc.org: `newscodes/mediatopic?lang=x-all&format=json`. */
const exportSchema = z.object({
  dateReleased: z.string().optional(),
  conceptSet: z.array(
    z.object({
      qcode: z.string().optional(),
      uri: z.string().optional(),
      prefLabel: labels.default({}),
      broader: oneOrMore.default([]),
      retired: z.unknown().optional(),
    }),
  ),
});

/** A plain list. `stale` is what a later release than the entry's own has no more. */
const listSchema = z.array(
  z.object({
    id: z.string(),
    parent: z.string().nullish(),
    name: labels,
    release: z.string().optional(),
    retired: z.unknown().optional(),
    stale: z.unknown().optional(),
  }),
);

/** What IPTC calls languages, where that is no language tag or another language's. */
const LANGUAGES: Record<string, string> = {
  'en-GB': 'en',
  se: 'sv',
  dk: 'da',
  'no-NB': 'nb',
  'no-NN': 'nn',
};
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
/** No name in a file of topics is longer. */
const MAX_NAME = 120;

/**
 * The Media Topics of one of IPTC's exports that the vocabulary does not have. Each is named in the languages in which
 * nothing else has that name, and stands under the topics that IPTC has above it, or what is left of those.
 * The same export comes out the same, in whatever order it lists its concepts.
 *
 * @throws {Error} when it is neither form of export, or has no Media Topic in it
 */
export function importMediaTopics(text: string, vocabulary: Vocabulary): ImportedTopics {
  const { concepts, released } = readConcepts(text);
  const byCode = new Map(concepts.map((concept) => [concept.code, concept]));
  const ids = new Map<string, TopicId>();
  for (const concept of concepts) {
    const id = knownAs(concept, vocabulary);
    if (id !== undefined) ids.set(concept.code, id);
  }
  const known = concepts.filter(({ code, isRetired }) => ids.has(code) && !isRetired).length;
  const added = concepts.filter(({ code, isRetired }) => !ids.has(code) && !isRetired);

  /** The topics above one, past those that are used no longer. */
  function above({ code, broader }: Concept, seen = new Set([code])): Concept[] {
    return broader.flatMap((each) => {
      const parent = byCode.get(each);
      if (!parent || seen.has(each)) return [];
      if (!parent.isRetired || ids.has(each)) return [parent];
      return above(parent, new Set([...seen, each]));
    });
  }

  const takenIds = new Set(vocabulary.all().map(({ id }) => id));
  for (const concept of added) {
    const own = slug(concept.labels.get('en') ?? '');
    const [parent] = above(concept);
    const of = slug(parent?.labels.get('en') ?? '');
    const candidates = [own, own && of && `${own}-${of}`, own && `${own}-${concept.code}`];
    const free = candidates.find((id) => id && isTopicId(id) && !takenIds.has(id));
    const id = free || `medtop-${concept.code}`;
    takenIds.add(id);
    ids.set(concept.code, id);
  }

  const owners = new Map<string, TopicId>();
  /** Keeps the name for this topic, unless it is another's. */
  const claim = (name: string, id: TopicId): boolean => {
    const key = comparable(name);
    if (key === '' || name.length > MAX_NAME || vocabulary.byName(name) !== undefined) return false;
    const owner = owners.get(key) ?? id;
    owners.set(key, owner);
    return owner === id;
  };
  const topics = added.map((concept): ImportedTopic => {
    const { code } = concept;
    const id = ids.get(code) ?? `medtop-${code}`;
    const parents = above(concept).flatMap((parent) => ids.get(parent.code) ?? []);
    const own = namesOf(concept, above(concept)[0], id, claim);
    return { id, medtop: `medtop:${code}`, parents: [...new Set(parents)], names: own };
  });
  return {
    topics,
    known,
    retired: concepts.filter(({ isRetired }) => isRetired).length,
    ...(released === undefined ? {} : { released }),
  };
}

function readConcepts(text: string): { concepts: Concept[]; released?: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`is no JSON: ${(error as Error).message}`);
  }
  const shape = Array.isArray(json) ? readList(json) : readExport(json);
  const concepts = [...new Map(shape.concepts.map((concept) => [concept.code, concept])).values()];
  if (concepts.length === 0) throw new Error('has no Media Topic in it');
  concepts.sort((a, b) => (a.code < b.code ? -1 : 1));
  const released = /^\d{4}-\d\d-\d\d/.exec(shape.released ?? '')?.[0];
  return { concepts, ...(released === undefined ? {} : { released }) };
}

function readExport(json: unknown) {
  const { data, error } = exportSchema.safeParse(json);
  if (!data) throw new Error(`is no export of Media Topics: ${problemOf(error)}`);
  const concepts = data.conceptSet.flatMap(({ qcode = '', uri = '', prefLabel, broader, retired }) =>
    conceptOf(codeOf(qcode) ?? codeOf(uri), broader, prefLabel, Boolean(retired)),
  );
  return { concepts, released: data.dateReleased };
}

function readList(json: unknown) {
  const { data, error } = listSchema.safeParse(json);
  if (!data) throw new Error(`is no list of Media Topics: ${problemOf(error)}`);
  const concepts = data.flatMap(({ id, parent, name, retired, stale }) =>
    conceptOf(codeOf(id), parent ? [parent] : [], name, Boolean(retired || stale)),
  );
  const released = data.flatMap(({ release }) => release ?? []).sort();
  return { concepts, released: released.at(-1) };
}

function conceptOf(
  code: string | undefined,
  broader: readonly string[],
  names: Readonly<Record<string, string>>,
  isRetired: boolean,
): Concept[] {
  if (code === undefined) return [];
  const found = new Map<string, string>();
  for (const [from, name] of Object.entries(names)) {
    const language = LANGUAGES[from] ?? from;
    const text = name.normalize('NFC').replace(/\s+/g, ' ').trim();
    if (LANGUAGE.test(language) && text !== '') found.set(language, capitalised(text));
  }
  // American spelling alone is enough, and no use beside the same in British.
  const american = found.get('en-US');
  if (american !== undefined && !found.has('en')) found.set('en', american);
  if (american === found.get('en')) found.delete('en-US');
  return [{ code, broader: broader.flatMap((each) => codeOf(each) ?? []), labels: found, isRetired }];
}

/** The number of `medtop:20000022` and of `http://cv.iptc.org/newscodes/mediatopic/20000022`. */
function codeOf(text: string): string | undefined {
  return /^(?:medtop:|https?:\/\/\S+\/mediatopic\/)(\d{8})\/?$/.exec(text)?.[1];
}

/** A topic with this code, or a subject without a code that has this English name. */
function knownAs({ code, labels: names }: Concept, vocabulary: Vocabulary): TopicId | undefined {
  const ref = `medtop:${code}`;
  const id = vocabulary.resolve(ref);
  if (id !== ref) return id;
  const name = names.get('en');
  const same = name === undefined ? undefined : vocabulary.get(vocabulary.byName(name) ?? '');
  if (!same || isEntity(same.id) || same.medtop !== undefined) return undefined;
  return comparable(same.names.en ?? '') === comparable(name ?? '') ? same.id : undefined;
}

/**
 * The names that nobody else has; what is called like another topic is told apart in English, by what it belongs to or
 * else by its code, so that every topic has a name.
 */
function namesOf(
  { code, labels: own }: Concept,
  parent: Concept | undefined,
  id: TopicId,
  claim: (name: string, id: TopicId) => boolean,
): Record<string, string> {
  const english = own.get('en') ?? [...own.values()][0] ?? id;
  const of = parent?.labels.get('en')?.toLowerCase();
  const candidates = [english, of === undefined ? '' : `${english} (${of})`, `${english} (${code})`, id];
  const en = candidates.find((name) => claim(name, id)) ?? id;
  const others = [...own].filter(([language, name]) => language !== 'en' && claim(name, id));
  return Object.fromEntries([['en', en], ...others]);
}

/** As the vocabulary compares whole names. */
function comparable(text: string): string {
  return words(text).join(' ').replaceAll("'", '');
}

function capitalised(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not understood'}`;
}
