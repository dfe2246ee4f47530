import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { open, type RootDatabase } from 'lmdb';
import { WireError } from '../core/errors.ts';

const CHECK = fileURLToPath(new URL('embedded-check.mjs', import.meta.url));

export interface EmbeddedFiles {
  root: RootDatabase;
  /** Writes all out, and says in the folder that it ended well. */
  close(): Promise<void>;
}

/**
 * Opens the files in `path`. When whoever had them last did not close them, they are read through first, a second or so
 * for the largest log.
 * @throws {WireError} `unavailable` when they cannot be opened, or something in them is missing.
 */
export function openFiles(path: string): EmbeddedFiles {
  const refuse = (why: string, cause?: unknown) =>
    new WireError('unavailable', `The store in ${path} cannot be opened: ${why}`, { cause });
  const marker = join(path, 'in-use');
  try {
    mkdirSync(path, { recursive: true });
    if (existsSync(marker)) {
      const damage = findDamage(path);
      if (damage)
        throw refuse(
          `its files are damaged (${damage}); put a copy in their place, or move them away to begin anew`,
        );
    }
    writeFileSync(marker, '');
    // Writes of one turn as one batch would leave nobody to hear that they failed.
    const root = open({ path, maxDbs: 16, eventTurnBatching: false });
    return {
      root,
      async close() {
        await root.flushed;
        await root.close();
        rmSync(marker, { force: true });
      },
    };
  } catch (error) {
    throw error instanceof WireError ? error : refuse((error as Error).message, error);
  }
}

function findDamage(path: string): string | undefined {
  const { status, signal, stderr, error } = spawnSync(execPath, [CHECK, path], {
    encoding: 'utf8',
    env: {},
  });
  if (error) throw error;
  if (status === 0) return undefined;
  return signal ? `reading them ended with ${signal}` : stderr.trim().split('\n').at(-1);
}

/** What LMDB says of a write that failed: for a commit, the reason is beside the error. */
export async function reasonOf(error: unknown): Promise<Error> {
  const { commitError } = error as { commitError?: Promise<never> };
  const reason = await Promise.resolve(commitError).catch((cause: Error) => cause);
  return reason ?? (error as Error);
}
