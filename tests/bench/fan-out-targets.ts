import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BareApi } from './bare-process.ts';
import { adopt, type Child, startChild } from './child.ts';
import type { Protocol } from './counting-client.ts';
import type { World } from './measure.ts';
import type { NaiveApi } from './naive-process.ts';
import { tellsOfOthers, type Usage, type usageApi, usageOf } from './usage.ts';

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

type ProbeApi = typeof usageApi;

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const PROBE = new URL('./program-probe.mjs', import.meta.url).href;

/** The program itself, as built, in a role and with settings; what is said in `.env` here is not for it. */
export async function startProgram(
  world: World,
  name: string,
  role: 'serve' | 'gateway',
  settings: Record<string, string>,
): Promise<Server> {
  const cwd = world.folder(name);
  const flags = process.execArgv.filter((flag, index, all) => flag !== 'tsx' && all[index + 1] !== 'tsx');
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

/** The whole program on its embedded store, with these entries of a list of sources. */
export function startGateway(world: World, name: string, sources: string[] = []): Promise<Server> {
  const file = join(world.folder(`${name}-sources`), 'sources.yaml');
  writeFileSync(file, sources.length === 0 ? 'sources: []\n' : `sources:\n${sources.join('\n')}\n`);
  return startProgram(world, name, 'serve', { SOURCES: file, ALLOW_PRIVATE_NETWORKS: 'true' });
}

export async function startNaive(world: World): Promise<Server> {
  const child = await startChild<NaiveApi>('./naive-process.ts', [], world.signal);
  return serverOf(child, await child.call('port'), 'socket.io');
}

export async function startBare(world: World): Promise<Server> {
  const child = await startChild<BareApi>('./bare-process.ts', [], world.signal);
  return serverOf(child, await child.call('port'), 'bare');
}

const NCHAN = '/usr/lib/nginx/modules/ngx_nchan_module.so';
const NGINX = '/usr/sbin/nginx';
export const hasNchan = tellsOfOthers && existsSync(NCHAN) && existsSync(NGINX);

/**
 * nginx with nchan, in one process: who connects over WebSocket gets whatever is posted from then on. It keeps nothing
 * for who comes later, and neither looks at a story nor asks who wants it.
 */
export async function startNchan(world: World): Promise<Server> {
  const folder = world.folder('nchan');
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `load_module ${NCHAN};
daemon off;
master_process off;
pid ${join(folder, 'pid')};
error_log stderr error;
worker_rlimit_nofile 20000;
events { worker_connections 16000; }
http {
  access_log off;
  client_body_temp_path ${folder};
  proxy_temp_path ${folder};
  fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder};
  scgi_temp_path ${folder};
  keepalive_requests 1000000;
  nchan_shared_memory_size 128M;
  nchan_message_buffer_length 1;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /v1/stories { nchan_publisher; nchan_channel_id stories; client_body_buffer_size 64k; }
    location = / { nchan_subscriber websocket; nchan_channel_id stories; nchan_subscriber_first_message newest; }
  }
}
`,
  );
  const child = spawn(NGINX, ['-c', file, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(child, 'exit');
  // It has nothing to save, and with nchan in one process it stumbles over its own end.
  const stop = () => child.kill('SIGKILL');
  world.signal.addEventListener('abort', stop);
  await listening(port);
  const pid = child.pid ?? 0;
  return {
    pid,
    port,
    protocol: 'silent',
    usage: async () => usageOf(pid),
    collectGarbage: async () => {},
    async close() {
      world.signal.removeEventListener('abort', stop);
      stop();
      await gone;
    },
  };
}

/** One that was free a moment ago: nginx cannot be asked to choose. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = connect({ port, host: '127.0.0.1' });
    const [event] = await Promise.race([
      once(socket, 'connect').then(() => ['connect']),
      once(socket, 'error').then(() => ['error']),
    ]).catch(() => ['error']);
    socket.destroy();
    if (event === 'connect') return;
    await wait(50);
  }
  throw new Error('nginx did not start');
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
