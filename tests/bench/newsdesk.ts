import { Agent, request } from 'node:http';
import { openRedis } from '../../src/store/redis.ts';
import { sampleDraft, sampleStory } from './sample.ts';

/** Where stories are handed in. */
export interface Newsdesk {
  /** Connections that were kept from an earlier run, and may be about to be closed, are not used again. */
  begin(): void;
  publish(number: number, topics: string[]): Promise<void>;
  close(): Promise<void>;
}

const RETENTION = { stories: 200_000, hours: 72 };

/** By `POST /v1/stories`, over connections that are kept. */
export function postingTo(port: number, token: string): Newsdesk {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, noDelay: true });

  function post(body: string, retries: number): Promise<void> {
    return new Promise((resolve, reject) => {
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
        .on('error', (error: NodeJS.ErrnoException) => {
          // The server can close a connection that has been kept for long just as it is used again.
          if (retries > 0 && error.code === 'ECONNRESET') post(body, retries - 1).then(resolve, reject);
          else reject(new Error(`POST /v1/stories failed: ${error.message}`));
        })
        .end(body);
    });
  }

  return {
    begin: () => agent.destroy(),
    publish: (number, topics) => post(JSON.stringify({ ...sampleStory(number), topics }), 3),
    async close() {
      agent.destroy();
    },
  };
}

/** Into the log in Redis, as an ingestor does. */
export function appendingTo(url: string, prefix: string): Newsdesk {
  const store = openRedis({ url, prefix, retention: RETENTION });
  return {
    begin: () => {},
    async publish(number, topics) {
      const draft = sampleDraft(number);
      if (draft.kind === 'content') draft.content.topics = topics;
      const { outcome } = await store.append(draft);
      if (outcome !== 'new') throw new Error(`Story ${number} was taken to be ${outcome}`);
    },
    close: store.close,
  };
}
