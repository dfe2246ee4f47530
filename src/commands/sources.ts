import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { SettingError } from '../config.ts';
import { decode } from '../ingest/document/decode.ts';
import { readOpml } from '../ingest/opml.ts';
import { plain, readArguments } from './arguments.ts';
import { loadOwnTopics } from './own-topics.ts';

export interface SourcesDeps {
  print(text: string): void;
  warn(line: string): void;
  /** The user's own file of topics. */
  topics: string | undefined;
}

const USE = 'newswire sources: expected import FILE.opml';

/** `newswire sources import FILE.opml`: prints its feeds as a sources file. Answers the exit code. */
export async function sources(args: string[], { print, warn, topics }: SourcesDeps): Promise<number> {
  const { positionals } = readArguments('sources', args, {}, true);
  const [action, file] = positionals;
  if (action !== 'import' || file === undefined || positionals.length > 2) throw new SettingError(USE);
  const { vocabulary } = await loadOwnTopics(topics);
  try {
    const imported = readOpml(decode(await readFile(file)).text, vocabulary);
    print(stringify({ sources: imported.sources }, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd());
    for (const line of imported.skipped) warn(`newswire: left out ${plain(line)}`);
    return 0;
  } catch (error) {
    warn(`newswire: ${file}: ${plain((error as Error).message)}`);
    return 1;
  }
}
