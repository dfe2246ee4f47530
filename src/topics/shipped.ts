import { readdir, readFile, stat } from 'node:fs/promises';
import { readTopics, type Written } from './vocabulary-file.ts';

const FOLDER = new URL('./vocabulary/', import.meta.url);
/** What the build makes of the files, beside this module or, while it runs from its sources, in the build's folder. */
const COMPILED = ['./vocabulary.json', '../../dist/topics/vocabulary.json'];

/**
 * The topics that are shipped: as the build has compiled them, because reading every `vocabulary/*.yaml` takes longer
 * than the rest of a start; from those files where one of them is newer.
 */
export async function shippedTopics(): Promise<Written[]> {
  const compiled = await readCompiled();
  if (compiled === undefined) return (await vocabularyFiles()).flatMap(readTopics);
  // Our own build wrote it, from files that had passed the schema.
  const topics = JSON.parse(compiled) as (Written['topic'] & { file: string })[];
  return topics.map(({ file, ...topic }) => ({ topic, at: () => file }));
}

async function readCompiled(): Promise<string | undefined> {
  const written = await Promise.all((await fileNames()).map((name) => stat(new URL(name, FOLDER))));
  const newest = Math.max(...written.map(({ mtimeMs }) => mtimeMs));
  for (const name of COMPILED) {
    const file = new URL(name, import.meta.url);
    const made = await stat(file).catch(() => undefined);
    if (made && made.mtimeMs >= newest) return readFile(file, 'utf8');
  }
  return undefined;
}

/** The same as JSON, which needs no checking any more. */
export async function compileTopics(): Promise<string> {
  const files = await vocabularyFiles();
  return JSON.stringify(
    files.flatMap((file) => readTopics(file).map(({ topic }) => ({ ...topic, file: file.name }))),
  );
}

async function vocabularyFiles(): Promise<{ name: string; text: string }[]> {
  return Promise.all(
    (await fileNames()).map(async (name) => ({ name, text: await readFile(new URL(name, FOLDER), 'utf8') })),
  );
}

async function fileNames(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml')).sort();
}
