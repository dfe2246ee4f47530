import { readdir, readFile } from 'node:fs/promises';
import type { TopicId, TopicRef } from '../core/topic.ts';
import { words } from '../core/words.ts';
import { readTopics, type Written } from './vocabulary-file.ts';

export interface Topic {
  id: TopicId;
  /** What this topic is a part or a kind of; a story that carries it carries them too. */
  parents: TopicId[];
  /** By language tag; the shipped topics have uk, ru and en. */
  names: Record<string, string>;
  /** Other words that publishers use for it, in any language. */
  aliases: string[];
  /** `medtop:11000000`, where IPTC has this topic. */
  medtop?: TopicRef;
}

export interface Vocabulary {
  has(id: TopicId): boolean;
  get(id: TopicId): Topic | undefined;
  all(): readonly Topic[];
  /** `medtop:11000000` → the topic that stands for it; anything it does not know comes back unchanged. */
  resolve(ref: TopicRef): TopicId;
  /** Each id with all its ancestors, each once, the given ones first; unknown ids are kept. */
  withAncestors(ids: readonly TopicId[]): TopicId[];
  /** A publisher's section word in any language → topic; case, spaces and apostrophes do not count. */
  byName(words: string): TopicId | undefined;
  /** Topics with a name or alias, in any language, that contains the text; best first, at most `limit` (20). */
  search(text: string, limit?: number): Topic[];
}

const FOLDER = new URL('./vocabulary/', import.meta.url);

/** The vocabulary that is shipped: every `vocabulary/*.yaml` beside this module. */
export async function loadVocabulary(): Promise<Vocabulary> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml')).sort();
  const files = names.map(async (name) => ({ name, text: await readFile(new URL(name, FOLDER), 'utf8') }));
  return parseVocabulary(await Promise.all(files));
}

/**
 * @throws {Error} whose message begins with the file and line: no YAML, a wrong shape, a bad id, an id or Media Topic
 * code twice, a word that names two topics, an unknown parent, a topic that is its own ancestor.
 */
export function parseVocabulary(files: readonly { name: string; text: string }[]): Vocabulary {
  const topics = new Map<TopicId, Written>();
  const codes = new Map<TopicRef, Written>();
  const names = new Map<string, Written>();
  const namesOf = new Map<Topic, Set<string>>();

  for (const each of files.flatMap(readTopics)) {
    const { topic, at } = each;
    claim(topics, topic.id, each, topic.id, at());
    if (topic.medtop) claim(codes, topic.medtop, each, topic.medtop, at('medtop'));
    const own = new Set<string>();
    const name = (text: string, where: string) => {
      claim(names, comparable(text), each, text, where);
      own.add(comparable(text));
    };
    for (const [language, text] of Object.entries(topic.names)) name(text, at('names', language));
    for (const [index, text] of topic.aliases.entries()) name(text, at('aliases', index));
    namesOf.set(topic, own);
  }

  const ancestors = ancestorsOf(topics);
  const all = [...namesOf.keys()];

  return {
    has: (id) => topics.has(id),
    get: (id) => topics.get(id)?.topic,
    all: () => all,
    resolve: (ref) => codes.get(ref)?.topic.id ?? ref,
    withAncestors: (ids) => [...new Set([...ids, ...ids.flatMap((id) => ancestors.get(id) ?? [])])],
    byName: (text) => names.get(comparable(text))?.topic.id,
    search(text, limit = 20) {
      const wanted = comparable(text);
      if (wanted === '') return [];
      return [...namesOf]
        .map(([topic, own]) => ({ topic, rank: Math.min(...[...own].map((name) => rankOf(name, wanted))) }))
        .filter(({ rank }) => rank < Infinity)
        .sort((a, b) => a.rank - b.rank || (a.topic.id < b.topic.id ? -1 : 1))
        .slice(0, limit)
        .map(({ topic }) => topic);
    },
  };
}

function claim(taken: Map<string, Written>, key: string, by: Written, shown: string, where: string): void {
  const owner = taken.get(key) ?? by;
  if (owner !== by) {
    throw new Error(
      `${where}: ${JSON.stringify(shown)} already stands for ${owner.topic.id} (${owner.at()})`,
    );
  }
  taken.set(key, by);
}

/** Every topic's ancestors, the nearest first. */
function ancestorsOf(topics: ReadonlyMap<TopicId, Written>): Map<TopicId, TopicId[]> {
  const above = (id: TopicId): TopicId[] => {
    const found = new Set(topics.get(id)?.topic.parents);
    // A set hands out what is added to it while it is walked, once each; so this ends in a cycle too.
    for (const each of found) for (const parent of topics.get(each)?.topic.parents ?? []) found.add(parent);
    return [...found];
  };
  const ancestors = new Map<TopicId, TopicId[]>();
  for (const { topic, at } of topics.values()) {
    for (const [index, parent] of topic.parents.entries()) {
      const where = at('parents', index);
      if (!topics.has(parent)) {
        throw new Error(`${where}: the parent ${JSON.stringify(parent)} of ${topic.id} is no topic`);
      }
      if (parent === topic.id || above(parent).includes(topic.id)) {
        throw new Error(`${where}: ${topic.id} is its own ancestor, through ${parent}`);
      }
    }
    ancestors.set(topic.id, above(topic.id));
  }
  return ancestors;
}

function comparable(text: string): string {
  return words(text).join(' ').replaceAll("'", '');
}

/** Lower is better: the whole name, its beginning, the beginning of a word in it, anywhere; among those the shortest. */
function rankOf(name: string, wanted: string): number {
  const length = Math.min(name.length, 999);
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1000 + length;
  if (name.includes(` ${wanted}`)) return 2000 + length;
  return name.includes(wanted) ? 3000 + length : Infinity;
}
