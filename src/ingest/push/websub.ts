import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Store } from '../../store/store.ts';
import type { Document } from '../document/document.ts';
import { FetchError } from '../poll/fetch-error.ts';
import type { Source } from '../sources.ts';
import { createCallback, PREFIX } from './websub-callback.ts';
import type { Links } from './websub-discovery.ts';
import type { HubRequest } from './websub-request.ts';
import {
  createMemory,
  isTrusted,
  LEASE_SECONDS,
  nextSubscription,
  type State,
  type Subscription,
} from './websub-state.ts';

/** What happened at a callback; counted for each source. */
export type PushOutcome =
  | 'push_read'
  | 'push_failed'
  | 'push_dropped'
  | 'push_unsigned'
  | 'push_too_large'
  | 'push_ping';

export interface WebSubDeps {
  /** Where hubs reach us. */
  publicUrl: string;
  hub: Pick<HubRequest, 'post'>;
  store: Pick<Store, 'source' | 'saveSource'>;
  /**
   * Reads a pushed document of a source as a poll would, and appends it. May reject; then the source is polled soon.
   * Only what the hub signed gets here.
   */
  deliver(sourceId: string, document: Document): Promise<void>;
  /** Something is new at the source, or was lost on its way here. */
  pollSoon(sourceId: string): void;
  counted(sourceId: string, outcome: PushOutcome): void;
  /** Milliseconds since 1970. */
  now: () => number;
  /** 0 ≤ n < 1 */
  random: () => number;
  log: Logger;
}

export interface WebSub {
  /**
   * To be called after each successful poll, by whoever polls the source: subscribes, renews, forgets, and judges the
   * hub by what the poll found. Never rejects; requests to hubs go on in the background.
   *
   * @param poll `links` are absent when the document had not changed; `new` is how many stories nobody had pushed
   * @returns for how many milliseconds the source need not be polled, because its hub pushes; 0 when it does not
   */
  polled(source: Pick<Source, 'id' | 'every'>, poll: { links?: Links; new: number }): Promise<number>;
  /** Answers hubs at `/websub/…`, in any process that shares the store; false when the request is for somebody else. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Waits for what is being read and asked (end that by closing the `hub` first). What was received and not begun is dropped, because a poll brings it. */
  close(): Promise<void>;
}

/** A source whose hub pushes is polled so much less often, and at least so often. */
const LESS_OFTEN = 12;
const LONGEST_MS = 30 * 60_000;
/** Requests to hubs at a time. Of a source that finds no room the next poll asks. */
const MAX_ASKING = 8;

/**
 * Push, for the feeds that have a hub (WebSub, W3C Recommendation). It has no clock of its own: polls go on beside it,
 * and every poll is also the moment to renew and to judge. So a hub that lies or falls silent costs a source its speed
 * and never a story.
 */
export function createWebSub(deps: WebSubDeps): WebSub {
  const { publicUrl, hub, store, now, random, log } = deps;
  const memory = createMemory(store);
  const callback = createCallback({ ...deps, memory });
  const asking = new Map<string, Promise<void>>();
  /** Sources that are known to have no subscription: for most polls of most sources the store is not asked. */
  const without = new Set<string>();
  let closed = false;

  function ask(sourceId: string, subscription: Subscription): void {
    const { hub: address, topic, token, secret } = subscription;
    const form = {
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.callback': `${publicUrl.replace(/\/+$/, '')}${PREFIX}${sourceId}.${token}`,
      'hub.secret': secret,
      'hub.lease_seconds': String(LEASE_SECONDS),
    };
    const request = hub
      .post(address, form)
      .then(() => log.debug({ source: sourceId, hub: hostOf(address) }, 'the hub was asked to push'))
      .catch((err: unknown) => {
        if (err instanceof FetchError && err.reason === 'aborted') return;
        log.warn({ source: sourceId, hub: hostOf(address), err }, 'the hub did not take the request to push');
      })
      .finally(() => asking.delete(sourceId));
    asking.set(sourceId, request);
  }

  async function polled(
    source: Pick<Source, 'id' | 'every'>,
    poll: { links?: Links; new: number },
  ): Promise<number> {
    const { id } = source;
    if (poll.links && canPush(poll.links)) without.delete(id);
    else if (without.has(id)) return 0;

    const state = await memory.load(id);
    const links = poll.links ?? linksOf(state);
    if (!canPush(links)) {
      if (state.subscription) {
        await memory.keepSubscription(id, undefined);
        log.info({ source: id }, 'the feed has no hub any more');
      }
      without.add(id);
      return 0;
    }

    let { subscription } = state;
    if (subscription && poll.new > 0 && isTrusted(state, now())) {
      log.info({ source: id, new: poll.new }, 'a poll found what the hub should have pushed');
      subscription = { ...subscription, missedAt: now() };
      await memory.keepSubscription(id, subscription);
    }
    if (!closed && !asking.has(id) && asking.size < MAX_ASKING) {
      const next = nextSubscription({ ...state, subscription }, links, now(), random);
      // Kept before the hub knows of it: it may call back before it has answered.
      if (next) {
        await memory.keepSubscription(id, next);
        subscription = next;
        ask(id, next);
      }
    }
    return leisure({ ...state, subscription }, source.every);
  }

  function leisure(state: State, every: number): number {
    const { subscription, answer } = state;
    // What the answer says, it says of its own subscription only.
    if (subscription?.token !== answer?.token || !isTrusted(state, now())) return 0;
    const renewIn = answer && 'renewAt' in answer ? answer.renewAt - now() : 0;
    const wait = Math.min(every * LESS_OFTEN, LONGEST_MS) * (0.9 + 0.1 * random());
    return renewIn > 0 ? Math.min(wait, Math.max(renewIn, every)) : wait;
  }

  return {
    async polled(source, poll) {
      try {
        return await polled(source, poll);
      } catch (err) {
        log.warn({ source: source.id, err }, 'the state of its push could not be read or kept');
        return 0;
      }
    },
    handle: callback.handle,
    async close() {
      closed = true;
      await Promise.all([callback.close(), ...asking.values()]);
    },
  };
}

function canPush({ hubs, self }: Links): boolean {
  return hubs.length > 0 && self !== undefined;
}

function linksOf({ subscription }: State): Links {
  return subscription ? { hubs: subscription.hubs, self: subscription.topic } : { hubs: [] };
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '?';
}
