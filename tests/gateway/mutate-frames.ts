import { parseArgs } from 'node:util';
import { attack } from './hostile-clients.ts';

/**
 * Sends a great many broken frames to a service in this process, and says what came of it; the status is 1 when anything
 * went wrong. With `node --expose-gc --import tsx` what it says of memory is exact.
 *
 *     npx tsx tests/gateway/mutate-frames.ts --count 1000000 --seed 1
 */
const { values } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const print = (line: string) => process.stdout.write(`${line}\n`);
const began = performance.now();
const failures: unknown[] = [];
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error) => {
    failures.push(error);
    print(`${event}: ${error instanceof Error ? error.stack : error}`);
  });

const { frames, connections, ended, stories, inOrder, slowestMs, sessions, sockets, grown } = await attack(
  Number(values.count),
  Number(values.seed),
  print,
);
print(
  `${frames} frames on ${connections} connections, of which the server ended ${ended}, in ${((performance.now() - began) / 1000).toFixed(0)} s, seed ${values.seed}`,
);
print(
  `the reader's ${stories} stories: ${inOrder ? 'all, once, in order' : 'NOT all, once and in order'}; the slowest took ${slowestMs.toFixed(0)} ms`,
);
print(
  `left over: ${sessions} sessions, ${sockets} connections; heap grew by ${(grown / 1e6).toFixed(1)} MB in the second half`,
);
print(`crashes ${failures.length}`);
process.exitCode = failures.length === 0 && inOrder && sessions === 0 && sockets === 0 ? 0 : 1;
