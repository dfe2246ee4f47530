/**
 * What is opened is closed in reverse order, all of it, once: a release that fails does not keep the others from
 * running, and the first failure is thrown at the end.
 */
export function releaser(): { onRelease(close: () => Promise<void>): void; release(): Promise<void> } {
  const closers: (() => Promise<void>)[] = [];
  let released: Promise<void> | undefined;

  async function releaseAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = closers.pop(); close; close = closers.pop()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    onRelease(close) {
      closers.push(close);
    },
    release() {
      released ??= releaseAll();
      return released;
    },
  };
}
