import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Document, Reading } from './document/document.ts';
import { ParseError } from './document/feed.ts';
import type { Answer, Order, Setup } from './reader-worker.ts';
import type { Source } from './sources.ts';

export interface ReaderOptions {
  /** How many documents are read at the same time. */
  workers?: number;
  /** A document that takes longer is given up, in milliseconds. */
  timeoutMs?: number;
  /** How many documents may wait; one more is refused, so that bodies do not pile up. */
  maxQueue?: number;
  /** How much memory a thread may fill. */
  memoryMb?: number;
  /** The path of the user's own topics. */
  topics?: string;
}

export interface Reader {
  /**
   * `readDocument` in another thread: whatever a document does there, the event loop here goes on. The bytes are given
   * away where that saves a copy; they are not to be used afterwards.
   *
   * @throws {ParseError} as `readDocument`; also when it takes too long, or more memory than a thread may have
   * @throws {Error} when too many wait, or the reader is closed
   */
  read(document: Document, source: Source): Promise<Reading>;
  /** Ends the threads; what they had not read is rejected. */
  close(): Promise<void>;
}

interface Job {
  order: Order & { document: { bytes: Uint8Array<ArrayBuffer> } };
  resolve(reading: Reading): void;
  reject(error: Error): void;
}

interface Thread {
  worker: Worker;
  ready: boolean;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** To load the code and the vocabulary, on a machine that has other things to do. */
const START_MS = 60_000;

/** Threads are started when there is something to read, and again after one that a document has brought down. */
export function createReader({
  workers = 1,
  timeoutMs = 5_000,
  maxQueue = 1_000,
  memoryMb = 384,
  topics,
}: ReaderOptions = {}): Reader {
  const queue: Job[] = [];
  const threads = new Set<Thread>();
  const ending = new Set<Promise<unknown>>();
  let closed = false;

  function pump(): void {
    for (const thread of threads) if (!thread.job) assign(thread);
    while (queue.length > 0 && threads.size < workers) assign(start());
  }

  function assign(thread: Thread): void {
    const job = queue.shift();
    if (!job) return;
    thread.job = job;
    // A thread that is not ready yet takes the order when it is.
    thread.worker.postMessage(job.order, [job.order.document.bytes.buffer]);
    limit(thread);
  }

  function limit(thread: Thread): void {
    clearTimeout(thread.timer);
    if (!thread.job) return;
    const ms = thread.ready ? timeoutMs : START_MS;
    thread.timer = setTimeout(() => {
      lose(
        thread,
        thread.ready
          ? new ParseError(`reading the document took longer than ${ms} ms`)
          : new Error(`The thread to read it did not start within ${ms} ms`),
      );
    }, ms);
  }

  function start(): Thread {
    const worker = open(new URL(`./reader-worker${extension()}`, import.meta.url), memoryMb, { topics });
    const thread: Thread = { worker, ready: false, job: undefined, timer: undefined };
    threads.add(thread);
    worker.on('message', (message: Answer) => answered(thread, message));
    worker.on('error', (error) => lose(thread, asRefusal(error)));
    worker.on('exit', (code) => lose(thread, new Error(`The thread that read it ended with ${code}`)));
    return thread;
  }

  function answered(thread: Thread, answer: Answer): void {
    if (answer.kind === 'ready') {
      thread.ready = true;
      limit(thread);
      return;
    }
    const { job } = thread;
    thread.job = undefined;
    clearTimeout(thread.timer);
    if (answer.kind === 'read') job?.resolve(answer.reading);
    else job?.reject(answer.isDocument ? new ParseError(answer.message) : new Error(answer.message));
    pump();
  }

  function asRefusal(error: Error): Error {
    const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    return isMemory ? new ParseError(`reading the document takes more than ${memoryMb} MB`) : error;
  }

  /** Only the document that a thread was reading is lost with it. */
  function lose(thread: Thread, error: Error): void {
    if (!threads.delete(thread)) return;
    clearTimeout(thread.timer);
    const ended = thread.worker.terminate().finally(() => ending.delete(ended));
    ending.add(ended);
    thread.job?.reject(error);
    if (!closed) pump();
  }

  return {
    read(document, source) {
      return new Promise((resolve, reject) => {
        if (closed) throw new Error('The reader is closed');
        if (queue.length >= maxQueue) throw new Error(`${queue.length} documents wait to be read already`);
        const bytes = ownBytes(document.bytes);
        queue.push({ order: { document: { ...document, bytes }, source }, resolve, reject });
        pump();
      });
    },

    async close() {
      closed = true;
      const error = new Error('The reader was closed before it had read it');
      for (const job of queue.splice(0)) job.reject(error);
      for (const thread of [...threads]) lose(thread, error);
      await Promise.all(ending);
    },
  };
}

/** A buffer of its own, which can be handed over: small ones share theirs with others. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isAlone ? new Uint8Array(buffer) : Uint8Array.from(bytes);
}

/** `.js` as built; `.ts` in tests. */
function extension(): string {
  return import.meta.url.endsWith('.ts') ? '.ts' : '.js';
}

function open(entry: URL, memoryMb: number, setup: Setup): Worker {
  const options: WorkerOptions = {
    name: 'reader',
    execArgv: [],
    workerData: setup,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  };
  if (extension() === '.js') return new Worker(entry, options);
  // Node 20 does not run the loader of --import for the entry of a thread.
  const code = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(entry.href)})))`;
  return new Worker(code, { ...options, eval: true });
}
