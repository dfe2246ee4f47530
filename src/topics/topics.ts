import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { shippedTopics } from './shipped.ts';
import { createTagger, type Tagger } from './tagger.ts';
import { createVocabulary, type Vocabulary } from './vocabulary.ts';
import { readTopics } from './vocabulary-file.ts';

/** All that is known of topics: what there are, and how a text shows them. */
export interface Topics {
  vocabulary: Vocabulary;
  tagger: Tagger;
  /** Changes when the same story may get other topics than before. */
  version: string;
  /** The path of the user's own file. */
  own?: string;
}

const GIVEN_NAMES = new URL('./given-names.yaml', import.meta.url);
/** To be raised when the tagger comes to other topics with the same vocabulary. */
const TAGGER_VERSION = 2;

const givenNamesSchema = z.record(z.string(), z.array(z.string()));

/**
 * The vocabulary that is shipped, and what a user's own file adds to it.
 * @param own the path of that file
 * @throws {Error} when it cannot be read, or as `parseVocabulary`
 */
export async function loadTopics(own?: string): Promise<Topics> {
  const shipped = await shippedTopics();
  const added = own === undefined ? undefined : { name: own, text: await readFile(own, 'utf8') };
  const names = await readFile(GIVEN_NAMES, 'utf8');
  const vocabulary = createVocabulary(shipped, added && readTopics(added));
  const told = [shipped.map(({ topic }) => topic), added?.text, names, TAGGER_VERSION];
  return {
    vocabulary,
    tagger: createTagger(vocabulary, givenNamesSchema.parse(parse(names))),
    version: createHash('sha256').update(JSON.stringify(told)).digest('base64url').slice(0, 16),
    ...(own === undefined ? {} : { own }),
  };
}
