import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What a load balancer is to a browser: one address, with now this gateway behind it and now that. */
export interface Line {
  url: string;
  /** New connections go there; those that are open stay as they are. */
  connectTo(url: string): void;
  close(): Promise<void>;
}

export async function openLine(url: string): Promise<Line> {
  let port = portOf(url);
  const open = new Set<Socket>();
  const server = createServer((browser) => {
    const gateway = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [browser, gateway],
      [gateway, browser],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    connectTo(next) {
      port = portOf(next);
    },
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
