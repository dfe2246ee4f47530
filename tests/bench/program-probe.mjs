// Loaded into the program before it starts, so that the bench can ask it what it asks every other process. JavaScript, as
// the program runs as built: a loader for TypeScript would be part of what is measured. `child.ts` has the other end.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const api = {
  usage() {
    const { user, system } = process.cpuUsage();
    return { cpuUs: user + system, rssBytes: process.memoryUsage.rss() };
  },
  collectGarbage() {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    collect();
    collect();
  },
};

const tell = (answer) => process.connected && process.send(answer, undefined, undefined, () => {});
process.on('SIGINT', () => {});
process.on('message', ({ call, name }) => tell({ call, result: api[name]?.() }));
process.once('disconnect', () => process.exit(0));
tell({ call: 0 });
