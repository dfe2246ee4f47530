import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** The nginx of this machine; Debian puts it where only root looks. */
export function findNginx(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'nginx')).find((path) => existsSync(path));
}

export interface Front {
  url: string;
  close(): Promise<void>;
}

/**
 * Runs nginx with `deploy/nginx.conf`, in which only the addresses and the folders are other ones.
 * @param ingestPort nobody's, unless told
 */
export async function startFront(nginx: string, gatewayPorts: number[], ingestPort = 9): Promise<Front> {
  const folder = await mkdtemp(join(tmpdir(), 'newswire-front-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const config = await readFile(new URL('../../deploy/nginx.conf', import.meta.url), 'utf8');
  await writeFile(join(folder, 'nginx.conf'), adapt(config, port, gatewayPorts, ingestPort, folder));

  const child = spawn(
    nginx,
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', `daemon off; pid ${folder}/nginx.pid;`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (text) => {
    log += text;
  });
  const exited = once(child, 'exit');

  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };

  // nginx does not say when it listens.
  while (child.exitCode === null && !(await accepts(port))) await wait(10);
  if (child.exitCode !== null) {
    await close();
    throw new Error(`nginx did not start: ${log}`);
  }
  return { url: `http://127.0.0.1:${port}`, close };
}

function adapt(
  config: string,
  port: number,
  gatewayPorts: number[],
  ingestPort: number,
  folder: string,
): string {
  const replace = (text: string, from: RegExp, to: string) => {
    if (!from.test(text)) throw new Error(`deploy/nginx.conf has no ${from} any more`);
    return text.replace(from, to);
  };
  const servers = gatewayPorts.map((each) => `server 127.0.0.1:${each} max_fails=0;`).join('\n    ');
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n  ');

  let text = replace(config, /listen 3000;/, `listen 127.0.0.1:${port};`);
  text = replace(text, /server gateway:3000 resolve max_fails=0;/g, servers);
  text = replace(
    text,
    /server ingest:3000 resolve max_fails=0;/,
    `server 127.0.0.1:${ingestPort} max_fails=0;`,
  );
  text = replace(text, /resolver 127\.0\.0\.11 [^;]*;/, '');
  text = replace(text, /worker_rlimit_nofile \d+;/, '');
  text = replace(text, /worker_connections \d+;/, 'worker_connections 512;');
  return replace(text, /^http \{/m, `http {\n  ${folders}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
