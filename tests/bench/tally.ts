/** Who has received what. Stories are numbered 1, 2, 3 …, and every client has to get each of them once, in order. */
export interface Tally {
  received(client: number, story: number, at: number): void;
  fault(what: string): void;
  /**
   * When the last client received each of so many stories, once the last of them is with everyone. Rejects on a fault,
   * and when nothing has come to anybody for so many milliseconds.
   */
  whenComplete(from: number, count: number, ms: number): Promise<number[]>;
  /** @throws {Error} with the first fault, when there was one. */
  check(): void;
}

export function createTally(clients: number): Tally {
  const newest = new Int32Array(clients);
  const missing: number[] = [];
  const completed: number[] = [];
  let failure: Error | undefined;
  let deliveries = 0;
  let changed = () => {};

  function fault(what: string): void {
    failure ??= new Error(what);
    changed();
  }

  function check(): void {
    if (failure) throw failure;
  }

  return {
    received(client, story, at) {
      const last = newest[client] ?? 0;
      if (story !== last + 1) {
        fault(`Client ${client} received story ${story} after story ${last}`);
        return;
      }
      newest[client] = story;
      deliveries += 1;
      const left = (missing[story] ?? clients) - 1;
      missing[story] = left;
      if (left > 0) return;
      completed[story] = at;
      changed();
    },
    fault,
    async whenComplete(from, count, ms) {
      const last = from + count - 1;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        changed = () => {
          if (failure || completed[last] !== undefined) resolve();
        };
        let before = deliveries;
        timer = setInterval(() => {
          if (deliveries === before)
            fault(
              `${missing[last] ?? clients} of ${clients} clients still lacked story ${last} when nothing had come for ${ms} ms; ` +
                `the one furthest behind had ${Math.min(...newest)}`,
            );
          before = deliveries;
        }, ms);
        changed();
      });
      clearInterval(timer);
      check();
      return completed.slice(from, last + 1);
    },
    check,
  };
}
