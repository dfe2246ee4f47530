import { Agent, request } from 'node:http';
import { openRedis } from '../../src/store/redis.ts';
import { sampleDraft, sampleStory } from './sample.ts';

/** Where stories are handed in. */
export interface Newsdesk {
  publish(number: number, topics: string[]): Promise<void>;
  close(): Promise<void>;
}

const RETENTION = { stories: 200_000, hours: 72 };

/** By `POST /v1/stories`, over connections that are kept. */
export function postingTo(port: number, token: string): Newsdesk {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, noDelay: true });
  return {
    publish: (number, topics) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify({ ...sampleStory(number), topics });
        const headers = {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        };
        request(
          { agent, port, host: '127.0.0.1', path: '/v1/stories', method: 'POST', headers },
          (response) => {
            response.resume();
            response.on('end', () => {
              if (response.statusCode === 201) resolve();
              else reject(new Error(`POST /v1/stories answered ${response.statusCode}`));
            });
          },
        )
          .on('error', reject)
          .end(body);
      }),
    async close() {
      agent.destroy();
    },
  };
}

/** Into the log in Redis, as an ingestor does. */
export function appendingTo(url: string, prefix: string): Newsdesk {
  const store = openRedis({ url, prefix, retention: RETENTION });
  return {
    async publish(number, topics) {
      const draft = sampleDraft(number);
      if (draft.kind === 'content') draft.content.topics = topics;
      const { outcome } = await store.append(draft);
      if (outcome !== 'new') throw new Error(`Story ${number} was taken to be ${outcome}`);
    },
    close: store.close,
  };
}
