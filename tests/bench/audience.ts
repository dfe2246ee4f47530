import { setTimeout as wait } from 'node:timers/promises';
import { connectCounting, type Protocol } from './counting-client.ts';

/** Clients of one server that ask for stories with any of these topics. */
export interface Party {
  clients: number;
  topics: string[];
}

export interface AudienceOptions {
  port: number;
  protocol: Protocol;
  parties: Party[];
  /** Newcomers a second. */
  perSecond: number;
}

/** What became of the stories of a run; times are from the start of its publication, in milliseconds. */
export interface Received {
  deliveries: number;
  bytes: number;
}

export interface Audience {
  /** How many clients get a story with these topics. */
  recipients(topics: string[]): number;
  /**
   * From now on stories are counted from 1. `complete` is called with a story's number when everyone has as many: for
   * stories that all go to the same clients, that is when the last of them had it.
   */
  begin(recipients: number, complete: (story: number) => void): void;
  received(): Received;
  /** @throws {Error} when a client lost its connection. */
  check(): void;
  close(): void;
}

const AT_ONCE = 64;
/** Clients of one source address; there are about 28,000 ports. */
const PER_ADDRESS = 10_000;

export async function openAudience({
  port,
  protocol,
  parties,
  perSecond,
}: AudienceOptions): Promise<Audience> {
  const wanted = parties.flatMap(({ clients, topics }) => Array<string[]>(clients).fill(topics));
  const had = new Int32Array(wanted.length);
  const closers: (() => void)[] = [];
  let arrived: number[] = [];
  let recipientsNow = 0;
  let complete: (story: number) => void = () => {};
  let deliveries = 0;
  let bytes = 0;
  let lost = 0;
  let next = 0;
  let turnAt = 0;

  /** One after the other, and never faster to make up for time that was lost: a gateway takes that for a storm. */
  async function turn(): Promise<void> {
    const now = performance.now();
    turnAt = Math.max(turnAt + 1000 / perSecond, now);
    if (turnAt - now > 1) await wait(turnAt - now);
  }

  async function connectSome(): Promise<void> {
    for (let client = next++; client < wanted.length; client = next++) {
      await turn();
      const close = await connectCounting({
        port,
        protocol,
        topics: wanted[client] ?? [],
        ...(wanted.length > PER_ADDRESS ? { localAddress: `127.0.0.${2 + (client % 4)}` } : {}),
        story(length) {
          deliveries += 1;
          bytes += length;
          const story = (had[client] ?? 0) + 1;
          had[client] = story;
          const count = (arrived[story] ?? 0) + 1;
          arrived[story] = count;
          if (count === recipientsNow) complete(story);
        },
        lost() {
          lost += 1;
        },
      });
      closers.push(close);
    }
  }

  function closeAll(): void {
    for (const close of closers.splice(0)) close();
  }

  try {
    await Promise.all(Array.from({ length: AT_ONCE }, connectSome));
  } catch (error) {
    next = wanted.length;
    closeAll();
    throw error;
  }

  return {
    recipients: (topics) =>
      parties.reduce(
        (sum, party) => sum + (party.topics.some((topic) => topics.includes(topic)) ? party.clients : 0),
        0,
      ),
    begin(recipients, onComplete) {
      had.fill(0);
      arrived = [];
      recipientsNow = recipients;
      complete = onComplete;
      deliveries = 0;
      bytes = 0;
    },
    received: () => ({ deliveries, bytes }),
    check() {
      if (lost > 0) throw new Error(`${lost} of ${wanted.length} clients lost their connection`);
    },
    close: closeAll,
  };
}
