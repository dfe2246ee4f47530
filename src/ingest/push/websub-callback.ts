import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../poll/body.ts';
import type { WebSub, WebSubDeps } from './websub.ts';
import { createDeliveries } from './websub-deliveries.ts';
import { isSame, isSigned } from './websub-signature.ts';
import { isConfirmed, isPending, leaseOf, type Memory, type State } from './websub-state.ts';

export const PREFIX = '/websub/';

const PATH = /^\/websub\/([a-z0-9-]{1,64})\.([A-Za-z0-9_-]{43})$/;
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_CHALLENGE = 4096;
const RECEIVE_MS = 20_000;
/** Bodies that are received at a time; further ones are told to come again. */
const MAX_RECEIVING = 16;
/** A hub without content to show for it cannot make us poll more often. */
const PING_MS = 60_000;

type CallbackDeps = Omit<WebSubDeps, 'hub' | 'store' | 'publicUrl'> & { memory: Memory };
type Known = State & Required<Pick<State, 'subscription'>>;

/** What hubs call: to confirm or deny a subscription, and to push. */
export function createCallback(deps: CallbackDeps): Pick<WebSub, 'handle' | 'close'> {
  const { memory, deliver, pollSoon, counted, now, random, log } = deps;
  const deliveries = createDeliveries((source, err) => {
    counted(source, 'push_failed');
    log.warn({ source, err }, 'what the hub pushed was not read; polling instead');
    pollSoon(source);
  });
  /** Of each source, the token of the subscription whose bad signature was logged. */
  const reported = new Map<string, string>();
  const pinged = new Map<string, number>();
  let receiving = 0;
  let closed = false;

  async function known(path: string): Promise<[sourceId: string, state: Known] | undefined> {
    const [, id, token] = PATH.exec(path) ?? [];
    if (id === undefined || token === undefined) return undefined;
    const state = await memory.load(id);
    const { subscription } = state;
    return subscription && isSame(subscription.token, token) ? [id, { ...state, subscription }] : undefined;
  }

  /** A hub asks whether we meant it (WebSub, section 5.3), or says that it will not push to us (5.2). */
  async function confirm(url: URL, response: ServerResponse): Promise<void> {
    const given = (name: string) => url.searchParams.get(`hub.${name}`) ?? undefined;
    const found = await known(url.pathname);
    const [id = '', state] = found ?? [];
    const { topic, token } = state?.subscription ?? {};
    if (!state || token === undefined || given('topic') !== topic) return answer(response, 404);

    if (given('mode') === 'denied') {
      await memory.keepAnswer(id, { token, deniedAt: now() });
      const reason = given('reason')?.slice(0, 200);
      log.warn({ source: id, reason }, 'the hub refuses to push');
      return answer(response, 200);
    }
    const challenge = given('challenge');
    // Also to `unsubscribe`, which we never ask for: a lease that is not wanted any more runs out.
    if (given('mode') !== 'subscribe' || !challenge || challenge.length > MAX_CHALLENGE)
      return answer(response, 404);
    if (!isPending(state.subscription, now())) return answer(response, 404);
    const seconds = given('lease_seconds');
    const lease = /^[1-9]\d{0,9}$/.test(seconds ?? '') ? Number(seconds) : undefined;
    await memory.keepAnswer(id, leaseOf(token, lease, now(), random));
    log.info({ source: id, leaseSeconds: lease }, 'the hub will push');
    response
      .writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
      .end(challenge);
  }

  async function receive(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const found = await known(url.pathname);
    if (!found) return answer(response, 410);
    const [id, state] = found;
    if (!isConfirmed(state)) return answer(response, state.answer ? 410 : 404);
    if (closed || receiving >= MAX_RECEIVING) return answer(response, 503);

    receiving += 1;
    const late = setTimeout(() => request.destroy(), RECEIVE_MS);
    let body: Buffer | undefined;
    try {
      body = await readAtMost(request, MAX_BYTES);
    } catch {
      // The hub went away, or was too slow; nobody is left to be answered.
      response.destroy();
      return;
    } finally {
      clearTimeout(late);
      receiving -= 1;
    }
    if (!body) {
      counted(id, 'push_too_large');
      return answer(response, 413);
    }
    // Whatever it was: who can be told from the answer whether a signature was right could try until it is.
    answer(response, 202);
    take(id, state, body, request.headers);
  }

  function take(id: string, state: Known, body: Buffer, headers: IncomingMessage['headers']): void {
    const { token, secret, topic } = state.subscription;
    const signature = one(headers['x-hub-signature']);
    const isPing = body.byteLength === 0;
    // A ping is a hint and has nothing in it, so it needs no signature; but a wrong one is wrong.
    if (!(isPing && signature === undefined) && !isSigned(body, secret, signature)) {
      counted(id, 'push_unsigned');
      if (reported.get(id) !== token)
        log.warn({ source: id }, 'what was pushed is not signed as it should be; not read, said only once');
      reported.set(id, token);
      return;
    }
    if (isPing) {
      ping(id);
      return;
    }
    const taken = deliveries.add(id, body, async () => {
      const encoding = headers['content-encoding'] ?? '';
      const bytes = await readBody(only(body), encoding, MAX_BYTES, 'the hub');
      await deliver(id, { bytes, contentType: headers['content-type'], url: topic });
      await memory.keepHeard(id, { token, at: now() });
      counted(id, 'push_read');
    });
    if (taken) return;
    counted(id, 'push_dropped');
    pollSoon(id);
  }

  function ping(id: string): void {
    counted(id, 'push_ping');
    if (now() - (pinged.get(id) ?? Number.NEGATIVE_INFINITY) < PING_MS) return;
    pinged.set(id, now());
    pollSoon(id);
  }

  return {
    async handle(request, response) {
      if (!request.url?.startsWith(PREFIX)) return false;
      // A hub that goes away while it is answered is its own affair.
      response.on('error', () => {});
      const url = new URL(request.url, 'http://callback');
      try {
        if (request.method === 'GET') await confirm(url, response);
        else if (request.method === 'POST') await receive(request, url, response);
        else answer(response, 405);
      } catch (err) {
        log.warn({ err }, 'a hub could not be answered');
        answer(response, 503);
      }
      return true;
    },
    async close() {
      closed = true;
      await deliveries.close();
    },
  };
}

/** @returns `undefined` when there is more; the rest is not read. */
async function readAtMost(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length']) > most) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection is still needed for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function answer(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  // Whoever is refused may still be sending what nobody will read.
  const headers = status >= 400 ? { connection: 'close' } : {};
  response.writeHead(status, status === 503 ? { ...headers, 'retry-after': '60' } : headers).end();
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
