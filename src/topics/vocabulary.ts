import { isEntity, type TopicId, type TopicRef } from '../core/topic.ts';
import { words } from '../core/words.ts';
import { type Alias, readTopics, type Written } from './vocabulary-file.ts';

export interface Topic {
  id: TopicId;
  /** What this topic is a part or a kind of; a story that carries it carries them too. */
  parents: TopicId[];
  /** By language tag; the shipped topics have uk, ru and en. */
  names: Record<string, string>;
  /** Whole section names of publishers that mean it, in any language. */
  sections: string[];
  /** Of persons, organisations and places: other names in running text, by language; `*` for all languages. */
  aliases: Record<string, Alias[]>;
  /** Of subjects: by language, patterns of words that are evidence enough. */
  keywords: Record<string, string[]>;
  /** The same that are evidence only together with another. */
  hints: Record<string, string[]>;
  /** Subjects for which this person, organisation or place is a hint. */
  suggests: TopicId[];
  gender: 'f' | 'm';
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
  /** The topics that have this one as a parent. */
  children(id: TopicId): readonly TopicId[];
  /** A publisher's section word in any language → topic; case, spaces and apostrophes do not count. */
  byName(words: string): TopicId | undefined;
  /** Topics with a name or alias, in any language, that contains the text; best first, at most `limit` (20). */
  search(text: string, limit?: number): Topic[];
}

/** A file of topics, by the name that messages give it. */
export interface VocabularyFile {
  name: string;
  text: string;
}

/**
 * @param own topics that are added, or stand in place of those with the same id
 * @throws {Error} whose message begins with the file and line: no YAML, a wrong shape, a bad id, an id or Media Topic
 * code twice, a word that names two topics, an unknown parent, a topic that is its own ancestor.
 */
export function parseVocabulary(files: readonly VocabularyFile[], own?: VocabularyFile): Vocabulary {
  return createVocabulary(files.flatMap(readTopics), own ? readTopics(own) : []);
}

/** @throws {Error} as `parseVocabulary`, of what is wrong between topics that are right by themselves */
export function createVocabulary(shipped: readonly Written[], added: readonly Written[] = []): Vocabulary {
  const topics = new Map<TopicId, Written>();
  const codes = new Map<TopicRef, Written>();
  const replaced = new Set(added.map(({ topic }) => topic.id));
  const written = [...shipped.filter(({ topic }) => !replaced.has(topic.id)), ...added];

  for (const each of written) {
    const { topic, at } = each;
    claim(topics, topic.id, each, topic.id, at());
    if (topic.medtop) claim(codes, topic.medtop, each, topic.medtop, at('medtop'));
  }
  const names = claimNames(written);
  const ancestors = ancestorsOf(topics, [...added, ...written]);
  checkMentions(topics);

  const all = written.map(({ topic }) => topic);
  const namesOf = new Map(all.map((topic) => [topic, new Set(everyName(topic).map(comparable))]));
  const children = new Map<TopicId, TopicId[]>();
  for (const { id, parents } of all)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), id]);

  return {
    has: (id) => topics.has(id),
    get: (id) => topics.get(id)?.topic,
    all: () => all,
    resolve: (ref) => codes.get(ref)?.topic.id ?? ref,
    withAncestors(ids) {
      const found = new Set(ids);
      for (const id of ids) for (const above of ancestors.get(id) ?? []) found.add(above);
      return [...found];
    },
    children: (id) => children.get(id) ?? [],
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

/**
 * What each whole name stands for, whatever the language. Section words of subjects are theirs alone; what several
 * persons, organisations or places are called, in one language or another, is nothing that a section is known by.
 */
function claimNames(written: readonly Written[]): Map<string, Written> {
  const names = new Map<string, Written>();
  for (const each of written) {
    const { topic, at } = each;
    if (isEntity(topic.id)) continue;
    for (const [language, text] of Object.entries(topic.names))
      claim(names, comparable(text), each, text, at('names', language));
    for (const [index, text] of topic.sections.entries())
      claim(names, comparable(text), each, text, at('sections', index));
  }
  const aliases = new Map<string, Written>();
  const doubtful = new Set<string>();
  for (const each of written) {
    for (const { language, text, where } of certainNames(each)) {
      claim(aliases, `${language} ${text}`, each, text, where);
      const name = comparable(text);
      const owner = names.get(name) ?? each;
      if (owner !== each && isEntity(owner.topic.id)) doubtful.add(name);
      else names.set(name, owner);
    }
  }
  for (const name of doubtful) names.delete(name);
  return names;
}

/** By what a person, an organisation or a place is known in each language without anything else. */
function certainNames({ topic, at }: Written): { language: string; text: string; where: string }[] {
  if (!isEntity(topic.id)) return [];
  const found = [];
  for (const language of new Set([...Object.keys(topic.names), ...Object.keys(topic.aliases)])) {
    const list = topic.aliases[language] ?? [];
    const name = topic.names[language];
    if (name !== undefined && list.every(({ text }) => text !== name))
      found.push({ language, text: name, where: at('names', language) });
    for (const [index, { text, needs }] of list.entries())
      if (!needs) found.push({ language, text, where: at('aliases', language, index) });
  }
  return found;
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

/** Every topic's ancestors, the nearest first. @param order which to look at first: a circle is the user's own doing */
function ancestorsOf(
  topics: ReadonlyMap<TopicId, Written>,
  order: readonly Written[],
): Map<TopicId, TopicId[]> {
  const above = (id: TopicId): TopicId[] => {
    const found = new Set(topics.get(id)?.topic.parents);
    // A set hands out what is added to it while it is walked, once each; so this ends in a cycle too.
    for (const each of found) for (const parent of topics.get(each)?.topic.parents ?? []) found.add(parent);
    return [...found];
  };
  const ancestors = new Map<TopicId, TopicId[]>();
  for (const { topic, at } of order) {
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

/** What aliases need and entities suggest has to be there. */
function checkMentions(topics: ReadonlyMap<TopicId, Written>): void {
  for (const { topic, at } of topics.values()) {
    for (const [index, id] of topic.suggests.entries()) {
      if (topics.has(id) && !isEntity(id)) continue;
      throw new Error(`${at('suggests', index)}: ${JSON.stringify(id)} is no subject`);
    }
    for (const [language, list] of Object.entries(topic.aliases)) {
      for (const [index, { needs = [], unless = [] }] of list.entries()) {
        const missing = [...needs, ...unless].find((id) => isEntity(id) && !topics.has(id));
        if (missing === undefined) continue;
        const where = at('aliases', language, index);
        throw new Error(`${where}: ${topic.id} asks for ${JSON.stringify(missing)}, which is no topic`);
      }
    }
  }
}

function everyName({ names, sections, aliases }: Topic): string[] {
  return [
    ...Object.values(names),
    ...sections,
    ...Object.values(aliases).flatMap((list) => list.map(({ text }) => text)),
  ];
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
