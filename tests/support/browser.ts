import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function find(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const executablePath = find();

/** A suite that needs Chromium on PATH. Without one it is skipped, visibly; with REQUIRE_BROWSER it fails. */
export const describeBrowser: typeof describe | typeof describe.skip =
  executablePath !== undefined || process.env.REQUIRE_BROWSER === '1' ? describe : describe.skip;

if (executablePath === undefined && process.env.REQUIRE_BROWSER !== '1') {
  process.stderr.write('SKIPPED: no chromium on PATH, so the suites that need a browser do not run\n');
}

/** Whoever opens it closes it. */
export async function openBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`None of ${NAMES.join(', ')} is on PATH.`);
  return chromium.launch({
    executablePath,
    // A container has neither the user namespaces of the sandbox nor a graphics card.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
