import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

/** The server on one core, the clients on another. Answers whether that could be. */
export function pin(server: number, clients: number): boolean {
  if (availableParallelism() < 2) return false;
  return keepOn(server, '0') && keepOn(clients, '1');
}

export function unpin(...pids: number[]): void {
  for (const pid of pids) keepOn(pid, `0-${cpus().length - 1}`);
}

function keepOn(pid: number, cores: string): boolean {
  try {
    execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
