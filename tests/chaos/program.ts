import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface ProgramOptions {
  /** How it is called in the account. */
  name: string;
  role: 'ingest' | 'gateway';
  /** The built program: `dist/cli.js`. */
  cli: string;
  settings: Record<string, string>;
  cwd: string;
  /** Its output is added to this file. */
  log: string;
  /** It ended and nobody had ended it. */
  ended(how: string): void;
}

/** A process of the service that comes and goes. */
export interface Program {
  readonly name: string;
  readonly role: 'ingest' | 'gateway';
  /** Where it listens; `undefined` while it does not run. */
  readonly port: number | undefined;
  /** Resolves when it listens. */
  start(): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

/** Five of them start at the same time, perhaps on a machine that has much else to do. */
const START_MS = 180_000;

export function createProgram({ name, role, cli, settings, cwd, log, ended }: ProgramOptions): Program {
  const output = createWriteStream(log, { flags: 'a' });
  let child: ChildProcess | undefined;
  let port: number | undefined;

  const isRunning = (process: ChildProcess) => process.exitCode === null && process.signalCode === null;

  return {
    name,
    role,
    get port() {
      return port;
    },

    async start() {
      const started = spawn(process.execPath, [cli, role], {
        cwd,
        // The environment of the run must not reach the program.
        env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...settings },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      started.stderr.on('data', (chunk) => output.write(chunk));
      const listening = new Promise<number>((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`${name} did not start within ${START_MS} ms`)),
          START_MS,
        );
        createInterface({ input: started.stdout }).on('line', (line) => {
          output.write(`${line}\n`);
          const at = /"msg":"newswire \w+ is at http:\/\/[^:]+:(\d+)"/.exec(line);
          if (!at) return;
          clearTimeout(late);
          resolve(Number(at[1]));
        });
        started.once('exit', (code, signal) => {
          clearTimeout(late);
          if (child === started) {
            child = undefined;
            port = undefined;
            ended(`${name} ended by itself with ${signal ?? code}`);
          }
          reject(new Error(`${name} ended before it listened, with ${signal ?? code}`));
        });
      });
      port = await listening;
    },

    async kill() {
      const killed = child;
      child = undefined;
      port = undefined;
      if (!killed || !isRunning(killed)) return;
      const gone = once(killed, 'exit');
      killed.kill('SIGKILL');
      await gone;
    },

    signal(signal) {
      if (child && isRunning(child)) child.kill(signal);
    },
  };
}
