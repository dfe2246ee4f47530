import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { until } from './events.ts';
import { temporaryFolder } from './folder.ts';
import { freePort, type RedisServer, startRedis } from './redis-server.ts';

export interface Sentinels {
  url: string;
  /** Whom the sentinels call the master now. */
  master(): Promise<RedisServer>;
  /** The others, as far as they run. */
  replicas(): Promise<RedisServer[]>;
  /** Resolves when every other server that runs has all that the master has, and the sentinels know of each. */
  settled(): Promise<void>;
  /** Asks for a failover while the master is well. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'wire';
const DOWN_AFTER_MS = 500;
const FAILOVER_TIMEOUT_MS = 4_000;

const portOf = (server: RedisServer) => Number(new URL(server.url).port);

async function startSentinel(folder: string, master: number): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort();
  mkdirSync(folder);
  const file = join(folder, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${master} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} ${FAILOVER_TIMEOUT_MS}`,
    `sentinel parallel-syncs ${NAME} 2`,
  ];
  writeFileSync(file, `${settings.join('\n')}\n`);
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('+monitor')) {
      child.stdout.resume();
      return { port, child };
    }
  }
  throw new Error(`redis-sentinel did not start on port ${port}`);
}

/** One master, two replicas of it and three sentinels that watch them. */
export async function startSentinels(...extra: string[]): Promise<Sentinels> {
  const folder = temporaryFolder();
  const first = await startRedis('--repl-diskless-sync-delay', '0', ...extra);
  const replicaOf = ['--replicaof', `127.0.0.1 ${portOf(first)}`];
  const others = await Promise.all(
    [1, 2].map(() => startRedis('--repl-diskless-sync-delay', '0', ...replicaOf, ...extra)),
  );
  const servers = [first, ...others];
  const sentinels = await Promise.all(
    [1, 2, 3].map((number) => startSentinel(join(folder.path, String(number)), portOf(first))),
  );
  const clients = sentinels.map(({ port }) => new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 1 }));

  function runs({ pid }: RedisServer): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  async function master(): Promise<RedisServer> {
    const [, port] = (await clients[0]?.call('SENTINEL', 'get-master-addr-by-name', NAME)) as string[];
    const found = servers.find((server) => portOf(server) === Number(port));
    if (!found) throw new Error(`the sentinels name a master on port ${port} that is not ours`);
    return found;
  }

  async function replicas(): Promise<RedisServer[]> {
    const now = await master();
    return servers.filter((server) => server !== now && runs(server));
  }

  async function isSettled(): Promise<boolean> {
    const now = await master();
    const expected = (await replicas()).length;
    const redis = new Redis(now.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    try {
      await redis.connect();
      const info = await redis.info('replication');
      const end = /master_repl_offset:(\d+)/.exec(info)?.[1];
      const inStep = info.split('\n').filter((line) => line.includes(`state=online,offset=${end},`));
      if (!info.includes('role:master') || inStep.length !== expected) return false;
    } catch {
      return false;
    } finally {
      redis.disconnect();
    }
    for (const client of clients) {
      const facts = (await client.call('SENTINEL', 'master', NAME)) as string[];
      const fact = (name: string) => facts[facts.indexOf(name) + 1];
      if (fact('port') !== String(portOf(now)) || fact('flags') !== 'master') return false;
      if (Number(fact('num-other-sentinels')) !== 2 || Number(fact('num-slaves')) < expected) return false;
    }
    return true;
  }

  const settled = async () => {
    await until(isSettled, 'replicas and sentinels to agree', 30_000);
  };
  await settled();

  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    master,
    replicas,
    settled,
    async failOver() {
      const before = await master();
      await clients[0]?.call('SENTINEL', 'FAILOVER', NAME);
      await until(async () => (await master()) !== before, 'the failover');
    },
    async close() {
      for (const client of clients) client.disconnect();
      await Promise.all(
        sentinels.map(async ({ child }) => {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }),
      );
      await Promise.all(servers.map((server) => server.close()));
      folder.remove();
    },
  };
}
