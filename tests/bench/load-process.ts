/** A process of clients for any number of servers, and of whoever publishes to them. */
import { type Audience, type AudienceOptions, openAudience } from './audience.ts';
import { serve } from './child.ts';
import { appendingTo, type Newsdesk, postingTo } from './newsdesk.ts';

export type LoadApi = ReturnType<typeof open>['api'];

/** How stories are published. Bursts come on time, whether or not earlier ones have arrived. */
export type Plan = {
  /** Topics of the stories, in turns. */
  topics: string[][];
} & (
  | { bursts: number; everyMs: number; stories: number; spreadMs: number }
  /** So many under way at any time: the next is published when one has arrived everywhere. */
  | { inFlight: number; forMs: number }
  /** One after the other, so long after the last has arrived everywhere. */
  | { singles: number; gapMs: number }
);

export interface Run {
  stories: number;
  deliveries: number;
  /** Of all stories as the clients had them, without frames. */
  bytes: number;
  /** From the first publication to the last delivery. */
  wallMs: number;
  /** Of each story, from its publication until the last client had it; empty when stories go to different clients. */
  lastMs: number[];
}

interface Group {
  audience: Audience;
  desk: Newsdesk;
}

const PATIENCE_MS = 30_000;
const LULL_MS = 0.2;

function open() {
  const groups = new Map<string, Group>();
  const lull = new Int32Array(new SharedArrayBuffer(4));
  let published = 0;

  async function run(name: string, plan: Plan): Promise<Run> {
    const { audience, desk } = groups.get(name) as Group;
    const recipients = plan.topics.map((topics) => audience.recipients(topics));
    const alike = plan.topics.length === 1;
    const sent: number[] = [];
    const lastMs: number[] = [];
    let expected = 0;
    let completed = 0;
    let answered = 0;
    let failure: unknown;
    let last = 0;

    const publish = () => {
      const turn = sent.length % plan.topics.length;
      expected += recipients[turn] ?? 0;
      sent.push(performance.now());
      published += 1;
      desk.publish(published, plan.topics[turn] ?? []).then(
        () => {
          answered += 1;
        },
        (error: unknown) => {
          failure ??= error;
        },
      );
    };
    audience.begin(alike ? (recipients[0] ?? 0) : 0, (story) => {
      completed += 1;
      last = performance.now();
      lastMs.push(last - (sent[story - 1] ?? Number.NaN));
    });

    desk.begin();
    const began = performance.now();
    const due = publishing(plan, began, () => ({ sent: sent.length, completed, last }));
    await new Promise<void>((resolve, reject) => {
      let before = 0;
      // This process is never asleep in the kernel's poll, so that no server pays with each of its writes for waking
      // it, which clients on machines of their own would not cost either.
      const turn = () => {
        const now = performance.now();
        let state = due(now);
        while (state === 'publish') {
          publish();
          state = due(performance.now());
        }
        const { deliveries } = audience.received();
        if (deliveries !== before) last = now;
        if (state === 'over' && deliveries >= expected && answered === sent.length) return resolve();
        if (failure) return reject(failure);
        if (now - Math.max(last, sent.at(-1) ?? began) > PATIENCE_MS)
          return reject(new Error(`Of ${expected} deliveries of ${name} ${deliveries} have come`));
        if (deliveries === before) Atomics.wait(lull, 0, 0, LULL_MS);
        before = deliveries;
        setImmediate(turn);
      };
      turn();
    });
    audience.check();
    const { deliveries, bytes } = audience.received();
    if (deliveries !== expected)
      throw new Error(`${name} has had ${deliveries} deliveries instead of ${expected}`);
    return { stories: sent.length, deliveries, bytes, wallMs: last - began, lastMs: alike ? lastMs : [] };
  }

  function leave(name: string): Promise<void> | undefined {
    const group = groups.get(name);
    groups.delete(name);
    group?.audience.close();
    return group?.desk.close();
  }

  return {
    api: {
      /** Resolves when all clients have subscribed; stories are posted to the same server unless `redis` says otherwise. */
      async connect(
        name: string,
        options: AudienceOptions,
        { token = '', redis }: { token?: string; redis?: { url: string; prefix: string } },
      ): Promise<void> {
        const audience = await openAudience(options);
        const desk = redis ? appendingTo(redis.url, redis.prefix) : postingTo(options.port, token);
        groups.set(name, { audience, desk });
      },
      run,
      leave,
    },
    async close() {
      for (const name of [...groups.keys()]) await leave(name);
    },
  };
}

/** Whether the next story is due, will be, or has been the last. */
function publishing(
  plan: Plan,
  began: number,
  state: () => { sent: number; completed: number; last: number },
): (now: number) => 'publish' | 'wait' | 'over' {
  if ('bursts' in plan) {
    const { bursts, everyMs, stories, spreadMs } = plan;
    return (now) => {
      const { sent } = state();
      const burst = Math.floor(sent / stories);
      if (burst >= bursts) return 'over';
      const at = began + burst * everyMs + ((sent % stories) * spreadMs) / stories;
      return now >= at ? 'publish' : 'wait';
    };
  }
  if ('inFlight' in plan) {
    return (now) => {
      const { sent, completed } = state();
      if (now >= began + plan.forMs) return 'over';
      return sent - completed < plan.inFlight ? 'publish' : 'wait';
    };
  }
  return (now) => {
    const { sent, completed, last } = state();
    if (sent >= plan.singles) return 'over';
    if (sent === 0) return 'publish';
    return completed === sent && now >= last + plan.gapMs ? 'publish' : 'wait';
  };
}

await serve(async () => open());
