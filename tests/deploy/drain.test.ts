import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Service, startService } from '../support/service.ts';
import { type Front, findNginx, startFront } from './front.ts';

const nginx = findNginx();

(nginx ? describe : describe.skip)('a gateway that is replaced, behind the front', () => {
  const folder = temporaryFolder();
  let store: Store;
  let services: [Service, Service];
  let front: Front;
  let clients: Socket[];

  beforeEach(async () => {
    store = openEmbedded({ path: folder.path, retention: { stories: 1_000, hours: 72 } });
    services = [await startService({ store }), await startService({ store })];
    front = await startFront(
      nginx ?? '',
      services.map(({ url }) => Number(new URL(url).port)),
    );
    clients = [];
  });

  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await front.close();
    for (const service of services) await service.close();
    await store.close();
    folder.remove();
  });

  async function connect(transports: string[]): Promise<Socket> {
    const client = io(front.url, {
      transports,
      forceNew: true,
      reconnectionDelay: 10,
      reconnectionDelayMax: 50,
    });
    clients.push(client);
    await connected(client);
    return client;
  }

  test.each([[['websocket']], [['polling', 'websocket']]])(
    'hands its stock clients (%j) to the other, which also gets all newcomers',
    async (transports) => {
      for (let count = 0; count < 4; count += 1) await connect(transports);
      const [leaving] = services;
      await leaving.gateway.drain(1);
      await Promise.all(clients.map(connected));
      for (let count = 0; count < 4; count += 1) await connect(transports);

      expect(clients.every((client) => client.connected)).toBe(true);
      expect((await fetch(`${leaving.url}/readyz`)).status).toBe(503);
    },
  );
});

function connected(client: Socket): Promise<void> {
  if (client.connected) return Promise.resolve();
  return new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', (error) => {
      if (!client.active) reject(error);
    });
  });
}
