import type { Random } from './random.ts';

export const INGESTORS = ['ingest-1', 'ingest-2'];
export const GATEWAYS = ['gateway-1', 'gateway-2', 'gateway-3'];
export const REDIS = 'redis';
const PROCESSES = [...INGESTORS, ...GATEWAYS];

/**
 * What may happen. `kill`: kill -9, and it comes back. `freeze`: SIGSTOP, then SIGCONT. `split`: a process and Redis do not
 * reach each other. `cut-off`: a gateway and its clients do not. `redis-restart`: Redis is killed and comes back with all that
 * it had; `redis-tail`: without the end of it; `redis-empty`: without any.
 */
export const FAULT_KINDS = [
  'kill',
  'freeze',
  'split',
  'cut-off',
  'redis-restart',
  'redis-tail',
  'redis-empty',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
/** Those after which Redis has less than it had acknowledged. */
export const LOSSES: ReadonlySet<FaultKind> = new Set(['redis-tail', 'redis-empty']);

export interface Fault {
  kind: FaultKind;
  /** The process that it happens to. */
  target: string;
  /** When it begins, from the beginning of the run, and for how long, in milliseconds. */
  at: number;
  ms: number;
  /** Of a split: whether the connections are reset when it ends, or go on with what has waited. */
  resets: boolean;
}

const LONGEST_SPLIT_MS = 30_000;
const LONGEST_FREEZE_MS = 20_000;
/** No fault of a short run lasts for longer than this part of it. */
const LONGEST_PART = 0.3;

/** What happens in a run of so many milliseconds: every kind in turn, in an order and at times that chance says. */
export function drawFaults(random: Random, ms: number, kinds: readonly FaultKind[]): Fault[] {
  const faults: Fault[] = [];
  const longest = (most: number) => Math.min(most, LONGEST_PART * ms);
  let deck: FaultKind[] = [];
  const gap = Math.min(4_000, ms / 8);
  for (let at = random.between(0.02, 0.06) * ms; at < 0.92 * ms; at += random.between(0.3, 1.7) * gap) {
    if (deck.length === 0) deck = random.shuffle([...kinds, 'kill', 'split']);
    const kind = deck.pop() ?? 'kill';
    const resets = random.chance(0.5);
    // Short ones are more frequent than long ones.
    const part = random.next() ** 2;
    const make = (target: string, least: number, most: number): Fault => ({
      kind,
      target,
      at,
      ms: least + part * (Math.max(longest(most), least) - least),
      resets,
    });
    if (kind === 'kill') faults.push(make(random.pick(PROCESSES), 50, 5_000));
    else if (kind === 'freeze') faults.push(make(random.pick([...PROCESSES, REDIS]), 500, LONGEST_FREEZE_MS));
    else if (kind === 'split') faults.push(make(random.pick(PROCESSES), 500, LONGEST_SPLIT_MS));
    else if (kind === 'cut-off') faults.push(make(random.pick(GATEWAYS), 500, LONGEST_SPLIT_MS));
    else faults.push(make(REDIS, 100, 6_000));
  }
  return faults;
}
