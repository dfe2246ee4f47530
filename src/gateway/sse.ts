import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../metrics.ts';
import { CROWDED } from './admission.ts';
import { createWaiting } from './outbox.ts';
import type { Sink } from './session.ts';

/** How long a browser waits before it connects again, in milliseconds. */
const RETRY_MS = 2_000;

/** Answers a newcomer for whom there is no room now. */
export function refuseStream(response: ServerResponse, seconds: number): void {
  const problem = {
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: CROWDED,
    code: 'unavailable',
  };
  response.writeHead(503, {
    'content-type': 'application/problem+json',
    'retry-after': String(Math.ceil(seconds)),
  });
  response.end(JSON.stringify(problem));
}

/**
 * The same promise over Server-Sent Events: `event: story` with the cursor as its `id`, so that a browser resumes by
 * itself; `ready`, `cursor`, `views` and `notice` carry what they carry on Socket.IO.
 * Nothing is answered before `begin`, so that a refused subscription can still be answered with an error.
 */
export function createSseSink(
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
): Sink & { begin(): void } {
  let begun = false;
  /** Texts that the socket has not taken yet. `drain` tells of them only sometimes, each write's callback always. */
  let pending = 0;
  let unsettled: (() => void)[] = [];

  const settle = () => {
    if (pending > 0 && !response.destroyed) return;
    const settled = unsettled;
    unsettled = [];
    for (const resolve of settled) resolve();
  };
  const write = (text: string | Uint8Array) => {
    if (!begun || response.writableEnded || response.destroyed) return;
    pending += 1;
    response.write(text, () => {
      pending -= 1;
      settle();
    });
  };
  const waiting = createWaiting((batch) => {
    write(batch.events());
    metrics.delivered('sse', batch.frames.length, batch.bytes());
  });
  const send = (event: string, data: unknown, cursor?: string) => {
    waiting.flush();
    const position = cursor === undefined ? '' : `id: ${cursor}\n`;
    write(`event: ${event}\n${position}data: ${JSON.stringify(data)}\n\n`);
  };

  return {
    ...waiting,
    id,
    begin() {
      begun = true;
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        // Asks nginx, and those who learned it from there, not to hold events back.
        'x-accel-buffering': 'no',
      });
      request.socket.setNoDelay(true);
      request.socket.setTimeout(0);
      write(`retry: ${RETRY_MS}\n\n`);
      metrics.connected('sse', 1);
      response.once('close', () => {
        metrics.connected('sse', -1);
        settle();
      });
    },
    ready: (ready) => send('ready', ready, ready.cursor),
    cursor: (beacon) => send('cursor', beacon, beacon.cursor),
    views: (totals) => send('views', totals),
    notice(notice) {
      // A browser heeds this by itself.
      if (notice.retryAfter !== undefined) write(`retry: ${Math.round(notice.retryAfter * 1000)}\n\n`);
      send('notice', notice);
    },
    backlog: () => response.writableLength + waiting.bytes(),
    drained: () =>
      new Promise((resolve) => {
        unsettled.push(resolve);
        settle();
      }),
    close() {
      waiting.flush();
      response.end();
    },
  };
}
