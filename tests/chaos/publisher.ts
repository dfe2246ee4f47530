import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { LONG_TOPIC, type Revision, type Told } from './newsroom.ts';
import type { Random } from './random.ts';
import { PUBLISH_TOKEN } from './world.ts';

const ANSWER_MS = 6_000;
const RETRY_MS = 300;
export const DESK = 'desk';

export interface Publisher {
  /** Resolves when it is acknowledged; `certain` when the first request was. Rejects when `giveUp` says so. */
  publish(story: Told, revision: Revision, giveUp: AbortSignal): Promise<{ certain: boolean }>;
  withdraw(story: Told, giveUp: AbortSignal): Promise<{ certain: boolean }>;
}

/**
 * A newsroom that publishes through the API, again until it is told that the story is stored. A request without an
 * answer may still be carried out at any later time; so says `certain`.
 */
export function createPublisher(random: Random, port: number): Publisher {
  async function insist(method: string, path: string, body: unknown, giveUp: AbortSignal) {
    for (let certain = true; ; certain = false) {
      giveUp.throwIfAborted();
      const status = await ask(port, method, path, body === undefined ? '' : JSON.stringify(body));
      if (status === 200 || status === 201) return { certain };
      // Redis has lost it before it could be withdrawn.
      if (status === 404 && method === 'DELETE') return { certain: false };
      if (status >= 400 && status < 500) throw new Error(`${method} ${path} was answered with ${status}`);
      await wait(RETRY_MS);
    }
  }

  return {
    publish({ number }, { headline, description, body, section }, giveUp) {
      const story = {
        id: `story-${number}`,
        source: { id: DESK, name: 'Desk' },
        headline,
        description,
        body,
        language: random.pick(['en', 'uk', 'de']),
        urgency: body === undefined ? random.whole(1, 9) : 9,
        flags: body === undefined && random.chance(0.3) ? ['breaking'] : [],
        sections: [section],
        topics: body === undefined ? [] : [LONG_TOPIC],
      };
      return insist('POST', '/v1/stories', story, giveUp);
    },
    withdraw: ({ number }, giveUp) =>
      insist('DELETE', `/v1/stories/${encodeURIComponent(`${DESK}:story-${number}`)}`, undefined, giveUp),
  };
}

/** The status of the answer; 0 when there was none. */
function ask(port: number, method: string, path: string, body: string): Promise<number> {
  return new Promise((resolve) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        timeout: ANSWER_MS,
        headers: {
          authorization: `Bearer ${PUBLISH_TOKEN}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('close', () => resolve(0));
      },
    );
    asking.once('timeout', () => asking.destroy());
    asking.once('error', () => resolve(0));
    asking.once('close', () => resolve(0));
    asking.end(body);
  });
}
