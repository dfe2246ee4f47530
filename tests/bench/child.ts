import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a process of the bench can be asked to do; what goes in and out travels as JSON. */
type Api = Record<string, (...args: never[]) => unknown>;

export interface Child<A extends Api> {
  pid: number;
  /** Rejects with the child's error, when the child ends, and when the bench is stopped. */
  call<N extends keyof A & string>(name: N, ...args: Parameters<A[N]>): Promise<Awaited<ReturnType<A[N]>>>;
  /** Resolves when the process is gone. */
  close(): Promise<void>;
}

/** An answer; `call` 0 says that the child has opened, or could not. */
interface Answer {
  call: number;
  result?: unknown;
  error?: string;
}

const CLOSE_MS = 5_000;

/** Starts a TypeScript file of this folder, with the Node flags of this process, as a process that calls `serve`. */
export function startChild<A extends Api>(
  file: string,
  args: string[],
  signal: AbortSignal,
): Promise<Child<A>> {
  return adopt(fork(fileURLToPath(new URL(file, import.meta.url)), args), file, signal);
}

/** Takes over a process with a channel to this one that calls `serve`; `file` is what to call it in an error. */
export async function adopt<A extends Api>(
  child: ChildProcess,
  file: string,
  signal: AbortSignal,
): Promise<Child<A>> {
  const gone = once(child, 'exit');
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let calls = 0;

  const failAll = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const stop = () => failAll(signal.reason);
  signal.addEventListener('abort', stop);
  child.on('exit', (code, by) => failAll(new Error(`${file} ended by itself (${by ?? code})`)));
  child.on('message', ({ call, result, error }: Answer) => {
    const caller = waiting.get(call);
    waiting.delete(call);
    if (error === undefined) caller?.resolve(result);
    else caller?.reject(new Error(`${file}: ${error}`));
  });

  async function close(): Promise<void> {
    signal.removeEventListener('abort', stop);
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
    if (child.exitCode === null && child.signalCode === null) await gone;
    clearTimeout(kill);
  }

  try {
    await new Promise((resolve, reject) => {
      waiting.set(0, { resolve, reject });
      if (signal.aborted) stop();
    });
  } catch (error) {
    await close();
    throw error;
  }

  return {
    pid: child.pid ?? 0,
    async call(name, ...args) {
      signal.throwIfAborted();
      calls += 1;
      const call = calls;
      const answered = new Promise((resolve, reject) => waiting.set(call, { resolve, reject }));
      child.send({ call, name, args }, (error) => error && failAll(error));
      return (await answered) as never;
    },
    close,
  };
}

/**
 * The child's end. It lives for as long as its parent holds the channel, so that it outlives neither the bench nor a
 * bench that was killed; Ctrl-C, which a terminal sends to all of them, is left to the parent.
 */
export async function serve(open: () => Promise<{ api: Api; close(): Promise<void> }>): Promise<void> {
  const tell = (answer: Answer) => {
    // A parent that is gone needs no answer.
    if (process.connected) process.send?.(answer, undefined, undefined, () => {});
  };
  process.on('SIGINT', () => {});
  const left = once(process, 'disconnect');
  const opened = await open().catch((error: Error) => {
    tell({ call: 0, error: error.message });
    process.exit(1);
  });
  process.on('message', async ({ call, name, args }: { call: number; name: string; args: never[] }) => {
    try {
      tell({ call, result: await opened.api[name]?.(...args) });
    } catch (error) {
      tell({ call, error: (error as Error).message });
    }
  });
  tell({ call: 0 });
  if (process.connected) await left;
  await opened.close();
  process.exit(0);
}
