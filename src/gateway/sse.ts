import type { IncomingMessage, ServerResponse } from 'node:http';
import type { View } from '../core/story.ts';
import type { Metrics } from '../metrics.ts';
import type { Sink } from './session.ts';

/** How long a browser waits before it connects again, in milliseconds. */
const RETRY_MS = 2_000;

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
  let waiting: (() => void)[] = [];

  const settle = () => {
    if (pending > 0 && !response.destroyed) return;
    const settled = waiting;
    waiting = [];
    for (const resolve of settled) resolve();
  };
  const write = (text: string) => {
    if (!begun || response.writableEnded || response.destroyed) return;
    pending += 1;
    response.write(text, () => {
      pending -= 1;
      settle();
    });
  };
  const send = (event: string, data: unknown, cursor?: string) => {
    const position = cursor === undefined ? '' : `id: ${cursor}\n`;
    write(`event: ${event}\n${position}data: ${JSON.stringify(data)}\n\n`);
  };

  return {
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
    story(frame, view: View) {
      const event = frame.event(view);
      write(event);
      metrics.delivered('sse', 1, frame.bytes(view));
    },
    ready: (ready) => send('ready', ready, ready.cursor),
    cursor: (beacon) => send('cursor', beacon, beacon.cursor),
    views: (totals) => send('views', totals),
    notice: (notice) => send('notice', notice),
    backlog: () => response.writableLength,
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        settle();
      }),
    close: () => response.end(),
  };
}
