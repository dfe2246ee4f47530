/** Pushed documents that were received and wait to be read. */
export interface Deliveries {
  /** Takes a document of a source; false when there is no room, and it is dropped. */
  add(sourceId: string, bytes: Uint8Array, read: () => Promise<void>): boolean;
  /** Waits for what is being read. What still waits is dropped: the next poll brings it. */
  close(): Promise<void>;
}

const MAX_WAITING = 64;
const MAX_WAITING_OF_SOURCE = 8;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_AT_A_TIME = 4;

/**
 * A bounded queue: of one source one document at a time, in the order in which they came, so that an older version of
 * a story is never read after a newer one; of all sources four at a time.
 *
 * @param failed is told of a `read` that rejected
 */
export function createDeliveries(failed: (sourceId: string, error: unknown) => void): Deliveries {
  interface Waiting {
    sourceId: string;
    bytes: number;
    read: () => Promise<void>;
  }
  let waiting: Waiting[] = [];
  /** Waiting or being read. */
  let bytes = 0;
  const running = new Map<string, Promise<void>>();
  let closed = false;

  function pump(): void {
    while (running.size < MAX_AT_A_TIME) {
      const at = waiting.findIndex(({ sourceId }) => !running.has(sourceId));
      const [next] = at < 0 ? [] : waiting.splice(at, 1);
      if (!next) return;
      running.set(next.sourceId, run(next));
    }
  }

  async function run({ sourceId, bytes: size, read }: Waiting): Promise<void> {
    try {
      await read();
    } catch (error) {
      failed(sourceId, error);
    }
    bytes -= size;
    running.delete(sourceId);
    pump();
  }

  return {
    add(sourceId, { byteLength }, read) {
      const ofSource = waiting.filter((each) => each.sourceId === sourceId).length;
      if (closed || waiting.length >= MAX_WAITING || ofSource >= MAX_WAITING_OF_SOURCE) return false;
      if (bytes + byteLength > MAX_BYTES) return false;
      bytes += byteLength;
      waiting.push({ sourceId, bytes: byteLength, read });
      pump();
      return true;
    },
    async close() {
      closed = true;
      waiting = [];
      await Promise.all(running.values());
    },
  };
}
