import { setTimeout as wait } from 'node:timers/promises';
import { CUT_EVERY_MS, type Plan } from './clients.ts';
import { createListener } from './listeners.ts';
import type { Random } from './random.ts';
import type { View } from './view.ts';
import type { Path } from './world.ts';

const STALL_MS = [5_000, 12_000] as const;
const READ_MS = [500, 2_500] as const;

export interface Audience {
  readonly views: readonly View[];
  readonly counts: { cuts: number; stalls: number };
  /** Comes, goes, is cut off and reads slowly as planned until `stop`; then everyone is there, and reads. */
  attend(stop: AbortSignal): Promise<void>;
  leave(): void;
}

/** Everyone who listens, each on a path of its own. */
export async function gather(
  random: Random,
  plans: readonly Plan[],
  openPath: () => Promise<Path>,
): Promise<Audience> {
  const counts = { cuts: 0, stalls: 0 };
  const clients = await Promise.all(
    plans.map(async (plan) => {
      const path = await openPath();
      return { plan, path, listener: createListener(plan, `http://127.0.0.1:${path.port}`) };
    }),
  );

  async function follow(
    { plan, path, listener }: (typeof clients)[number],
    stop: AbortSignal,
  ): Promise<void> {
    const pause = (ms: number) => wait(ms, undefined, { signal: stop }).catch(() => {});
    let isAway = true;
    const come = () => {
      if (isAway) listener.come();
      isAway = false;
    };

    async function visit(): Promise<void> {
      await pause(plan.joins);
      come();
      for (const { at, ms } of plan.away) {
        await pause(Math.max(0, at - plan.joins));
        if (stop.aborted) break;
        listener.go();
        isAway = true;
        await pause(ms);
        come();
      }
    }

    async function lose(): Promise<void> {
      for (let ms = plan.firstCut; ; ms = CUT_EVERY_MS) {
        await pause(ms);
        if (stop.aborted) return;
        counts.cuts += 1;
        path.cut();
      }
    }

    async function stall(): Promise<void> {
      while (plan.stalls && !stop.aborted) {
        await pause(random.between(...READ_MS));
        if (stop.aborted) return;
        counts.stalls += 1;
        path.stopReading();
        await pause(random.between(...STALL_MS));
        path.readOn();
      }
    }

    await Promise.all([visit(), lose(), stall()]);
  }

  return {
    views: clients.flatMap(({ listener }) => listener.views),
    counts,
    attend: async (stop) => {
      await Promise.all(clients.map((client) => follow(client, stop)));
    },
    leave: () => {
      for (const { listener } of clients) listener.go();
    },
  };
}
