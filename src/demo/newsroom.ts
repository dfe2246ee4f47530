import { once } from 'node:events';
import { createServer } from 'node:http';
import { chanceOf } from './chance.ts';
import { type DeskEvent, openDesk } from './desk.ts';
import { respond } from './respond.ts';
import { siteOf } from './site.ts';
import { type SampleSources, sourcesAt } from './sources.ts';

/** Six feeds of newsrooms that do not exist, served on loopback and going on by themselves. */
export interface Newsroom {
  /** Where it is served, without a slash at the end: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** What a `sources.yaml` for it would hold; not validated. */
  readonly sources: SampleSources;
  /** Lets the next thing happen now. */
  publish(): DeskEvent;
  /** Stops the clock and ends every connection. May be called again. */
  close(): Promise<void>;
}

export interface NewsroomOptions {
  /** Milliseconds between two events, 4000 when absent; with 0 nothing happens but by `publish`. */
  everyMs?: number;
  /** The same seed at the same time tells the same stories; the time when absent. */
  seed?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How many stories each feed begins with, 8 when absent. */
  backlog?: number;
}

/** @throws {Error} when no port of 127.0.0.1 can be listened on. */
export async function openNewsroom(options: NewsroomOptions = {}): Promise<Newsroom> {
  const { everyMs = 4000, now = Date.now, backlog = 8 } = options;
  const opened = now();
  const desk = openDesk(chanceOf(options.seed ?? opened), opened, backlog);

  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The newsroom has no port.');

  const url = `http://127.0.0.1:${address.port}`;
  const find = siteOf(desk, url);
  server.on('request', (request, response) => respond(request, response, find));

  const publish = () => desk.next(now());
  const timer = everyMs > 0 ? setInterval(publish, everyMs).unref() : undefined;
  let closing: Promise<void> | undefined;

  return {
    url,
    sources: sourcesAt(url),
    publish,
    close() {
      closing ??= new Promise((resolve) => {
        clearInterval(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}
