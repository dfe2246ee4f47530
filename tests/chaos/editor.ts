import { setTimeout as wait } from 'node:timers/promises';
import { FEEDS, type FeedServer } from './feed-server.ts';
import type { Newsroom, Told } from './newsroom.ts';
import type { Publisher } from './publisher.ts';
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';

export interface EditorDeps {
  random: Random;
  newsroom: Newsroom;
  feeds: FeedServer;
  publisher: Publisher;
  recorder: Pick<Recorder, 'settledSince'>;
}

type Span = readonly [low: number, high: number];

/** Something happens every 20 to 130 ms: 13 times a second. */
const PAUSE_MS: Span = [20, 130];
const THROUGH_API = 0.2;
const NEW = 0.55;
const UPDATE = 0.3;
/** Now and then the desk publishes long stories in a row: what those who do not read cannot take. */
const BURST_EVERY_MS: Span = [7_000, 11_000];
const BURST_EVERY_LONG_MS: Span = [30_000, 60_000];
const LONG_RUN_MS = 120_000;
const BURST = 26;
const LONG_BYTES = 170_000;
/** A feed has at least so many stories; one leaves it when it has been in the log, as it is, for so long. */
const LISTED = 25;
const SETTLED_MS = 4_000;
const AT_ONCE = 8;

export interface Editor {
  /** Publishes until `stop`; resolves when everything that went through the API has been acknowledged. */
  work(stop: AbortSignal, giveUp: AbortSignal): Promise<void>;
}

/** Publishes new stories, updates and withdrawals in feeds and through the API, as chance says. */
export function createEditor(
  { random, newsroom, feeds, publisher, recorder }: EditorDeps,
  ms: number,
): Editor {
  /** Published through the API, and nothing is on its way. */
  const idle = new Set<Told>();
  const asking = new Set<Promise<void>>();

  const usable = (stories: Iterable<Told>) =>
    [...stories].filter(({ withdrawnAt }) => withdrawnAt === undefined);

  function inFeed(): void {
    const feed = random.whole(0, FEEDS.length - 1);
    const there = usable(feeds.listed(feed));
    const roll = random.next();
    if (roll < NEW || there.length === 0) {
      feeds.changed(newsroom.write(feed));
      return;
    }
    const story = random.pick(there);
    if (roll < NEW + UPDATE) newsroom.rewrite(story);
    else newsroom.withdraw(story);
    feeds.changed(story);
  }

  /** A story of which a request had no answer is left alone: carried out late, it would undo what came after. */
  function send(story: Told, sent: Promise<{ certain: boolean }>): void {
    idle.delete(story);
    const done = sent.then(({ certain }) => {
      if (certain) idle.add(story);
      asking.delete(done);
    });
    asking.add(done);
    done.catch(() => {});
  }

  function throughApi(giveUp: AbortSignal): void {
    if (asking.size >= AT_ONCE) return;
    const there = usable(idle);
    const roll = random.next();
    if (roll < NEW || there.length === 0) {
      publishLong(giveUp, 0);
      return;
    }
    const story = random.pick(there);
    if (roll < NEW + UPDATE) send(story, publisher.publish(story, newsroom.rewrite(story), giveUp));
    else {
      newsroom.withdraw(story);
      send(story, publisher.withdraw(story, giveUp));
    }
  }

  function publishLong(giveUp: AbortSignal, bytes: number): void {
    const story = newsroom.write(undefined, bytes);
    const [first] = story.revisions;
    if (first) send(story, publisher.publish(story, first, giveUp));
  }

  function shorten(): void {
    for (const index of FEEDS.keys()) {
      const listed = feeds.listed(index);
      const old = listed.slice(0, Math.max(0, listed.length - LISTED));
      for (const story of old) {
        const since = recorder.settledSince(story);
        if (since !== undefined && Date.now() - since > SETTLED_MS) feeds.forget(story);
      }
    }
  }

  return {
    async work(stop, giveUp) {
      const every = ms > LONG_RUN_MS ? BURST_EVERY_LONG_MS : BURST_EVERY_MS;
      let burst = Date.now() + random.between(...every) / 2;
      while (!stop.aborted) {
        if (random.chance(THROUGH_API)) throughApi(giveUp);
        else inFeed();
        if (Date.now() > burst) {
          burst = Date.now() + random.between(...every);
          for (let count = 0; count < BURST; count++) publishLong(giveUp, LONG_BYTES);
        }
        shorten();
        await wait(random.between(...PAUSE_MS), undefined, { signal: stop }).catch(() => {});
      }
      while (asking.size > 0) await Promise.all(asking);
    },
  };
}
