import { setTimeout as wait } from 'node:timers/promises';
import { openWebSocket } from './websocket.ts';

export interface ClientOptions {
  port: number;
  topic: string;
  /** The cursor to resume after. */
  after?: string;
  /** Each event, as its packet: `2["story",{…}]`. */
  event(packet: string): void;
  /** The connection ended before `close`. */
  lost(): void;
}

/** A server lets newcomers in at a bounded rate; so often one that was refused comes again, each second. */
const TRIES = 120;

/** A Socket.IO client that subscribes to one topic. Resolves when the server has acknowledged the subscription. */
export async function connectClient(options: ClientOptions): Promise<() => void> {
  for (let left = TRIES; left > 0; left -= 1) {
    const disconnect = await tryToConnect(options);
    if (disconnect) return disconnect;
    await wait(1_000);
  }
  throw new Error('A client was not let in');
}

async function tryToConnect(options: ClientOptions): Promise<(() => void) | undefined> {
  const { port, topic, after, event, lost } = options;
  let closing = false;
  let isIn = false;
  let subscribed: (answer: string) => void;
  const answered = new Promise<string>((resolve) => {
    subscribed = resolve;
  });
  const socket = await openWebSocket({
    port,
    path: '/socket.io/?EIO=4&transport=websocket',
    text(message) {
      if (message.startsWith('42')) event(message.slice(1));
      else if (message === '2') socket.send('3');
      else if (message.startsWith('0')) socket.send('40');
      else if (message.startsWith('40'))
        socket.send(`420${JSON.stringify(['subscribe', { filter: topic, after }])}`);
      else if (message.startsWith('430')) subscribed(message);
      else if (message.startsWith('44')) subscribed(message);
    },
    ended() {
      subscribed('');
      if (isIn && !closing) lost();
    },
  });
  const answer = await answered;
  if (answer === '') return undefined;
  isIn = true;
  if (!answer.startsWith('430[{"ok":true')) throw new Error(`A client could not subscribe: ${answer}`);
  return () => {
    closing = true;
    socket.close();
  };
}
