import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { until } from './events.ts';

/** How the hub treats those who subscribe. */
export interface Manner {
  /**
   * `verify`: accepts, and calls back. `at-once`: calls back before it answers. `silent`: accepts, and that is all.
   * `deny`: accepts, and then calls to say no. A number: refuses with that status. `hang`: never answers.
   */
  subscribing: 'verify' | 'at-once' | 'silent' | 'deny' | 'hang' | number;
  /** What it grants, in seconds; by default what is asked for. `none`: it does not say. */
  lease?: number | 'none';
  /** Where a request is sent on to, with which status. */
  redirect?: { status: number; location: string };
}

export interface Subscribed {
  topic: string;
  callback: string;
  secret: string;
  /** What was granted, in seconds. */
  lease: number;
}

export interface Push {
  body?: string | Uint8Array;
  contentType?: string;
  method?: 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'md5';
  /** The whole header; `null` sends none. */
  signature?: string | null;
  headers?: Record<string, string>;
  /** Instead of the subscriber's. */
  secret?: string;
}

export interface Hub {
  url: string;
  manner: Manner;
  /** Every form that was sent to it, the oldest first. */
  readonly requests: readonly Readonly<Record<string, string>>[];
  /** Who echoed the challenge, the oldest first. */
  readonly subscribers: readonly Subscribed[];
  /** Each call to verify or deny, and how it was answered. */
  readonly calls: readonly { status: number; type: string | null; text: string; challenge: string }[];
  /** Waits until there were so many requests. */
  asked(count: number): Promise<Readonly<Record<string, string>>>;
  /** Waits until so many calls back were answered. */
  called(count: number): Promise<Hub['calls'][number]>;
  /** Waits until so many were verified. */
  subscribed(count?: number): Promise<Subscribed>;
  /** Calls a callback with these parameters, whatever was agreed. */
  call(callback: string, parameters: Record<string, string>): Promise<Hub['calls'][number]>;
  /** Pushes to a subscriber, signed as it asked unless told otherwise; answers the status. */
  push(to: Subscribed, push: Push): Promise<number>;
  close(): Promise<void>;
}

/** A WebSub hub on port 0 of loopback, that keeps to the Recommendation unless it is told to misbehave. */
export async function openHub(manner: Manner = { subscribing: 'verify' }): Promise<Hub> {
  const requests: Record<string, string>[] = [];
  const subscribers: Subscribed[] = [];
  const calls: Hub['calls'][number][] = [];
  const pending = new Set<Promise<unknown>>();
  let challenges = 0;

  const server = createServer((request, response) => {
    const answering = respond(request, response).catch(() => response.destroy());
    pending.add(answering);
    void answering.then(() => pending.delete(answering));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The hub has no port.');

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { redirect, subscribing } = hub.manner;
    if (redirect && request.url === '/') {
      request.resume();
      response.writeHead(redirect.status, { location: redirect.location }).end();
      return;
    }
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const form = Object.fromEntries(new URLSearchParams(text));
    if (subscribing === 'at-once') await verify(form);
    requests.push(form);
    if (subscribing === 'hang') return;
    if (typeof subscribing === 'number') {
      response.writeHead(subscribing).end('hub.reason=no');
      return;
    }
    response.writeHead(202).end();
    if (subscribing === 'verify') await verify(form);
    if (subscribing === 'deny') {
      const { 'hub.topic': topic = '', 'hub.callback': callback = '' } = form;
      await call(callback, { mode: 'denied', topic, reason: 'not for you' });
    }
  }

  async function verify(form: Record<string, string>): Promise<void> {
    const { 'hub.topic': topic = '', 'hub.callback': callback = '', 'hub.secret': secret = '' } = form;
    const { lease: granted = Number(form['hub.lease_seconds']) } = hub.manner;
    const challenge = `challenge-${challenges++} <b>&`;
    const seconds: Record<string, string> = granted === 'none' ? {} : { lease_seconds: String(granted) };
    const { status, text } = await call(callback, { mode: 'subscribe', topic, challenge, ...seconds });
    if (status === 200 && text === challenge)
      subscribers.push({ topic, callback, secret, lease: granted === 'none' ? 0 : granted });
  }

  async function call(callback: string, parameters: Record<string, string>): Promise<Hub['calls'][number]> {
    const url = new URL(callback);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(`hub.${name}`, value);
    const response = await fetch(url);
    const type = response.headers.get('content-type');
    const { challenge = '' } = parameters;
    const answered = { status: response.status, type, text: await response.text(), challenge };
    calls.push(answered);
    return answered;
  }

  const nth = <T>(list: readonly T[], count: number, what: string) =>
    until(() => list[count - 1], `${what} number ${count} (there are ${list.length})`);

  const hub: Hub = {
    url: `http://127.0.0.1:${address.port}/`,
    manner,
    requests,
    subscribers,
    calls,
    asked: (count) => nth(requests, count, 'request'),
    called: (count) => nth(calls, count, 'call'),
    subscribed: (count = 1) => nth(subscribers, count, 'subscriber'),
    call,
    async push({ callback, topic, secret }, { body = '', contentType, method = 'sha256', ...more }) {
      const bytes = Buffer.from(body);
      const hex = createHmac(method, more.secret ?? secret)
        .update(bytes)
        .digest('hex');
      const signature = more.signature === undefined ? `${method}=${hex}` : more.signature;
      const response = await fetch(callback, {
        method: 'POST',
        body: bytes,
        headers: {
          link: `<${hub.url}>; rel="hub", <${topic}>; rel="self"`,
          ...(contentType === undefined ? {} : { 'content-type': contentType }),
          ...(signature === null ? {} : { 'x-hub-signature': signature }),
          ...more.headers,
        },
      });
      await response.arrayBuffer();
      return response.status;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await Promise.all(pending);
    },
  };
  return hub;
}
