import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chance, judge, mutate, seeds } from './mutants.ts';

/**
 * Reads a great many broken documents and says what came of it; the status is 1 when anything went wrong.
 *
 *     npx tsx tests/ingest/mutate.ts --count 100000 --seed 1 [--keep FOLDER]
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
const random = chance(seed);
const documents = seeds();
const sum = { read: 0, refused: 0, stories: 0, bytes: 0, crashes: 0, slow: 0, hostile: 0, slowestMs: 0 };
const startedAt = performance.now();
const print = (line: string) => process.stdout.write(`${line}\n`);

for (let n = 0; n < count; n++) {
  const bytes = mutate(documents, random);
  let verdict = await judge(bytes);
  // On a shared machine a second may pass for others: what is slow is slow again.
  if (verdict.ms > 1000) {
    const again = await judge(bytes);
    if (again.ms < verdict.ms) verdict = again;
  }
  sum.bytes += bytes.length;
  sum.stories += verdict.stories;
  sum[verdict.read ? 'read' : 'refused'] += 1;
  sum.slowestMs = Math.max(sum.slowestMs, verdict.ms);
  const wrong = verdict.crash
    ? 'crashes'
    : verdict.ms > 1000
      ? 'slow'
      : verdict.hostile
        ? 'hostile'
        : undefined;
  if (wrong) {
    sum[wrong] += 1;
    print(
      `${wrong} ${n}: ${verdict.crash instanceof Error ? verdict.crash.stack : (verdict.hostile ?? `${verdict.ms} ms`)}`,
    );
    if (values.keep) writeFileSync(`${values.keep}/${wrong}-${seed}-${n}`, bytes);
  }
  if ((n + 1) % 10_000 === 0) print(`${n + 1} …`);
}

const seconds = (performance.now() - startedAt) / 1000;
print(
  `${count} documents from ${documents.length}, seed ${seed}: ${sum.read} read, ${sum.refused} refused, ${sum.stories} stories`,
);
print(
  `crashes ${sum.crashes}, slower than 1 s ${sum.slow}, scripts ${sum.hostile}; slowest ${sum.slowestMs.toFixed(0)} ms`,
);
print(
  `${seconds.toFixed(0)} s: ${(count / seconds).toFixed(0)} documents/s, ${(sum.stories / seconds).toFixed(0)} stories/s, ${(sum.bytes / seconds / 1e6).toFixed(1)} MB/s`,
);
process.exitCode = sum.crashes + sum.slow + sum.hostile > 0 ? 1 : 0;
