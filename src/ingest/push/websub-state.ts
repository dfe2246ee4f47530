import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../../store/store.ts';
import type { Links } from './websub-discovery.ts';

/** What we asked a hub for. Times are in milliseconds since 1970. */
const subscriptionSchema = z.object({
  topic: z.string(),
  /** All that the feed names; `hub` is the one that was asked. */
  hubs: z.array(z.string()).min(1),
  hub: z.string(),
  /** The part of the callback's address that nobody can guess. */
  token: z.string().min(32),
  secret: z.string().min(64),
  askedAt: z.number(),
  /** Requests since the hub last kept its word, the latest included. */
  asks: z.int().min(1),
  /** Not before this is it asked again, if it does not answer. */
  retryAt: z.number(),
  /** When a poll last found what should have been pushed. */
  missedAt: z.number().optional(),
});

/** What the hub said to it, in its call to us. */
const answerSchema = z.union([
  z.object({ token: z.string(), verifiedAt: z.number(), until: z.number(), renewAt: z.number() }),
  z.object({ token: z.string(), deniedAt: z.number() }),
]);

/** When it last pushed something that could be read. */
const heardSchema = z.object({ token: z.string(), at: z.number() });

export type Subscription = z.infer<typeof subscriptionSchema>;
export type Answer = z.infer<typeof answerSchema>;
export type Heard = z.infer<typeof heardSchema>;

export interface State {
  subscription?: Subscription;
  /** Absent when they belong to an earlier subscription. */
  answer?: Answer;
  heard?: Heard;
}

export interface Memory {
  load(sourceId: string): Promise<State>;
  keepSubscription(sourceId: string, subscription: Subscription | undefined): Promise<void>;
  keepAnswer(sourceId: string, answer: Answer): Promise<void>;
  keepHeard(sourceId: string, heard: Heard): Promise<void>;
}

/**
 * Three records for a source, beside what the schedule keeps of it: the subscription is written by whoever polls the
 * source, the other two by whichever process a hub happens to call. Each is replaced as a whole and none is read in
 * order to be written, so no process can undo what another wrote.
 */
export function createMemory(store: Pick<Store, 'source' | 'saveSource'>): Memory {
  const key = (kind: 'subscription' | 'answer' | 'heard', id: string) => `websub:${kind}:${id}`;
  return {
    async load(id) {
      const subscription = subscriptionSchema.safeParse(await store.source(key('subscription', id))).data;
      if (!subscription) return {};
      const [given, pushed] = await Promise.all([
        store.source(key('answer', id)),
        store.source(key('heard', id)),
      ]);
      const answer = answerSchema.safeParse(given).data;
      const heard = heardSchema.safeParse(pushed).data;
      const { token } = subscription;
      return {
        subscription,
        ...(answer?.token === token ? { answer } : {}),
        ...(heard?.token === token ? { heard } : {}),
      };
    },
    keepSubscription: (id, subscription) => store.saveSource(key('subscription', id), subscription ?? {}),
    keepAnswer: (id, answer) => store.saveSource(key('answer', id), answer),
    keepHeard: (id, heard) => store.saveSource(key('heard', id), heard),
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FIRST_RETRY_MS = 10 * MINUTE_MS;
const LONGEST_RETRY_MS = DAY_MS;
const AFTER_DENIAL_MS = 7 * DAY_MS;
const SHORTEST_LEASE_MS = HOUR_MS;
const LONGEST_LEASE_MS = 14 * DAY_MS;
/** A hub may take its time with its call, and may call twice. */
const PENDING_MS = DAY_MS;
/** What was pushed longer ago says nothing about whether the hub still lives. */
const TRUST_MS = DAY_MS;

/** What we ask for; what is granted counts. */
export const LEASE_SECONDS = (10 * DAY_MS) / 1000;

/**
 * What to ask a hub now, or `undefined` when there is nothing to ask: the subscription with what a renewal or a retry
 * changes, or a new one, whose callback and secret no earlier hub knows.
 *
 * A hub that does not answer is asked again after 10 minutes, then 20, 40 … up to a day, and then the next hub that
 * the feed names; one that said no, after a week.
 */
export function nextSubscription(
  { subscription: before, answer }: State,
  { self: topic, hubs }: Links,
  now: number,
  random: () => number,
): Subscription | undefined {
  if (topic === undefined || hubs.length === 0) return undefined;
  if (!before) return asked(1);
  const isOther = topic !== before.topic || !hubs.includes(before.hub);
  if (answer && 'deniedAt' in answer) {
    const until = isOther ? before.retryAt : answer.deniedAt + AFTER_DENIAL_MS;
    return now >= until ? asked(1) : undefined;
  }
  const isAnswered = answer !== undefined && answer.verifiedAt >= before.askedAt;
  if (now < (isAnswered && !isOther ? answer.renewAt : before.retryAt)) return undefined;

  const asks = isAnswered ? 1 : before.asks + 1;
  const isAlive = answer !== undefined && now < answer.until;
  const hub = isAnswered || isAlive ? before.hub : hubs[(hubs.indexOf(before.hub) + 1) % hubs.length];
  if (isOther || hub === undefined || hub !== before.hub) return asked(asks, isOther ? undefined : hub);
  return { ...before, ...timesOf(asks), hubs };

  function asked(count: number, at: string | undefined = hubs[0]): Subscription {
    const token = randomBytes(32).toString('base64url');
    const secret = randomBytes(32).toString('hex');
    return { topic: topic ?? '', hubs, hub: at ?? '', token, secret, ...timesOf(count) };
  }

  function timesOf(count: number) {
    const wait = Math.min(FIRST_RETRY_MS * 2 ** Math.min(count - 1, 30), LONGEST_RETRY_MS);
    return { askedAt: now, asks: count, retryAt: now + wait * (1 + 0.25 * random()) };
  }
}

/** Whether a hub's call that confirms a subscription may still be the answer to our request. */
export function isPending({ askedAt }: Subscription, now: number): boolean {
  return now - askedAt <= PENDING_MS;
}

/**
 * The lease that a hub granted. It is renewed at about its half, at a moment of its own; more than 14 days are not
 * believed, and no shorter lease makes us ask more often than a lease of an hour would.
 *
 * @param seconds what the hub says, if it says anything
 */
export function leaseOf(token: string, seconds: number | undefined, now: number, random: () => number) {
  const granted = Math.min((seconds ?? LEASE_SECONDS) * 1000, LONGEST_LEASE_MS);
  const half = Math.max(granted, SHORTEST_LEASE_MS) * (0.4 + 0.2 * random());
  return { token, verifiedAt: now, until: now + granted, renewAt: now + half };
}

/** Whether pushes of this subscription are taken. A lease that ran out is the hub's affair: what it signs is read. */
export function isConfirmed({ answer }: State): boolean {
  return answer !== undefined && 'verifiedAt' in answer;
}

/**
 * Whether the hub may be relied on, so that polls are only a second line: it has a lease, has pushed within a day, and
 * no poll has found anything since then that it should have pushed. A hub that only promises is never relied on.
 */
export function isTrusted({ subscription, answer, heard }: State, now: number): boolean {
  if (!subscription || !answer || 'deniedAt' in answer || !heard) return false;
  return now < answer.until && now - heard.at < TRUST_MS && heard.at > (subscription.missedAt ?? 0);
}
