import type { View } from '../core/story.ts';
import { type Batch, batchOf } from './batch.ts';
import type { Frame } from './frame.ts';

/** A client's end of the outbox. */
export interface Waiting {
  /** Goes out now, after whatever waits. */
  story(frame: Frame, view: View): void;
  /** Goes out with what else comes until `flush`. Answers whether it is the first that waits. */
  later(frame: Frame, view: View): boolean;
  /** What waits goes out. To be called before anything else is sent to this client. */
  flush(): void;
  /** How much waits. */
  bytes(): number;
}

/** Keeps a client's stories in order, whether they go out at once or together. */
export function createWaiting(deliver: (batch: Batch) => void): Waiting {
  let waiting: Batch | undefined;
  function flush(): void {
    const batch = waiting;
    if (!batch) return;
    waiting = undefined;
    deliver(batch);
  }
  return {
    flush,
    bytes: () => waiting?.bytes() ?? 0,
    story(frame, view) {
      flush();
      deliver(batchOf(frame, view));
    },
    later(frame, view) {
      const isFirst = waiting === undefined;
      waiting = waiting?.with(frame, view) ?? batchOf(frame, view);
      return isFirst;
    },
  };
}

export interface Outbox {
  /** A lone story leaves at once; what comes within the window after it goes to each client in one write. */
  send(frame: Frame, recipients: ReadonlyMap<Waiting, View>): void;
  /** What waits goes out now. */
  close(): void;
}

const WINDOW_MS = 5;

export function createOutbox(windowMs = WINDOW_MS): Outbox {
  let timer: NodeJS.Timeout | undefined;
  let dirty: Waiting[] = [];

  function flush(): void {
    const clients = dirty;
    dirty = [];
    for (const client of clients) client.flush();
    timer = clients.length > 0 ? setTimeout(flush, windowMs) : undefined;
  }

  return {
    send(frame, recipients) {
      if (recipients.size === 0) return;
      if (timer) {
        for (const [client, view] of recipients) if (client.later(frame, view)) dirty.push(client);
        return;
      }
      for (const [client, view] of recipients) client.story(frame, view);
      timer = setTimeout(flush, windowMs);
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      for (const client of dirty.splice(0)) client.flush();
    },
  };
}
