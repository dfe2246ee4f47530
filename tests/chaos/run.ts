import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { account, tellFaults } from './account.ts';
import { runChaos } from './chaos.ts';
import { FAULT_KINDS, LOSSES } from './faults.ts';
import { VIOLATION_KINDS } from './oracle.ts';

/**
 * npm run chaos -- --minutes M --seed S
 *
 *   --minutes M, --seconds S   how long things go wrong; half a minute when neither is given
 *   --seed S                   the same faults, stories and clients again; of today when absent
 *   --clients N                200
 *   --without KIND             a fault that is not to happen; again for another
 *   --losses                   Redis may also come back without the end of what it had, or without any
 *   --keep                     leaves the folder with what the processes wrote, also when all is well
 *   --program FILE             the built program, dist/cli.js
 *
 * Exit code 0 when everyone saw what was published, 1 otherwise.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    clients: { type: 'string', default: '200' },
    without: { type: 'string', multiple: true, default: [] },
    losses: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    program: { type: 'string', default: fileURLToPath(new URL('../../dist/cli.js', import.meta.url)) },
  },
});

const ms =
  values.minutes === undefined ? Number(values.seconds ?? 30) * 1000 : Number(values.minutes) * 60_000;
const clients = Number(values.clients);
const { seed, program: cli, without } = values;
const unknown = without.find((name) => !FAULT_KINDS.some((kind) => kind === name));
const say = (line: string) => void process.stdout.write(`${line}\n`);

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
// Whoever has forked this is gone.
process.on('disconnect', () => stopping.abort(new Error('its parent has ended')));
// What it has started is to end with it, whatever happens.
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => stopping.abort(error));

if (!(ms > 0) || !(clients > 0) || unknown !== undefined) {
  process.stderr.write(
    'usage: npm run chaos -- --minutes M --seed S [--seconds S] [--clients N] [--without KIND] [--losses]\n',
  );
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'newswire-chaos-'));
let isKept = values.keep;
try {
  say(`seed ${seed}, ${ms / 1000} s, ${clients} clients`);
  // What holds when Redis loses nothing is more than what holds when it does: such a run is held to less.
  const left = new Set<string>([...without, ...(values.losses ? [] : LOSSES)]);
  const kinds = FAULT_KINDS.filter((kind) => !left.has(kind));
  const { begun, violations, faults, counts } = await runChaos({
    seed,
    ms,
    clients,
    kinds,
    cli,
    folder,
    signal: stopping.signal,
    say,
  });
  if (violations.length > 0) {
    isKept = true;
    say(`\n${account(violations)}\n\nwhat happened:\n${tellFaults(begun, faults)}`);
  }
  const byKind = <K extends string>(kinds: readonly K[], found: readonly { kind: K }[]) =>
    kinds.map((each) => `${found.filter(({ kind }) => kind === each).length} ${each}`).join(', ');
  const counted = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  say(`\nfaults: ${byKind(FAULT_KINDS, faults)}`);
  say(`counts: ${counted.join(', ')}`);
  say(`violations: ${byKind(VIOLATION_KINDS, violations)}`);
  const verdict = violations.length === 0 ? 'nothing lost, twice, out of order or in a silent gap' : 'FAILED';
  say(`\nseed ${seed}: ${verdict}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} catch (error) {
  say(`\nseed ${seed}: ${(error as Error).stack}`);
  process.exitCode = 1;
} finally {
  if (isKept) say(`what the processes wrote is in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
// Connections that are being given up keep the process alive, and tell nothing more.
process.exit();
