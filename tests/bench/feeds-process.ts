/**
 * A feed server that costs next to nothing: it knows no more of HTTP than a client of the bench needs. Of a hundred
 * conditional requests it answers so many with 304 and the others with a document that has one new story.
 */
import { createServer, type Socket } from 'node:net';
import { serve } from './child.ts';
import { sampleFeed } from './sample-feed.ts';

export type FeedsApi = Awaited<ReturnType<typeof open>>['api'];

const END = '\r\n\r\n';
const UNCHANGED = `HTTP/1.1 304 Not Modified\r\nETag: "0"${END}`;

async function open() {
  const items = Number(process.argv[2] ?? 10);
  let unchanged = 100;
  let requests = 0;
  let changes = 0;
  const sockets = new Set<Socket>();

  function changed(): string {
    changes += 1;
    const body = sampleFeed(changes, items);
    const head = [
      'HTTP/1.1 200 OK',
      'Content-Type: application/rss+xml; charset=utf-8',
      'ETag: "0"',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return head.join('\r\n') + END + body;
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = '';
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      const parts = (rest + chunk.toString('latin1')).split(END);
      rest = parts.pop() ?? '';
      for (const _request of parts) {
        socket.write(requests % 100 < unchanged ? UNCHANGED : changed());
        requests += 1;
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    api: {
      origin: () => `http://127.0.0.1:${port}`,
      answerUnchanged(percent: number) {
        unchanged = percent;
      },
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

await serve(open);
