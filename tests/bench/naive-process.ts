/**
 * The peer: what one writes with Socket.IO in an afternoon. A room for each topic, `emit` to it, and with the REDIS
 * address a subscription to a channel of stories; `POST /v1/stories` brings them too. No log, so no replay, and nothing
 * for whoever was away.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { serve } from './child.ts';
import { CHANNEL, sampleStory, TOPIC } from './sample.ts';
import { takeStories } from './stories-port.ts';
import { usageApi } from './usage.ts';

export type NaiveApi = Awaited<ReturnType<typeof open>>['api'];

async function open() {
  const redisUrl = process.argv[2];
  const server = createServer(takeStories((story) => io.to(story.topics).emit('story', story)));
  const io: Server = new Server(server, { serveClient: false });
  io.on('connection', (socket) => {
    socket.on('subscribe', ({ filter }, acknowledge) => {
      socket.join(filter);
      acknowledge({ ok: true });
    });
  });
  const subscriber = redisUrl ? new Redis(redisUrl) : undefined;
  subscriber?.on('message', (_, story) => io.to(TOPIC).emit('story', JSON.parse(story)));
  await subscriber?.subscribe(CHANNEL);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    api: {
      ...usageApi,
      port: () => address.port,
      publish(number: number) {
        io.to(TOPIC).emit('story', sampleStory(number));
      },
    },
    async close() {
      subscriber?.disconnect();
      await io.close();
    },
  };
}

await serve(open);
