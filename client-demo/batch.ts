/** At most so many wait, even in a page that nobody looks at and whose timers hardly run. */
const LIMIT = 100;
const WAIT_MS = 16;

/** Hands over together what comes within a frame, so that a burst is laid out once. */
export function createBatch<T>(hand: (items: readonly T[]) => void) {
  let items: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const full = items;
    items = [];
    if (full.length > 0) hand(full);
  }

  return {
    add(item: T): void {
      items.push(item);
      if (items.length >= LIMIT) flush();
      else timer ??= setTimeout(flush, WAIT_MS);
    },
    flush,
    clear(): void {
      clearTimeout(timer);
      timer = undefined;
      items = [];
    },
  };
}
