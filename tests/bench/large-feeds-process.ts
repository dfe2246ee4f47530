/** A server of large feeds, ITEMS stories each: whoever asks for a path again is shown one new story more. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { serve } from './child.ts';
import { sampleFeed } from './sample-feed.ts';

export type LargeFeedsApi = Awaited<ReturnType<typeof open>>['api'];

async function open() {
  const items = Number(process.argv[2]);
  const newest = new Map<string, number>();
  let requests = 0;
  let bytes = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const number = (newest.get(path) ?? 0) + 1;
    newest.set(path, number);
    const body = Buffer.from(sampleFeed(number, items));
    requests += 1;
    bytes += body.length;
    response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    api: {
      origin: () => `http://127.0.0.1:${address.port}`,
      served: () => ({ requests, bytes }),
    },
    async close() {
      server.closeAllConnections();
    },
  };
}

await serve(open);
