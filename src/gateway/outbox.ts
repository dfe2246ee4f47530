import type { View } from '../core/story.ts';
import type { Batch } from './batch.ts';
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
  /** Whether it has not been asked about this dispatch of a story before. */
  isNew(dispatch: number): boolean;
}

/**
 * Keeps a client's stories in order, whether they go out at once or together. A class, as there is one for each client:
 * what it does is there once, and not in functions that each of fifty thousand clients has of its own.
 */
export abstract class Queue implements Waiting {
  #waiting: Batch | undefined = undefined;
  #dispatch = 0;

  protected abstract deliver(batch: Batch): void;

  flush(): void {
    const batch = this.#waiting;
    if (!batch) return;
    this.#waiting = undefined;
    this.deliver(batch);
  }

  bytes(): number {
    return this.#waiting?.bytes() ?? 0;
  }

  story(frame: Frame, view: View): void {
    this.flush();
    this.deliver(frame.alone(view));
  }

  later(frame: Frame, view: View): boolean {
    const waiting = this.#waiting;
    this.#waiting = waiting === undefined ? frame.alone(view) : waiting.with(frame, view);
    return waiting === undefined;
  }

  isNew(dispatch: number): boolean {
    if (this.#dispatch === dispatch) return false;
    this.#dispatch = dispatch;
    return true;
  }
}

/** A queue of functions, for what is put together from them. */
export function createWaiting(deliver: (batch: Batch) => void): Waiting {
  const queue = new (class extends Queue {
    protected deliver(batch: Batch): void {
      deliver(batch);
    }
  })();
  return {
    flush: () => queue.flush(),
    bytes: () => queue.bytes(),
    story: (frame, view) => queue.story(frame, view),
    later: (frame, view) => queue.later(frame, view),
    isNew: (dispatch) => queue.isNew(dispatch),
  };
}

export interface Outbox {
  /**
   * Sends a story to each client that `toAll` gives it to, each once and in the same turn. A lone story leaves at once; what
   * comes while it is being sent, or within the window after that, goes to each client in one write.
   */
  send(frame: Frame, toAll: (give: Give) => void): void;
  /** What waits goes out now. */
  close(): void;
}

type Give = (client: Waiting, view: View) => void;

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
    send(frame, toAll) {
      if (timer) {
        toAll((client, view) => {
          if (client.later(frame, view)) dirty.push(client);
        });
        return;
      }
      let isSent = false;
      toAll((client, view) => {
        isSent = true;
        client.story(frame, view);
      });
      // Only now: thousands of clients take longer than the window, and what came meanwhile would find it over.
      if (isSent) timer = setTimeout(flush, windowMs);
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      for (const client of dirty.splice(0)) client.flush();
    },
  };
}
