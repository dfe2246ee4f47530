// Builds dist/: the program (tsc), the files it reads beside its code, the vocabulary as JSON, and the pages (vite).
// --if-needed skips all of it when nothing that goes into the build is newer than the last one.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const stamp = join(root, 'dist', '.built');
const inputs = ['src', 'client-demo', 'package.json', 'package-lock.json', 'tsconfig.json', 'build.mjs'];

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function upToDate() {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((path) => newest(join(root, path)) < built);
}

function run(bin, ...args) {
  execFileSync(process.execPath, [join(root, 'node_modules', bin), ...args], { cwd: root, stdio: 'inherit' });
}

if (!(process.argv.includes('--if-needed') && upToDate())) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run('typescript/bin/tsc');
  for (const name of readdirSync(join(root, 'src'), { recursive: true })) {
    if (!/\.ts$/.test(name) && statSync(join(root, 'src', name)).isFile()) {
      cpSync(join(root, 'src', name), join(root, 'dist', name));
    }
  }
  const { compileTopics } = await import('./dist/topics/shipped.js');
  writeFileSync(join(root, 'dist', 'topics', 'vocabulary.json'), await compileTopics());
  run('vite/bin/vite.js', 'build', 'client-demo', '--logLevel', 'warn');
  chmodSync(join(root, 'dist', 'cli.js'), 0o755);
  writeFileSync(stamp, '');
}
