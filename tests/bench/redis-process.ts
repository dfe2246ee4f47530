/** A redis-server of the bench's own: free port, append-only file in a temporary folder, gone with this process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { temporaryFolder } from '../support/folder.ts';
import { serve } from './child.ts';

export type RedisApi = Awaited<ReturnType<typeof open>>['api'];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function open() {
  const port = await freePort();
  const folder = temporaryFolder();
  const settings = { port, bind: '127.0.0.1', dir: folder.path, appendonly: 'yes', save: '' };
  const redis = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = once(redis, 'exit').catch(() => {});

  async function close(): Promise<void> {
    redis.kill('SIGKILL');
    await gone;
    folder.remove();
  }

  const started = new Promise<void>((resolve, reject) => {
    redis.on('error', () => reject(new Error('there is no redis-server on PATH')));
    redis.on('exit', (code) => reject(new Error(`redis-server ended at once (${code})`)));
    createInterface({ input: redis.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  await started.catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { api: { url: () => `redis://127.0.0.1:${port}` }, close };
}

await serve(open);
