import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process has cost so far: µs of CPU of all its threads, and the bytes that it has in memory now. */
export interface Usage {
  cpuUs: number;
  rssBytes: number;
}

/** What a process that is measured answers about itself. */
export const usageApi = {
  /** For a system that cannot tell from outside. */
  usage(): Usage {
    const { user, system } = process.cpuUsage();
    return { cpuUs: user + system, rssBytes: process.memoryUsage.rss() };
  },
  collectGarbage(): void {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    collect();
    collect();
  },
};

/** Whether this system tells what other processes cost. */
export const tellsOfOthers = existsSync('/proc/self/schedstat') && existsSync('/proc/self/stat');

/** Of all Linuxes that Node runs on; the unit of /proc/PID/stat. */
const TICK_US = 10_000;

/** From outside, so that asking costs the process nothing. */
export function usageOf(pid: number): Usage {
  let runUs = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      runUs += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1000;
    } catch {
      // The thread has ended.
    }
  }
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const tickUs = (Number(fields[11]) + Number(fields[12])) * TICK_US;
  const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  // Ticks are coarse, but they know of threads that have ended.
  return { cpuUs: tickUs > runUs * 1.03 ? tickUs : runUs, rssBytes: Number(rss) * 1024 };
}
