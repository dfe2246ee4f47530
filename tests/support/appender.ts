/** A process to kill: appends COUNT stories to a store, 32 at a time, and prints the number of each when it is in. */
import { openStore } from './open-store.ts';
import { draft } from './stories.ts';

const [, , where = '', count = '0'] = process.argv;
const store = openStore(where);
let next = 0;

async function work(): Promise<void> {
  while (next < Number(count)) {
    const number = next++;
    await store.append(draft(String(number)));
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: 32 }, work));
await store.close();
