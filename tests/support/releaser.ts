/** A process to kill: releases what is held in a store, and prints the id of each story when it is in. */
import { pino } from 'pino';
import { createEmbargo } from '../../src/ingest/publish/embargo.ts';
import { openStore } from './open-store.ts';

const store = openStore(process.argv[2] ?? '');
const told = {
  due: store.due,
  append: async (...draft: Parameters<typeof store.append>) => {
    const appended = await store.append(...draft);
    if (appended.outcome !== 'known') process.stdout.write(`${appended.entry.story.id}\n`);
    return appended;
  },
};
createEmbargo({
  store: told,
  now: Date.now,
  log: pino({ level: 'silent' }),
  metrics: { story() {} },
}).start();
