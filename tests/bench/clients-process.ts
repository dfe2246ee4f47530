/** A process of clients: CLIENTS Socket.IO clients of the server on PORT, all on one topic. */
import { z } from 'zod';
import { serve } from './child.ts';
import { now } from './clock.ts';
import { numberOf, TOPIC } from './sample.ts';
import { connectClient } from './socket-io-client.ts';
import { createTally } from './tally.ts';

export type ClientsApi = Awaited<ReturnType<typeof open>>['api'];

const AT_ONCE = 25;
const PATIENCE_MS = 15_000;
const packetShape = z.tuple([z.literal('story'), z.object({ id: z.string() })]);

async function open() {
  const [, , port, clients] = process.argv.map(Number) as [number, number, number, number];
  const tally = createTally(clients);
  const disconnects: (() => void)[] = [];
  let seen = { packet: '', story: 0 };
  let next = 0;

  /** All clients are sent the same text, so it is parsed for the first of them; the others' is compared with it. */
  function storyOf(packet: string): number {
    if (packet !== seen.packet)
      seen = { packet, story: numberOf(packetShape.parse(JSON.parse(packet.slice(1)))[1].id) };
    return seen.story;
  }

  async function connectSome(): Promise<void> {
    for (let client = next++; client < clients; client = next++) {
      const disconnect = await connectClient({
        port,
        topic: TOPIC,
        event(packet) {
          if (!packet.startsWith('2["story"')) return;
          const at = now();
          tally.received(client, storyOf(packet), at);
        },
        lost: () => tally.fault(`Client ${client} lost its connection`),
      });
      disconnects.push(disconnect);
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, connectSome));
  return {
    api: {
      whenComplete: (from: number, count: number) => tally.whenComplete(from, count, PATIENCE_MS),
      check: tally.check,
    },
    async close() {
      for (const disconnect of disconnects) disconnect();
    },
  };
}

await serve(open);
