/**
 * A process with a small disk of its own at FOLDER: fills it with stories, frees room, goes on, and prints what it saw as
 * JSON. To be run where it may mount; an unhandled rejection ends it, as it would end the service.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from './open-store.ts';
import { draft } from './stories.ts';

const [, , disk = ''] = process.argv;
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
const ballast = join(disk, 'ballast');
writeFileSync(ballast, Buffer.alloc(2_000_000));

const where = join(disk, 'store');
const store = openStore(where);
const acknowledged: string[] = [];
const errors: { code: string; message: string }[] = [];

async function append(id: string): Promise<void> {
  const body = `<p>${'x'.repeat(4_000)}</p>`;
  await store.append(draft(id, { body })).then(
    () => acknowledged.push(`test:${id}`),
    ({ code, message }) => errors.push({ code, message }),
  );
}
const read = async (from = store) =>
  (await from.read({ after: 0, limit: 10_000 })).map(({ story }) => story.id);

for (let round = 0; errors.length === 0 && round < 1_000; round += 1) {
  await Promise.all(Array.from({ length: 8 }, (_, index) => append(`${round}-${index}`)));
}
const full = { errors: [...errors], read: await read(), acknowledged: [...acknowledged] };

rmSync(ballast);
errors.length = 0;
await append('after');
const after = { errors: [...errors], read: await read(), acknowledged: [...acknowledged] };
await store.close();

const again = openStore(where);
const reopened = await read(again);
await again.close();
process.stdout.write(JSON.stringify({ full, after, reopened }));
