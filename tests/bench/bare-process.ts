/**
 * The peer that does least: the `ws` that Engine.IO itself is built on, and for each topic a set of its connections. A
 * client says once which topics it wants; a story is the same bytes for everyone.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { serve } from './child.ts';
import { takeStories } from './stories-port.ts';
import { usageApi } from './usage.ts';

export type BareApi = Awaited<ReturnType<typeof open>>['api'];

/** As much of ws as is used here: it comes with Engine.IO, and is no dependency of ours that would bring its types. */
interface WebSocket {
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'close', listener: () => void): void;
  send(data: string | Buffer, options?: { binary: boolean }): void;
}
interface WebSocketServer {
  on(event: 'connection', listener: (socket: WebSocket) => void): void;
}

const engine = createRequire(createRequire(import.meta.url).resolve('engine.io'));
const ws: {
  WebSocketServer: new (options: object) => WebSocketServer;
} = engine('ws');
const wanted = z.array(z.string());

async function open() {
  const rooms = new Map<string, Set<WebSocket>>();
  const server = createServer(
    takeStories((story) => {
      const recipients = new Set(story.topics.flatMap((topic) => [...(rooms.get(topic) ?? [])]));
      const bytes = Buffer.from(JSON.stringify(story));
      for (const socket of recipients) socket.send(bytes, { binary: false });
    }),
  );
  new ws.WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
    let topics: string[] = [];
    socket.on('message', (data) => {
      topics = wanted.parse(JSON.parse(data.toString()));
      for (const topic of topics) {
        const room = rooms.get(topic) ?? new Set();
        rooms.set(topic, room.add(socket));
      }
      socket.send('ok');
    });
    socket.on('close', () => {
      for (const topic of topics) rooms.get(topic)?.delete(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    api: { ...usageApi, port: () => address.port },
    async close() {
      server.closeAllConnections();
    },
  };
}

await serve(open);
