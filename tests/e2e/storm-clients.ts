/**
 * A process of COUNT Socket.IO clients of the gateway on PORT, that can be cut off all at once and come back together, each
 * with its own cursor. The log has to be empty at first; story `n` has the topic of TOPICS at `n % TOPICS.length`. Each
 * client knows what it is owed: every story of its topic (one in a hundred asks for all), in the order of the log, once.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { serve } from '../bench/child.ts';
import { openWebSocket } from '../bench/websocket.ts';

export type StormClientsApi = Awaited<ReturnType<typeof open>>['api'];

const EVERYTHING_EVERY = 100;
/** As many wait to be let in at a time: the queue of a listening socket is 511 long, and who finds it full waits seconds. */
const AT_THE_DOOR = 400;
const AGAIN_S = 1;
/** Clients of one source address; there are about 28,000 ports, and one that was refused takes another. */
const PER_ADDRESS = 5_000;

interface Client {
  filter: string | undefined;
  /** The sequence of the newest story that it has. */
  last: number;
  cursor: string | undefined;
  live: boolean;
  cut(): void;
}

async function open() {
  const [port, count] = process.argv.slice(2).map(Number) as [number, number];
  const topics = process.argv.slice(4);
  const faults: string[] = [];
  let stories = 0;
  let refusals = 0;
  let unanswered = 0;
  let interruptions = 0;
  let atTheDoor = 0;
  const outside: (() => void)[] = [];

  const clients = Array.from({ length: count }, (_, index): Client => {
    const filter = index % EVERYTHING_EVERY === 0 ? undefined : topics[index % topics.length];
    return { filter, last: 0, cursor: undefined, live: false, cut() {} };
  });

  function owedAfter({ filter }: Client, sequence: number): number {
    if (filter === undefined) return sequence + 1;
    const behind = (topics.indexOf(filter) - sequence) % topics.length;
    return sequence + (behind > 0 ? behind : behind + topics.length);
  }

  function received(client: Client, message: string): void {
    const start = message.indexOf('"cursor":"') + 10;
    const cursor = message.slice(start, message.indexOf('"', start));
    const sequence = Number(cursor.slice(cursor.indexOf('.') + 1));
    const owed = owedAfter(client, client.last);
    if (sequence !== owed) faults.push(`Story ${sequence} came where ${owed} was owed`);
    client.last = sequence;
    client.cursor = cursor;
    stories += 1;
  }

  async function knock(): Promise<void> {
    if (atTheDoor < AT_THE_DOOR) atTheDoor += 1;
    else await new Promise<void>((resolve) => outside.push(resolve));
  }

  function leaveDoor(): void {
    const next = outside.shift();
    if (next) next();
    else atTheDoor -= 1;
  }

  /** Resolves when the replay is over, or with the seconds after which to come again. */
  async function enter(index: number, client: Client): Promise<number> {
    await knock();
    let isAtDoor = true;
    const passDoor = () => {
      if (isAtDoor) leaveDoor();
      isAtDoor = false;
    };
    return new Promise((resolve) => {
      let send: (message: string) => void = () => {};
      openWebSocket({
        port,
        path: '/socket.io/?EIO=4&transport=websocket',
        localAddress: `127.0.0.${2 + Math.floor(index / PER_ADDRESS)}`,
        text(message) {
          if (message.startsWith('42["story"')) received(client, message);
          else if (message === '2') send('3');
          else if (message.startsWith('0')) {
            passDoor();
            send('40');
          } else if (message.startsWith('40'))
            send(`420${JSON.stringify(['subscribe', { filter: client.filter, after: client.cursor }])}`);
          else if (message.startsWith('430')) {
            if (!message.includes('"ok":true') || !message.includes('"gap":false')) faults.push(message);
          } else if (message.startsWith('42["ready"')) {
            const [, ready] = JSON.parse(message.slice(2)) as [string, { cursor: string; gap: boolean }];
            if (ready.gap) faults.push(message);
            Object.assign(client, { cursor: ready.cursor, live: true });
            resolve(0);
          }
        },
        refused(head) {
          refusals += 1;
          const seconds = Number(/\r\nRetry-After: (\d+)\r\n/.exec(head)?.[1]);
          if (!head.includes(' 503 ') || !(seconds > 0)) faults.push(`A client was refused: ${head}`);
          resolve(seconds || AGAIN_S);
        },
        ended() {
          passDoor();
          resolve(AGAIN_S);
          if (!client.live) return;
          client.live = false;
          interruptions += 1;
          void come(index, client);
        },
      }).then(
        (socket) => {
          send = socket.send;
          client.cut = socket.cut;
        },
        () => {
          passDoor();
          unanswered += 1;
          resolve(AGAIN_S);
        },
      );
    });
  }

  async function come(index: number, client: Client): Promise<void> {
    for (let away = await enter(index, client); away > 0; away = await enter(index, client))
      await wait(away * 1_000);
  }

  async function enterAll(): Promise<number> {
    const began = performance.now();
    await Promise.all(clients.map((client, index) => come(index, client)));
    return performance.now() - began;
  }

  return {
    api: {
      /** Answers how many milliseconds it took until all of them had what they had missed. */
      enterAll,
      cutAll() {
        for (const client of clients) {
          client.live = false;
          client.cut();
        }
      },
      /** Resolves when every client has what it is owed up to here. */
      async haveAll(upTo: number) {
        const lacking = () => clients.filter((client) => owedAfter(client, client.last) <= upTo).length;
        while (faults.length === 0 && lacking() > 0) await wait(100);
      },
      told: () => ({
        faults: faults.slice(0, 10),
        stories,
        /** Told to come later; not even answered; and ended by itself, after which a client resumes. */
        refusals,
        unanswered,
        interruptions,
      }),
    },
    async close() {
      for (const { cut } of clients) cut();
    },
  };
}

await serve(open);
