import type { Story, SubscribeRequest, Subscription, Wire, WireStory } from '../src/client/wire.ts';
import { createBatch } from './batch.ts';

/** How many of the newest stories a new view begins with. */
const LAST = 50;
/** A refusal that is not the reader's doing is worth another try after this long. */
const TRY_AGAIN_MS = 3_000;

export interface FollowingEvents {
  /** @param live whether they came in just now, or while the connection was lost; not of the view's beginning */
  stories(stories: readonly Story[], live: boolean): void;
  /** The view has its beginning. With `gap`, stories between then and now are missing. May come again. */
  ready(ready: { gap: boolean; unknown: readonly string[] }): void;
  /** With another code than `invalid_filter` it is tried again. */
  refused(error: { code: string; message: string }): void;
}

/** The one subscription of this page. */
export function createFollowing(wire: Wire, events: FollowingEvents) {
  let subscription: Subscription | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let live = false;

  const batch = createBatch<Story>((stories) => events.stories(stories, live));

  function subscribe(request: SubscribeRequest): void {
    subscription = wire.subscribe({ ...request, last: LAST }, take, {
      ready({ gap, unknown }) {
        batch.flush();
        live = true;
        events.ready({ gap, unknown });
      },
      error({ code, message }) {
        events.refused({ code, message });
        if (code !== 'unavailable' && code !== 'draining' && code !== 'rate_limited') return;
        const after = subscription?.cursor;
        again = setTimeout(() => subscribe({ ...request, after }), TRY_AGAIN_MS);
      },
    });
  }

  function take(story: WireStory): void {
    if ('flags' in story) batch.add(story);
  }

  function stop(): void {
    clearTimeout(again);
    subscription?.close();
    subscription = undefined;
    batch.clear();
    live = false;
  }

  return {
    /** From now on what this filter lets through, instead of what was asked for before. */
    follow(filter: SubscribeRequest['filter']): void {
      stop();
      subscribe({ filter });
    },
    stop,
  };
}
