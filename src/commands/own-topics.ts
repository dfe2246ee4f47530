import { SettingError } from '../config.ts';
import { loadTopics, type Topics } from '../topics/topics.ts';

/**
 * The shipped topics and the user's own.
 * @param file what the setting TOPICS says
 * @throws {SettingError} when that file cannot be used
 */
export async function loadOwnTopics(file: string | undefined): Promise<Topics> {
  try {
    return await loadTopics(file);
  } catch (error) {
    // Without a file of the user's, this is no setting that is wrong.
    if (file === undefined) throw error;
    throw new SettingError(`TOPICS: ${problemOf(file, error)}`);
  }
}

/** What is wrong with a file of topics, in one line that begins with its name. */
export function problemOf(file: string, error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `cannot read ${file}: ${message}`;
}
