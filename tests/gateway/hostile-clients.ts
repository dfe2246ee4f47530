import { setTimeout as wait } from 'node:timers/promises';
import { chanceOf } from '../../src/demo/chance.ts';
import { until } from '../support/events.ts';
import { listen } from '../support/listener.ts';
import { frame, openRaw } from '../support/raw-websocket.ts';
import { startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';
import { wrongFrame, wrongRequest } from './frame-mutants.ts';

const AT_ONCE = 16;
const PER_CONNECTION = 60;
const PATIENCE_MS = 50;
/** A story for the client that behaves, after so many broken frames. */
const STORY_EVERY = 200;

export interface Outcome {
  frames: number;
  connections: number;
  /** Connections that the server ended before their client did. */
  ended: number;
  stories: number;
  /** Whether the client that behaves got each story, once and in order. */
  inOrder: boolean;
  slowestMs: number;
  /** What is left when everyone has gone. */
  sessions: number;
  sockets: number;
  /** Bytes of the heap that the second half of the frames has left behind. */
  grown: number;
}

/** Sends so many broken frames to a service, of which another client is a reader all the while. */
export async function attack(count: number, seed: number, say: (line: string) => void): Promise<Outcome> {
  const service = await startService({ handshakes: { perSecond: 100_000, burst: 100_000 } });
  const reader = await listen(service.url);
  await reader.subscribe({});
  await reader.ready();
  const connections = async () => {
    const text = await service.metrics.text();
    return [...text.matchAll(/^newswire_connections\{.*\} (\d+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
  };
  let sent = 0;
  let opened = 0;
  let ended = 0;
  let stories = 0;
  let slowestMs = 0;
  let halfway = 0;

  async function one(chance: ReturnType<typeof chanceOf>): Promise<void> {
    opened += 1;
    const raw = await openRaw(service.url);
    if (chance.happens(0.95)) {
      const welcome = raw.text('40');
      await raw.write(frame('40'));
      await welcome;
    }
    const connection = Math.min(PER_CONNECTION, count - sent);
    sent += connection;
    await raw.write(Buffer.concat(Array.from({ length: connection - 1 }, () => wrongRequest(chance))));
    await raw.read();
    await raw.write(wrongFrame(chance));
    // Half a frame has the server wait for its other half.
    await Promise.race([raw.read(), wait(PATIENCE_MS)]);
    if (raw.hasEnded) ended += 1;
    raw.socket.destroy();
    await raw.ended;
  }

  async function attacker(number: number): Promise<void> {
    const chance = chanceOf(seed * 1_000 + number);
    while (sent < count) {
      await one(chance);
      if (stories * STORY_EVERY >= sent) continue;
      stories += 1;
      const at = performance.now();
      const mine = stories;
      await service.store.append(draft(String(mine)));
      await reader.received(mine);
      slowestMs = Math.max(slowestMs, performance.now() - at);
      if (mine % 500 === 0) say(`${sent} frames, ${opened} connections, ${mine} stories`);
      if (halfway === 0 && sent > count / 2) halfway = heap();
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => attacker(number)));
  const grown = heap() - halfway;
  const numbers = reader.ids();
  reader.close();
  await until(() => service.gateway.clients().length === 0, 'the sessions to be gone').catch(() => {});
  await until(async () => (await connections()) === 0, 'the connections to be gone').catch(() => {});
  const outcome = {
    frames: sent,
    connections: opened,
    ended,
    stories,
    inOrder: numbers.every((id, index) => id === String(index + 1)) && numbers.length === stories,
    slowestMs,
    sessions: service.gateway.clients().length,
    sockets: await connections(),
    grown,
  };
  await service.close();
  return outcome;
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
