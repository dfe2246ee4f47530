import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RedisServer {
  url: string;
  pid: number;
  /** Starts it again on the same port and folder after it has ended. */
  restart(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Copies what is on disk now; what it answers puts that, and nothing later, back in its place. */
  snapshot(): () => void;
  /** Cuts so many bytes off the end of the append-only file. */
  tear(bytes: number): void;
  /** Removes what is on disk. */
  empty(): void;
  close(): Promise<void>;
}

function installed(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const hasRedis = installed();

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A redis-server of the test's own: free port, append-only file in a temporary folder. */
export async function startRedis(...extra: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'newswire-redis-'));
  const port = await freePort();
  const settings = [
    ['--port', String(port)],
    ['--bind', '127.0.0.1'],
    ['--dir', folder],
    ['--appendonly', 'yes'],
    ['--save', ''],
  ].flat();
  let child = await start();

  async function start(): Promise<ChildProcess> {
    const process = spawn('redis-server', [...settings, ...extra], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: process.stdout });
    for await (const line of lines) {
      if (line.includes('Ready to accept connections')) {
        process.stdout.resume();
        return process;
      }
    }
    throw new Error(`redis-server did not start on port ${port}`);
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid ?? 0;
    },
    async restart() {
      child = await start();
    },
    kill,
    snapshot() {
      const copy = mkdtempSync(join(tmpdir(), 'newswire-redis-'));
      cpSync(folder, copy, { recursive: true });
      return () => {
        rmSync(folder, { recursive: true });
        renameSync(copy, folder);
      };
    },
    tear(bytes) {
      const files = join(folder, 'appendonlydir');
      const newest =
        readdirSync(files)
          .filter((name) => name.includes('.incr.'))
          .sort()
          .at(-1) ?? '';
      truncateSync(join(files, newest), statSync(join(files, newest)).size - bytes);
    },
    empty() {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    },
    async close() {
      await kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
