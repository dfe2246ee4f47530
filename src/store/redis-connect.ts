import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';

export type Client = Redis | Cluster;

/**
 * `redis://`, `rediss://`, `redis+sentinel://host,host/name` or `redis+cluster://host,host`, with `user:password@` and,
 * but for the cluster, `/database`.
 *
 * A command that finds no connection fails within seconds instead of waiting for ever: whoever asked has a better
 * idea of what to do meanwhile.
 * @throws {Error} when `url` is none of these.
 */
export function connectRedis(url: string, onError: (error: Error) => void): Client {
  const options: RedisOptions = {
    maxRetriesPerRequest: 1,
    commandTimeout: 5_000,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
    enableAutoPipelining: true,
    // A master that has become a replica goes on answering; 2: connect anew, and ask again there.
    reconnectOnError: ({ message }) => (message.startsWith('READONLY') ? 2 : false),
  };
  const client = open(url, options);
  client.on('error', onError);
  return client;
}

/** A second connection to the same place, for subscriptions: it waits for Redis however long that takes. */
export function connectSubscriber(client: Client, onError: (error: Error) => void): Client {
  const subscriber =
    client instanceof Cluster
      ? client.duplicate()
      : client.duplicate({
          maxRetriesPerRequest: null,
          commandTimeout: undefined,
          enableAutoPipelining: false,
        });
  subscriber.on('error', onError);
  return subscriber;
}

function open(text: string, options: RedisOptions): Client {
  const match =
    /^(redis|rediss|redis\+sentinel|redis\+cluster):\/\/(?:([^@/]*)@)?([^/?]+)(?:\/([^?]*))?$/.exec(text);
  const [, scheme, login = '', hosts = '', path = ''] = match ?? [];
  const nodes = hosts.split(',').map(address);
  const [first] = nodes;
  if (!scheme || !first) {
    throw new Error(
      'expected redis://host, rediss://host, redis+sentinel://host,host/name or redis+cluster://host,host',
    );
  }
  const [, username = '', password = ''] = (/^([^:]*):?(.*)$/.exec(login) ?? []).map(decodeURIComponent);
  const auth = { ...(username ? { username } : {}), ...(password ? { password } : {}) };

  if (scheme === 'redis+cluster') {
    const cluster: ClusterOptions = {
      redisOptions: { ...options, ...auth },
      // A node that hangs keeps its connections: only the others can say that a replica has taken over.
      slotsRefreshInterval: 2_000,
      // Each 16 times, then whoever asked is told that the node is away: within a second, for clients wait for the word.
      retryDelayOnFailover: 50,
      retryDelayOnClusterDown: 50,
      clusterRetryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
      enableAutoPipelining: true,
    };
    return new Cluster(nodes, cluster);
  }
  if (scheme === 'redis+sentinel') {
    if (!path)
      throw new Error('redis+sentinel:// needs the name of the master: redis+sentinel://host,host/name');
    const sentinels = nodes.map(({ host, port }) => ({ host, port: port ?? 26379 }));
    // A master that hangs keeps its connections: only the sentinels can say that another has taken over.
    return new Redis({ ...options, ...auth, sentinels, name: path, failoverDetector: true });
  }
  if (nodes.length > 1) throw new Error(`${scheme}:// takes one host`);
  if (!/^[0-9]*$/.test(path)) throw new Error(`the database is a number, not ${JSON.stringify(path)}`);
  const tls = scheme === 'rediss' ? { tls: {} } : {};
  return new Redis({
    ...options,
    ...auth,
    ...tls,
    host: first.host,
    port: first.port ?? 6379,
    db: Number(path || 0),
  });
}

function address(text: string): { host: string; port?: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::([0-9]{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (!host) throw new Error(`${JSON.stringify(text)} is not a host`);
  return match?.[3] ? { host, port: Number(match[3]) } : { host };
}
