import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { isEntity, isTopicId, isTopicRef, type TopicId } from '../core/topic.ts';
import { words } from '../core/words.ts';
import { isPattern } from './patterns.ts';

const label = z
  .string()
  .max(120)
  .refine((text) => words(text).length > 0, 'has no letter or digit');
const tag = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
const language = z.string().regex(tag, 'is not a language tag such as uk or pt-BR');
/** Aliases may also be the same in all languages. */
const languageOrAll = z
  .string()
  .refine((text) => text === '*' || tag.test(text), 'is neither a language tag such as uk nor *');
const pattern = label.refine(isPattern, 'is no pattern of words, such as "exchange* … prisoner*"');

const alias = z.preprocess(
  (value) => (typeof value === 'string' ? { text: value } : value),
  z.strictObject(
    {
      text: label,
      forms: z.array(label).optional(),
      needs: z.array(pattern).optional(),
      unless: z.array(pattern).optional(),
      not: z.array(label).optional(),
    },
    {
      error: (issue) =>
        issue.code === 'invalid_type' ? 'is neither a name nor a map with `text`' : undefined,
    },
  ),
);

const shape = z.strictObject({
  medtop: z
    .string()
    .refine(
      (code): boolean => isTopicRef(code) && !isTopicId(code),
      'is not a Media Topic code such as medtop:11000000',
    )
    .optional(),
  parents: z.array(z.string()).default([]),
  names: z
    .record(language, label)
    .refine((names) => Object.keys(names).length > 0, 'a topic needs a name in at least one language'),
  sections: z.array(label).default([]),
  aliases: z.record(languageOrAll, z.array(alias)).default({}),
  keywords: z.record(language, z.array(pattern)).default({}),
  hints: z.record(language, z.array(pattern)).default({}),
  suggests: z.array(z.string()).default([]),
  gender: z.enum(['f', 'm'], 'is neither f nor m').default('m'),
});

const FOR_ENTITIES = ['aliases', 'suggests'] as const;
const FOR_SUBJECTS = ['keywords', 'hints', 'sections'] as const;

/** Another name of a person, an organisation or a place, as it is looked for in running text. */
export type Alias = z.infer<typeof alias>;

/** A topic as a file has it, and where: `at('parents', 0)` is `events.yaml, line 12`, for messages. */
export interface Written {
  topic: z.infer<typeof shape> & { id: TopicId };
  at(...path: PropertyKey[]): string;
}

/**
 * Reads one file of the vocabulary: a YAML map from topic id to topic.
 *
 * @throws {Error} whose message begins with the file and line, when it is no YAML or a topic has the wrong shape.
 */
export function readTopics(file: { name: string; text: string }): Written[] {
  const lines = new LineCounter();
  const where = (offset: number) => `${file.name}, line ${lines.linePos(offset).line}`;
  // With `failsafe` every value is the text that the editor wrote: no alias turns into a number, a date or a null.
  const document = parseDocument(file.text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });

  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    const text = file.text.split('\n')[line - 1]?.trim() ?? '';
    throw new Error(`${where(error.pos[0])}: ${error.message}, at ${JSON.stringify(text)}`);
  }
  visit(document, {
    Alias(_, node) {
      throw new Error(`${where(node.range?.[0] ?? 0)}: a word that begins with * has to be in quotes`);
    },
  });

  const { contents } = document;
  if (contents === null) return [];
  if (!isMap(contents))
    throw new Error(`${where(contents.range[0])}: expected topics, each "id:" and what it is`);

  return contents.items.map(({ key, value }) => {
    const id = isScalar(key) ? String(key.value) : '';
    const start = isNode(key) ? (key.range?.[0] ?? 0) : 0;
    if (!isTopicId(id)) throw new Error(`${where(start)}: ${JSON.stringify(id)} is not a topic id`);

    const at = (...path: PropertyKey[]) => where(offsetOf(value, path) ?? start);
    const result = shape.safeParse(isNode(value) ? value.toJS(document) : value);
    if (result.success) {
      for (const field of isEntity(id) ? FOR_SUBJECTS : FOR_ENTITIES) {
        if (Object.keys(result.data[field]).length === 0) continue;
        throw new Error(
          `${at(field)}: ${id} › ${field}: is for ${isEntity(id) ? 'subjects' : 'persons, organisations and places'}`,
        );
      }
      return { topic: { id, ...result.data }, at };
    }

    const [issue] = result.error.issues;
    const path = [
      ...(issue?.path ?? []),
      ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
    ];
    const problem = issue?.code === 'invalid_key' ? issue.issues[0]?.message : issue?.message;
    throw new Error(`${at(...path)}: ${[id, ...path].join(' › ')}: ${problem}`);
  });
}

/** Where the deepest step of `path` that the file has begins: a key of a map, an item of a list. */
function offsetOf(value: unknown, path: readonly PropertyKey[]): number | undefined {
  let node = value;
  let offset: number | undefined;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
    const found = pair ? pair.key : isSeq(node) ? node.items[Number(step)] : undefined;
    if (!isNode(found)) break;
    offset = found.range?.[0];
    node = pair ? pair.value : found;
  }
  return offset;
}
