import { IncomingMessage } from 'node:http';
import { queryObjects } from 'node:v8';
import { frame, openRaw } from '../support/raw-websocket.ts';
import { startService } from '../support/service.ts';

/**
 * Prints as JSON how many requests are still reachable with one client that waits for stories, and with `CLIENTS` more of
 * them: `idle-process.ts websocket|polling CLIENTS`. A process of its own, since all of its memory is looked through.
 */
const [, , transport, clients] = process.argv;
const service = await startService();
const closers: (() => unknown)[] = [];

/** After a collection. These clients have no requests of Node's own at their end. */
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
  const answer = await ask(`&sid=${sid}`);
  if (!answer.startsWith('40{')) throw new Error(`it was not connected: ${answer}`);
}

const come = transport === 'websocket' ? overWebSocket : overPolling;
await come();
const before = requests();
await Promise.all(Array.from({ length: Number(clients) }, come));
const after = requests();
process.stdout.write(JSON.stringify({ clients: service.gateway.clients().length, before, after }));
await Promise.all(closers.map((close) => close()));
await service.close();
