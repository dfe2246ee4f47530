import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BareApi } from './bare-process.ts';
import { adopt, type Child, startChild } from './child.ts';
import type { Protocol } from './counting-client.ts';
import type { World } from './measure.ts';
import type { NaiveApi } from './naive-process.ts';
import type { ProbeApi } from './program-probe.ts';
import { tellsOfOthers, type Usage, usageOf } from './usage.ts';

/** A server under test, in a process of its own. */
export interface Server {
  pid: number;
  port: number;
  protocol: Protocol;
  usage(): Promise<Usage>;
  collectGarbage(): Promise<void>;
  close(): Promise<void>;
}

export const TOKEN = 'token-of-the-bench';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const PROBE = new URL('./program-probe.ts', import.meta.url).href;

/** The program itself, from its source, in a role and with settings; what is said in `.env` here is not for it. */
export async function startProgram(
  world: World,
  name: string,
  role: 'serve' | 'gateway',
  settings: Record<string, string>,
): Promise<Server> {
  const cwd = world.folder(name);
  const flags = process.execArgv.map((flag) => (flag === 'tsx' ? import.meta.resolve('tsx') : flag));
  const child = fork(CLI, [role], {
    cwd,
    env: {
      PATH: process.env.PATH,
      TMPDIR: process.env.TMPDIR,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: cwd,
      DRAIN_SECONDS: '0',
      PUBLISH_TOKEN: TOKEN,
      ...settings,
    },
    execArgv: [...flags, '--import', PROBE],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const found = /"url":"(http:[^"]+)".*newswire (serve|gateway) is at/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
  const probe = await adopt<ProbeApi>(child, `newswire ${role}`, world.signal);
  // Fails when the program ends before it has said where it is.
  const gone = new Promise<never>((_, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`newswire ${role} ended with ${code} before it had started`)),
    );
  });
  return serverOf(probe, Number(new URL(await Promise.race([url, gone])).port), 'socket.io');
}

export async function startNaive(world: World): Promise<Server> {
  const child = await startChild<NaiveApi>('./naive-process.ts', [], world.signal);
  return serverOf(child, await child.call('port'), 'socket.io');
}

export async function startBare(world: World): Promise<Server> {
  const child = await startChild<BareApi>('./bare-process.ts', [], world.signal);
  return serverOf(child, await child.call('port'), 'bare');
}

function serverOf(
  child: Child<ProbeApi> | Child<NaiveApi> | Child<BareApi>,
  port: number,
  protocol: Protocol,
): Server {
  const { pid, close, call } = child as Child<ProbeApi>;
  return {
    pid,
    port,
    protocol,
    usage: async () => (tellsOfOthers ? usageOf(pid) : call('usage')),
    collectGarbage: () => call('collectGarbage'),
    close,
  };
}
