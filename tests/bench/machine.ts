import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** What a reader has to know of the machine to compare numbers. Taken before the run; nothing that names the machine. */
export function machineFacts(): [name: string, value: string][] {
  const load = loadavg()[0] ?? 0;
  return [
    ['CPU', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`],
    ['memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['system', `${type()} ${release()}`],
    ['Node', process.version],
    [
      'packages',
      ['socket.io', 'lmdb', 'ioredis'].map((name) => `${name} ${packageVersion(name)}`).join(', '),
    ],
    ['Redis', redisVersion()],
    ['load before the run', `${load.toFixed(1)} processes running`],
  ];
}

/** How many files a process may have open. Node raises the soft limit to the hard one, and its children inherit that. */
export function openFilesLimit(): number {
  const answer = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return answer === 'unlimited' ? Number.POSITIVE_INFINITY : Number(answer);
}

/** For this process and those that it starts; where that is not allowed, the limit stays. */
export function raiseOpenFiles(needed: number): void {
  if (openFilesLimit() >= needed) return;
  try {
    execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${needed}:${needed}`], {
      stdio: 'ignore',
    });
  } catch {
    // The measure is made with as many as there may be, and says how many.
  }
}

function packageVersion(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return String(JSON.parse(readFileSync(file, 'utf8')).version);
}

function redisVersion(): string {
  const answer = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
  return /v=(\S+)/.exec(answer)?.[1] ?? 'unknown';
}
