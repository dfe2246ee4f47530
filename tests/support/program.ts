import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Program {
  pid: number;
  /** Where it serves; empty for a command that does not. */
  url: string;
  /** Its log so far, one object a line. */
  log: Record<string, unknown>[];
  /** Sends SIGTERM and answers the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

const running = new Set<ChildProcess>();

// A test that fails has not come to the line that ends its program.
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** The environment of the test itself must not reach the program: it has only what a test gives it. */
function environment(settings: Record<string, string>): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...settings };
}

function start(args: string[], settings: Record<string, string>, cwd: string): ChildProcess {
  if (!existsSync(cli))
    throw new Error('dist/cli.js is missing: run `npm run build` first (`npm test` does)');
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** The built program in a role, once it says where it is. */
export async function startProgram(
  role: string,
  settings: Record<string, string>,
  cwd: string,
): Promise<Program> {
  const child = start([role], settings, cwd);
  const log: Record<string, unknown>[] = [];
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>;
      log.push(entry);
      if (typeof entry.url === 'string' && typeof entry.msg === 'string' && entry.msg.startsWith('newswire '))
        resolve(entry.url);
    });
    child.once('exit', (code) => reject(new Error(`newswire ${role} ended with ${code}: ${errors}`)));
  });
  return {
    pid: child.pid ?? 0,
    url,
    log,
    stop() {
      child.kill('SIGTERM');
      return ended(child);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}

export interface Output {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command that ends by itself. */
export async function runProgram(
  args: string[],
  settings: Record<string, string>,
  cwd: string,
): Promise<Output> {
  const child = start(args, settings, cwd);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** A command whose lines are read while it runs. */
export function streamProgram(args: string[], settings: Record<string, string>, cwd: string) {
  const child = start(args, settings, cwd);
  const lines: string[] = [];
  createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => lines.push(line));
  return {
    lines,
    stop() {
      child.kill('SIGINT');
      return ended(child);
    },
  };
}
