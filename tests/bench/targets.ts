import { Redis } from 'ioredis';
import { releaser } from '../../src/release.ts';
import { openRedis } from '../../src/store/redis.ts';
import { type Child, startChild } from './child.ts';
import type { ClientsApi } from './clients-process.ts';
import type { GatewayApi } from './gateway-process.ts';
import type { World } from './measure.ts';
import type { NaiveApi } from './naive-process.ts';
import { CHANNEL, sampleDraft, sampleStory } from './sample.ts';

/** A server in a process of its own with its clients in another, and the way by which a story reaches it. */
export interface Target {
  clients: Child<ClientsApi>;
  publish(number: number): Promise<unknown>;
  close(): Promise<void>;
}

const RETENTION = { stories: 200_000, hours: 72 };

type Server = Child<GatewayApi> | Child<NaiveApi>;

/** The gateway in one process with the embedded store, which appends when it is told to. */
export function openEmbeddedGateway(world: World): Promise<Target> {
  return open(world, async () => {
    const server = await startChild<GatewayApi>(
      './gateway-process.ts',
      [world.folder('gateway')],
      world.signal,
    );
    return { server, publish: (number) => server.call('publish', number), close: server.close };
  });
}

/** The gateway on Redis; this process appends, as an ingestor would. */
export function openRedisGateway(world: World): Promise<Target> {
  return open(world, async () => {
    const server = await startChild<GatewayApi>(
      './gateway-process.ts',
      [`${world.redisUrl} delivery`],
      world.signal,
    );
    const store = openRedis({ url: world.redisUrl, prefix: 'delivery', retention: RETENTION });
    return {
      server,
      publish: (number) => store.append(sampleDraft(number)),
      async close() {
        await store.close();
        await server.close();
      },
    };
  });
}

/** The naive server alone, which emits when it is told to. */
export function openNaive(world: World): Promise<Target> {
  return open(world, async () => {
    const server = await startChild<NaiveApi>('./naive-process.ts', [], world.signal);
    return { server, publish: (number) => server.call('publish', number), close: server.close };
  });
}

/** The naive server behind Redis; this process publishes. */
export function openRedisNaive(world: World): Promise<Target> {
  return open(world, async () => {
    const server = await startChild<NaiveApi>('./naive-process.ts', [world.redisUrl], world.signal);
    const client = new Redis(world.redisUrl);
    return {
      server,
      publish: (number) => client.publish(CHANNEL, JSON.stringify(sampleStory(number))),
      async close() {
        client.disconnect();
        await server.close();
      },
    };
  });
}

async function open(
  { scale, signal }: World,
  start: () => Promise<{
    server: Server;
    publish(number: number): Promise<unknown>;
    close(): Promise<void>;
  }>,
): Promise<Target> {
  const { onRelease, release } = releaser();
  try {
    const { server, publish, close } = await start();
    onRelease(close);
    const port = await portOf(server);
    const clients = await startChild<ClientsApi>(
      './clients-process.ts',
      [String(port), String(scale.clients)],
      signal,
    );
    onRelease(clients.close);
    return { clients, publish, close: release };
  } catch (error) {
    await release();
    throw error;
  }
}

function portOf(server: { call(name: 'port'): Promise<number> }): Promise<number> {
  return server.call('port');
}
