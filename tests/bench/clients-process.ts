/**
 * A process of clients: CLIENTS Socket.IO clients of the server on PORT, all on one topic. With `resume` as a third argument
 * one that loses its connection comes back with its cursor, and without it that is a fault.
 */
import { z } from 'zod';
import { serve } from './child.ts';
import { now } from './clock.ts';
import { numberOf, TOPIC } from './sample.ts';
import { connectClient } from './socket-io-client.ts';
import { createTally } from './tally.ts';

export type ClientsApi = Awaited<ReturnType<typeof open>>['api'];

const AT_ONCE = 25;
const PATIENCE_MS = 15_000;
const packetShape = z.tuple([
  z.literal('story'),
  z.object({ id: z.string(), cursor: z.string().optional() }),
]);

async function open() {
  const [port, clients] = process.argv.slice(2).map(Number) as [number, number];
  const resumes = process.argv[4] === 'resume';
  const tally = createTally(clients);
  const disconnects = new Map<number, () => void>();
  const cursors: (string | undefined)[] = [];
  let seen: { packet: string; story: number; cursor: string | undefined } = {
    packet: '',
    story: 0,
    cursor: undefined,
  };
  let reconnections = 0;
  let closing = false;
  let next = 0;

  /** All clients are sent the same text, so it is parsed for the first of them; the others' is compared with it. */
  function read(packet: string): typeof seen {
    if (packet !== seen.packet) {
      const [, { id, cursor }] = packetShape.parse(JSON.parse(packet.slice(1)));
      seen = { packet, story: numberOf(id), cursor };
    }
    return seen;
  }

  async function connectOne(client: number): Promise<void> {
    const disconnect = await connectClient({
      port,
      topic: TOPIC,
      after: cursors[client],
      event(packet) {
        if (!packet.startsWith('2["story"')) return;
        const at = now();
        const { story, cursor } = read(packet);
        tally.received(client, story, at);
        cursors[client] = cursor;
      },
      lost() {
        if (closing) return;
        if (!resumes) {
          tally.fault(`Client ${client} lost its connection`);
          return;
        }
        reconnections += 1;
        connectOne(client).catch((error: Error) => tally.fault(`Client ${client}: ${error.message}`));
      },
    });
    disconnects.set(client, disconnect);
    if (closing) disconnect();
  }

  async function connectSome(): Promise<void> {
    for (let client = next++; client < clients; client = next++) await connectOne(client);
  }

  await Promise.all(Array.from({ length: AT_ONCE }, connectSome));
  return {
    api: {
      whenComplete: (from: number, count: number, ms = PATIENCE_MS) => tally.whenComplete(from, count, ms),
      reconnections: () => reconnections,
      check: tally.check,
    },
    async close() {
      closing = true;
      for (const disconnect of disconnects.values()) disconnect();
    },
  };
}

await serve(open);
