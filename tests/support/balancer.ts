import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  url: string;
  /** When each connection came, in milliseconds of `performance.now()`. */
  readonly came: number[];
  close(): Promise<void>;
}

/** One address in front of several: each connection goes to the next of them that takes it. */
export async function startBalancer(urls: readonly string[]): Promise<Balancer> {
  const ports = urls.map((url) => Number(new URL(url).port));
  const open = new Set<Socket>();
  const came: number[] = [];
  let turn = 0;

  async function reach(): Promise<Socket | undefined> {
    for (const _ of ports) {
      const socket = connect({ port: ports[turn++ % ports.length] ?? 0, host: '127.0.0.1', noDelay: true });
      const reached = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      });
      socket.on('error', () => {});
      if (reached) return socket;
    }
    return undefined;
  }

  const server = createServer({ pauseOnConnect: true, noDelay: true }, async (client) => {
    came.push(performance.now());
    open.add(client);
    client.on('error', () => {});
    client.on('close', () => open.delete(client));
    const gateway = await reach();
    if (!gateway || client.destroyed) {
      client.destroy();
      gateway?.destroy();
      return;
    }
    open.add(gateway);
    client.on('close', () => gateway.destroy());
    gateway.on('close', () => {
      open.delete(gateway);
      client.destroy();
    });
    client.pipe(gateway);
    gateway.pipe(client);
  });
  server.listen(0, '127.0.0.1', 4_096);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    came,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
