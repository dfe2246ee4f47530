import { Redis } from 'ioredis';
import { until } from './events.ts';
import { freePort, type RedisServer, startRedis } from './redis-server.ts';

export interface RedisCluster {
  url: string;
  /** The master that has the keys of this prefix. */
  ownerOf(prefix: string): Promise<RedisServer>;
  /** Gives it a replica, which takes its place when asked to. */
  addReplica(of: RedisServer): Promise<{ takeOver(): Promise<void> }>;
  /** Moves them, and all of their slot, to another master. */
  move(prefix: string): Promise<void>;
  close(): Promise<void>;
}

const SLOTS = 16_384;
const NODE_TIMEOUT_MS = 1_000;

/** Three masters that share the slots between them, without replicas. */
export async function startCluster(): Promise<RedisCluster> {
  const start = (bus: number) =>
    startRedis(
      ...['--cluster-enabled', 'yes', '--cluster-port', String(bus)],
      ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS)],
    );
  const buses = await Promise.all([freePort(), freePort(), freePort()]);
  const servers = await Promise.all(buses.map(start));
  const ports = servers.map(({ url }) => new URL(url).port);
  const clients = servers.map(({ url }) => {
    const client = new Redis(url, { maxRetriesPerRequest: 1 });
    client.on('error', () => {});
    return client;
  });

  await Promise.all(
    clients.map(async (client, index) => {
      const share = Math.ceil(SLOTS / clients.length);
      const first = index * share;
      const length = Math.min(share, SLOTS - first);
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      await client.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length }, (_, slot) => String(first + slot)));
    }),
  );
  for (const [index, port] of ports.entries()) {
    if (index > 0) await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port, String(buses[index]));
  }
  const isWhole = async (client: Redis) => {
    const info = String(await client.call('CLUSTER', 'INFO'));
    return info.includes('cluster_state:ok') && info.includes('cluster_size:3');
  };
  for (const client of clients) await until(() => isWhole(client), 'the cluster to be whole');

  const others: (() => Promise<void>)[] = [];
  const slotOf = async (prefix: string) =>
    Number(await clients[0]?.call('CLUSTER', 'KEYSLOT', `{${prefix}}`));

  async function indexOf(slot: number): Promise<number> {
    const ranges = (await clients[0]?.call('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
    const range = ranges.find(([first, last]) => first <= slot && slot <= last);
    return ports.indexOf(String(range?.[2][1]));
  }

  return {
    url: `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,

    async ownerOf(prefix) {
      const owner = servers[await indexOf(await slotOf(prefix))];
      if (!owner) throw new Error(`nobody has the slot of ${prefix}`);
      return owner;
    },

    async addReplica(of) {
      const bus = await freePort();
      const replica = await start(bus);
      const client = new Redis(replica.url);
      others.push(async () => {
        client.disconnect();
        await replica.close();
      });
      const master = clients[servers.indexOf(of)];
      const id = String(await master?.call('CLUSTER', 'MYID'));
      await master?.call('CLUSTER', 'MEET', '127.0.0.1', new URL(replica.url).port, String(bus));
      const isReplica = () => client.call('CLUSTER', 'REPLICATE', id).catch(() => undefined);
      await until(isReplica, 'the replica to know its master');
      await until(async () => (await client.info()).includes('master_link_status:up'), 'its copy');
      return {
        async takeOver() {
          await client.call('CLUSTER', 'FAILOVER', 'TAKEOVER');
        },
      };
    },

    async move(prefix) {
      const slot = String(await slotOf(prefix));
      const from = await indexOf(Number(slot));
      const to = (from + 1) % clients.length;
      const [source, target] = [clients[from], clients[to]];
      if (!source || !target) throw new Error(`nobody has the slot of ${prefix}`);
      const [sourceId, targetId] = await Promise.all(
        [source, target].map(async (client) => String(await client.call('CLUSTER', 'MYID'))),
      );
      await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId ?? '');
      await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId ?? '');
      for (;;) {
        // One key at a time, as resharding does: for a while some keys are here and some there.
        const [key] = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, '1')) as string[];
        if (key === undefined) break;
        await source.call('MIGRATE', '127.0.0.1', ports[to] ?? '', key, '0', '5000');
      }
      for (const client of [target, source, ...clients])
        await client.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId ?? '');
    },

    async close() {
      for (const client of clients) client.disconnect();
      await Promise.all([...servers.map((server) => server.close()), ...others.map((close) => close())]);
    },
  };
}
