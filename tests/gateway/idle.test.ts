import { IncomingMessage } from 'node:http';
import { queryObjects } from 'node:v8';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { frame, openRaw } from '../support/raw-websocket.ts';
import { type Service, startService } from '../support/service.ts';

const CLIENTS = 20;

let service: Service;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  service = await startService();
});
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await service.close();
});

/** What is still reachable after a collection. These clients have no requests of Node's own at their end. */
const requests = () => queryObjects(IncomingMessage, { format: 'count' });

async function overWebSocket(): Promise<void> {
  const raw = await openRaw(service.url);
  closers.push(() => raw.socket.destroy());
  const connected = raw.text('40{');
  await raw.write(frame('40'));
  await connected;
}

async function overPolling(): Promise<void> {
  const address = `${service.url}/socket.io/?EIO=4&transport=polling`;
  const ask = async (query: string, body?: string) => {
    const headers = { connection: 'close' };
    const response = await fetch(address + query, body ? { method: 'POST', body, headers } : { headers });
    return response.text();
  };
  const { sid } = JSON.parse((await ask('')).slice(1)) as { sid: string };
  closers.push(() => ask(`&sid=${sid}`, '1'));
  await ask(`&sid=${sid}`, '40');
  expect(await ask(`&sid=${sid}`)).toMatch(/^40\{/);
}

test.each([
  ['WebSocket', overWebSocket],
  ['long-polling', overPolling],
])(
  'a client over %s that waits for stories keeps nothing of the request that it came with',
  async (_transport, come) => {
    await come();
    const before = requests();
    await Promise.all(Array.from({ length: CLIENTS }, come));
    expect(service.gateway.clients()).toHaveLength(CLIENTS + 1);
    expect(requests()).toBe(before);
  },
);
