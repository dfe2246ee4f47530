import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What one connection's bytes from the target go through, and those to it. */
export interface Filter {
  toTarget(chunk: Buffer): Buffer;
  fromTarget(chunk: Buffer): Buffer;
}

export interface ProxyOptions {
  /** The port on loopback where the next connection goes; `undefined` refuses it. */
  target(): number | undefined;
  filter?(): Filter;
}

/** A wire that can be cut: a port on loopback whose connections end at another one. */
export interface Wires {
  readonly port: number;
  /** How many connections there are. */
  links(): number;
  /** Nothing passes any more, either way, and nobody is told. What is sent meanwhile waits, as it does in a kernel. */
  hold(): void;
  release(): void;
  /** Takes nothing more from the target, as a client that does not read. */
  stopReading(): void;
  readOn(): void;
  /** Resets all connections; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

interface Link {
  settle(): void;
  cut(): void;
}

const SAME: Filter = { toTarget: (chunk) => chunk, fromTarget: (chunk) => chunk };

export async function openProxy({ target, filter = () => SAME }: ProxyOptions): Promise<Wires> {
  const links = new Set<Link>();
  let held = false;
  let reading = true;

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const port = target();
    if (port === undefined) {
      client.resetAndDestroy();
      return;
    }
    const peer = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    const { toTarget, fromTarget } = filter();
    const settleUp = flow(client, peer, toTarget, () => held);
    const settleDown = flow(peer, client, fromTarget, () => held || !reading);
    const link: Link = {
      settle() {
        settleUp();
        settleDown();
      },
      cut() {
        client.resetAndDestroy();
        peer.resetAndDestroy();
      },
    };
    links.add(link);
    for (const [one, other] of [
      [client, peer],
      [peer, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.once('close', () => {
        links.delete(link);
        other.destroySoon();
      });
    }
    link.settle();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a proxy has no port');

  const settle = () => {
    for (const link of links) link.settle();
  };

  return {
    port: address.port,
    links: () => links.size,
    hold() {
      held = true;
      settle();
    },
    release() {
      held = false;
      settle();
    },
    stopReading() {
      reading = false;
      settle();
    },
    readOn() {
      reading = true;
      settle();
    },
    cut() {
      for (const link of [...links]) link.cut();
    },
    async close() {
      for (const link of [...links]) link.cut();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** @returns looks again whether bytes may pass */
function flow(from: Socket, to: Socket, pass: (chunk: Buffer) => Buffer, isHeld: () => boolean): () => void {
  let isFull = false;
  const settle = () => {
    if (isFull || isHeld()) from.pause();
    else from.resume();
  };
  from.on('data', (chunk) => {
    const passed = pass(chunk);
    if (passed.length > 0 && !to.destroyed && !to.write(passed)) {
      isFull = true;
      settle();
    }
  });
  from.on('end', () => to.end());
  to.on('drain', () => {
    isFull = false;
    settle();
  });
  return settle;
}
