export interface Due {
  /** Milliseconds since 1970. */
  due: number;
}

/** What waits for its time: the first due is had in O(log n). `due` must not change while it waits. */
export interface Queue<T extends Due> {
  push(entry: T): void;
  first(): T | undefined;
  shift(): T | undefined;
  /** Drops all others. */
  keep(wanted: (entry: T) => boolean): void;
}

export function createQueue<T extends Due>(): Queue<T> {
  /** A binary heap: no entry is due before its parent, at (index - 1) / 2. */
  let heap: T[] = [];

  function place(entry: T, index: number): void {
    let at = index;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (!parent || parent.due <= entry.due) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  }

  function sink(entry: T): void {
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (!left) break;
      const down = right && right.due < left.due ? 2 * at + 2 : 2 * at + 1;
      const child = heap[down];
      if (!child || child.due >= entry.due) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = entry;
  }

  return {
    push: (entry) => place(entry, heap.length),
    first: () => heap[0],
    shift() {
      const [first] = heap;
      const last = heap.pop();
      if (last && heap.length > 0) sink(last);
      return first;
    },
    keep(wanted) {
      // A sorted array is a heap.
      heap = heap.filter(wanted).sort((a, b) => a.due - b.due);
    },
  };
}
