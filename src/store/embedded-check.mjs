// Reads the store in a folder from end to end, in a process of its own: LMDB reads files as memory, so a file that was cut
// or overwritten ends the process that reads it, and must not end the service without a word. Exit 0 when all is there.
import { ABORT, open } from 'lmdb';

try {
  const root = open({ path: process.argv[2] ?? '', maxDbs: 16 });
  const meta = root.openDB({ name: 'meta', encoding: 'json' });
  const log = root.openDB({ name: 'log', encoding: 'json' });
  let next = Number(meta.get('first') ?? 1);
  for (const { key, value } of log.getRange()) {
    if (key !== next || value.sequence !== key) throw new Error(`entry ${next} is not there`);
    next += 1;
  }
  if (next !== Number(meta.get('last') ?? 0) + 1) throw new Error(`entry ${next} is not there`);
  for (const name of ['items', 'touched', 'sources', 'views', 'drafts', 'held', 'notes', 'why']) {
    for (const _ of root.openDB({ name, encoding: 'json' }).getRange());
  }
  // What is free is a list too, and only a write reads it.
  root.transactionSync(() => {
    meta.put('check', 'x'.repeat(100_000));
    return ABORT;
  });
  await root.close();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
