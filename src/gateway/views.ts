import type { Logger } from 'pino';
import type { Entry } from '../core/story.ts';
import type { Store } from '../store/store.ts';

/** No more than this many different stories are counted between two flushes; further ones are not counted. */
const MAX_STORIES = 10_000;
const FLUSH_MS = 1_000;
/** How many of the newest stories are kept up to date with what readers of other gateways opened. */
const WATCHED = 200;
/** One in this many flushes looks at what other gateways counted. */
const LOOK_EVERY = 5;

export interface Views {
  count(storyId: string): void;
  close(): Promise<void>;
}

export interface ViewsDeps {
  store: Pick<Store, 'addViews' | 'views'>;
  /** The entries whose readers want to know, newest last. */
  recent(count: number): readonly Entry[];
  /** At most once a second: the totals that changed. */
  changed(totals: ReadonlyMap<string, number>): void;
  log: Logger;
}

/** Counts who opened what. Counts are a courtesy: they may be lost in a crash, and never delay a story. */
export function createViews({ store, recent, changed, log }: ViewsDeps): Views {
  let counts = new Map<string, number>();
  let known = new Map<string, number>();
  let flushes = 0;
  let running = Promise.resolve();

  async function flush(): Promise<void> {
    const counted = counts;
    counts = new Map();
    flushes += 1;
    if (counted.size === 0 && flushes % LOOK_EVERY !== 0) return;
    if (counted.size > 0) await store.addViews(counted);
    const watched = new Set([...recent(WATCHED).map((entry) => entry.story.id), ...counted.keys()]);
    const totals = await store.views([...watched]);
    const news = new Map([...totals].filter(([id, total]) => known.get(id) !== total));
    known = totals;
    if (news.size > 0) changed(news);
  }

  const timer = setInterval(() => {
    running = running.then(flush).catch((err: unknown) => log.debug({ err }, 'views were not counted'));
  }, FLUSH_MS);
  timer.unref();

  return {
    count(storyId) {
      if (counts.size < MAX_STORIES || counts.has(storyId))
        counts.set(storyId, (counts.get(storyId) ?? 0) + 1);
    },
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
