import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const src = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from '([^']+)';|^import '([^']+)';/gm)].map(
    ([, type, from, bare]) => {
      const name = from ?? bare ?? '';
      const target = name.startsWith('.') ? relative(src, join(src, dirname(file), name)) : name;
      return { file, target, typeOnly: type !== undefined };
    },
  );
});

/** The part of the house that a file belongs to; what lies at the top is a part of its own. */
function partOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file;
}

const FOUNDATION = ['metrics.ts', 'log.ts', 'config.ts', 'version.ts', 'release.ts', 'origins.ts'];

/** Who may import whom: `core ← store, topics ← ingest | gateway | http ← app ← cli`. */
const MAY: Record<string, string[]> = {
  core: [],
  store: ['core'],
  topics: ['core'],
  demo: ['core'],
  ingest: ['core', 'store', 'topics'],
  gateway: ['core', 'store', 'metrics.ts'],
  http: ['core'],
  client: ['core', 'gateway/protocol.ts'],
  commands: ['core', 'store', 'topics', 'ingest', 'client', 'auth.ts', ...FOUNDATION],
  'auth.ts': ['core'],
  'app.ts': ['core', 'store', 'topics', 'demo', 'ingest', 'gateway', 'http', 'auth.ts', ...FOUNDATION],
  'cli.ts': ['app.ts', 'commands', ...FOUNDATION],
  ...Object.fromEntries(FOUNDATION.map((file) => [file, []])),
};

/** Each outside library has one owner; where it ends, only our own types go on. */
const OWNERS: Record<string, RegExp> = {
  'rss-parser': /^ingest\/document\/parse\.ts$/,
  ioredis: /^store\/redis/,
  lmdb: /^store\/embedded/,
  'socket.io': /^gateway\/socket\.ts$/,
  'socket.io-client': /^client\/wire\.ts$/,
  express: /^http\//,
  helmet: /^http\/app\.ts$/,
  undici: /^ingest\//,
  'sanitize-html': /^ingest\//,
  'iconv-lite': /^ingest\/document\/decode\.ts$/,
  'any-ascii': /^topics\/slug\.ts$/,
  jose: /^auth\.ts$/,
  'prom-client': /^metrics\.ts$/,
};

describe('the house', () => {
  test('is imported from the ground up only', () => {
    expect(imports.length).toBeGreaterThan(files.length);
    const wrong = imports.filter(({ file, target }) => {
      if (!target.endsWith('.ts')) return false;
      const [from, to] = [partOf(file), partOf(target)];
      return from !== to && !MAY[from]?.some((allowed) => allowed === to || allowed === target);
    });
    expect(wrong).toEqual([]);
  });

  test('has a rule for each of its parts', () => {
    expect(files.map(partOf).filter((part) => !(part in MAY))).toEqual([]);
  });

  test('has no circle of imports', () => {
    const next = new Map<string, string[]>();
    for (const { file, target, typeOnly } of imports) {
      if (!typeOnly && target.endsWith('.ts')) next.set(file, [...(next.get(file) ?? []), target]);
    }
    const done = new Set<string>();
    const circles: string[][] = [];
    const walk = (file: string, path: string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
      if (path.includes(file) || done.has(file)) return;
      for (const target of next.get(file) ?? []) walk(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  test('lets each outside library in at one place', () => {
    const wrong = imports.filter(({ file, target }) => OWNERS[target] && !OWNERS[target]?.test(file));
    expect(wrong).toEqual([]);
  });

  test('touches the process in one file', () => {
    const touching = files.filter((file) =>
      /\bprocess\.(?!hrtime|nextTick)/.test(readFileSync(join(src, file), 'utf8')),
    );
    expect(touching).toEqual(['cli.ts']);
  });

  test('keeps its core pure: no I/O, no clock, no chance', () => {
    const impure = files
      .filter((file) => file.startsWith('core/'))
      .filter((file) =>
        /from 'node:|Date\.now|new Date\(\)|Math\.random|setTimeout/.test(
          readFileSync(join(src, file), 'utf8'),
        ),
      );
    expect(impure).toEqual([]);
  });

  test('has no drawer for odds and ends', () => {
    expect(
      files.filter((file) => /(^|\/)(utils?|helpers?|managers?|services?|common|index)(\/|\.ts$)/.test(file)),
    ).toEqual([]);
  });
});
