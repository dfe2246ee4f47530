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
  /** Whom all sentinels call the master. */
  master(): Promise<RedisServer>;
  /** The others, as far as they run. */
  replicas(): Promise<RedisServer[]>;
  /** Starts again what was killed, as replicas; resolves when all have what the master has, and the sentinels agree. */
  whole(): Promise<void>;
  /** Takes care that this one does not become the master, until all are `whole` again. */
  passOver(server: RedisServer): Promise<void>;
  /** Asks for a failover while the master is well. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'wire';
const DOWN_AFTER_MS = 500;
const FAILOVER_TIMEOUT_MS = 2_000;

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
  const [asked] = clients as [Redis, ...Redis[]];
  const shorter = ['INFO-PERIOD', '200', 'PUBLISH-PERIOD', '300'];
  // What they ask of each other every few seconds; before Redis 7 they cannot be told, and all takes a little longer.
  for (const client of clients) await client.call('SENTINEL', 'DEBUG', ...shorter).catch(() => {});

  function runs({ pid }: RedisServer): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  /** Right after a failover not every sentinel knows of it. */
  function master(): Promise<RedisServer> {
    return until(async () => {
      const named = await Promise.all(
        clients.map((client) => client.call('SENTINEL', 'get-master-addr-by-name', NAME)),
      );
      const ports = new Set((named as string[][]).map(([, port]) => Number(port)));
      return ports.size === 1 ? servers.find((server) => ports.has(portOf(server))) : undefined;
    }, 'the sentinels to name the same master');
  }

  async function replicas(): Promise<RedisServer[]> {
    const now = await master();
    return servers.filter((server) => server !== now && runs(server));
  }

  async function replication(server: RedisServer): Promise<string> {
    const redis = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    try {
      await redis.connect();
      return await redis.info('replication');
    } catch {
      return '';
    } finally {
      redis.disconnect();
    }
  }

  const offsetOf = (info: string) => Number(/master_repl_offset:(\d+)/.exec(info)?.[1]);

  /** Whether all are in step up to this place of the replication, which goes on all the time. */
  async function isSettled(upTo: number): Promise<boolean> {
    const now = await master();
    const expected = (await replicas()).length;
    const info = await replication(now);
    const reached = [...info.matchAll(/state=online,offset=(\d+),/g)].filter(([, at]) => Number(at) >= upTo);
    if (!info.includes('role:master') || reached.length !== expected) return false;
    for (const client of clients) {
      const facts = (await client.call('SENTINEL', 'master', NAME)) as string[];
      const fact = (name: string) => facts[facts.indexOf(name) + 1];
      if (fact('port') !== String(portOf(now)) || fact('flags') !== 'master') return false;
      if (Number(fact('num-other-sentinels')) !== 2 || Number(fact('num-slaves')) < expected) return false;
    }
    return true;
  }

  /** The sentinels would do it too, but take ten seconds over it. */
  async function makeReplica(server: RedisServer, of: RedisServer): Promise<void> {
    const redis = new Redis(server.url);
    await redis.config('SET', 'replica-priority', '100');
    await redis.replicaof('127.0.0.1', portOf(of));
    redis.disconnect();
  }

  async function whole(): Promise<void> {
    const now = await until(async () => {
      const named = await master();
      return runs(named) ? named : undefined;
    }, 'a master that runs');
    for (const server of servers) {
      if (server === now) continue;
      if (!runs(server)) await server.restart();
      await makeReplica(server, now);
    }
    const upTo = offsetOf(await replication(now));
    await until(() => isSettled(upTo), 'replicas and sentinels to agree', 30_000);
  }

  async function isPassedOver(server: RedisServer): Promise<boolean> {
    for (const client of clients) {
      const all = (await client.call('SENTINEL', 'replicas', NAME)) as string[][];
      const facts = all.find((each) => each[each.indexOf('port') + 1] === String(portOf(server))) ?? [];
      if (facts[facts.indexOf('slave-priority') + 1] !== '0') return false;
    }
    return true;
  }

  await until(() => isSettled(0), 'replicas and sentinels to agree', 30_000);

  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    master,
    replicas,
    whole,
    async passOver(server) {
      const redis = new Redis(server.url);
      await redis.config('SET', 'replica-priority', '0');
      redis.disconnect();
      await until(() => isPassedOver(server), 'the sentinels to know of the priority');
    },
    async failOver() {
      const before = await master();
      await asked.call('SENTINEL', 'FAILOVER', NAME);
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
