import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { openStore } from '../support/open-store.ts';

const STORIES = 10_000;
const script = fileURLToPath(new URL('../support/appender.ts', import.meta.url));

/** Runs the appender, which prints the number of each story that was appended, until it ends or has printed `killAfter`. */
async function append(where: string, killAfter: number): Promise<number[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, where, String(STORIES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const done: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    done.push(Number(line));
    if (done.length === killAfter) child.kill('SIGKILL');
  }
  await exited;
  return done;
}

export function killedWriter(makePlace: () => Promise<{ where: string; close(): Promise<void> }>): void {
  test('has neither hole nor double after kill -9 in the middle of 10,000 appends', async () => {
    const place = await makePlace();
    const acknowledged = await append(place.where, 4_000);
    expect(acknowledged.length).toBeLessThan(STORIES);

    const store = openStore(place.where);
    const { last } = await store.head();
    const read = await store.read({ after: 0, limit: STORIES + 1 });
    expect(read.map((entry) => entry.sequence)).toEqual(
      Array.from({ length: last }, (_, index) => index + 1),
    );
    const ids = new Set(read.map((entry) => entry.story.id));
    expect(ids.size).toBe(last);
    expect(acknowledged.filter((number) => !ids.has(`test:${number}`))).toEqual([]);
    await store.close();

    await append(place.where, Number.POSITIVE_INFINITY);
    const whole = openStore(place.where);
    const all = await whole.read({ after: 0, limit: STORIES + 1 });
    expect(all.map((entry) => entry.sequence)).toEqual(
      Array.from({ length: STORIES }, (_, index) => index + 1),
    );
    expect(new Set(all.map((entry) => entry.story.id)).size).toBe(STORIES);
    expect(all.every((entry) => entry.story.version === 1)).toBe(true);
    await whole.close();
    await place.close();
  }, 120_000);
}
