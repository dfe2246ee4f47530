import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { formatCursor, type Position, parseCursor } from '../core/cursor.ts';
import { WireError } from '../core/errors.ts';
import { entrySchema } from '../core/schema.ts';
import type { Entry } from '../core/story.ts';
import type { Why } from '../core/topic.ts';
import { checked } from './checked.ts';
import { fingerprint } from './fingerprint.ts';
import { createFollow, type Follow } from './follow.ts';
import { heldText } from './held.ts';
import { announcedNote, noted } from './notes.ts';
import { redisClaims } from './redis-claims.ts';
import { type Client, connectRedis, connectSubscriber } from './redis-connect.ts';
import { redisHeld } from './redis-held.ts';
import { NOTE, redisNotes } from './redis-notes.ts';
import { script } from './redis-script.ts';
import {
  KNOWN_EPOCHS,
  KNOWN_VERSIONS,
  oldestKept,
  oldestRemembered,
  type Retention,
  TOUCH_MS,
} from './retention.ts';
import type { Draft, Follower, Head, Offered, Range, Read, SourceRecord, Store } from './store.ts';
import { withdrawalOf } from './withdrawal.ts';

export interface RedisOptions {
  /** Checked by `connectRedis`. */
  url: string;
  /** Every key and the channel begin with it; letters, digits, `:`, `_`, `-`. */
  prefix: string;
  retention: Retention;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** A connection failed (it is tried again), or something in the store could not be understood (it is skipped). */
  onError?: (error: Error) => void;
  /** How often a silent log is asked for its head, in milliseconds. */
  checkMs?: number;
}

/** A refused subscription is asked for again; until then the log is read on the clock. */
const SUBSCRIBE_RETRY_MS = 2_000;
/** How many one call of `retain.lua` removes: a few milliseconds of Redis' one thread. */
const SWEEP = 2_000;

const text = z.string().nullable();

function newEpoch(): string {
  return randomBytes(5).toString('hex');
}

/**
 * The store of many processes. All keys share one hash tag, so that Redis Cluster keeps them on one node and the
 * scripts are allowed to touch them together. Survives what the Redis behind it survives.
 */
export function openRedis({
  url,
  prefix,
  retention,
  now = Date.now,
  onError = () => {},
  checkMs,
}: RedisOptions): Store {
  const key = (name: string) => `${prefix}:{${prefix}}:${name}`;
  const keys = {
    meta: key('meta'),
    log: key('log'),
    items: key('items'),
    touched: key('touched'),
    sources: key('sources'),
    views: key('views'),
    held: key('held'),
    drafts: key('drafts'),
    members: key('members'),
    claims: key('claims'),
    notes: key('notes'),
    why: key('why'),
    settings: key('settings'),
  };
  const channel = key('entries');
  const client = connectRedis(url, onError);
  const begin = script(client, 'begin.lua');
  const append = script(client, 'append.lua');
  const retain = script(client, 'retain.lua');
  const held = redisHeld(client, keys);
  const claims = redisClaims(client, keys);
  const notes = redisNotes(client, keys, channel);
  const closers = new Set<() => Promise<void>>();

  async function tried<T>(what: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof WireError) throw error;
      throw new WireError('unavailable', `Redis could not ${what}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  function readable(json: string | null | undefined, what: string): Entry | undefined {
    const entry = parseEntry(json);
    if (!entry) onError(new Error(`${what} is not an entry of ours; it is skipped`));
    return entry;
  }

  async function readHead(): Promise<Head> {
    // The log gets its epoch from whoever looks first, so that a cursor can be given out before the first story.
    const answer = await begin([keys.meta, keys.log], [newEpoch(), String(KNOWN_EPOCHS)]);
    const [epoch, first, last, lineage] = z.tuple([z.string(), text, text, text]).parse(answer);
    return {
      epoch,
      first: Number(first ?? 1),
      last: Number(last ?? 0),
      lineage: (lineage ?? '').split(' ').filter(Boolean).map(parseCursor),
    };
  }

  async function entriesAt(sequences: readonly string[]): Promise<Entry[]> {
    const found = await Promise.all(
      sequences.map((each) => client.xrange(keys.log, `${each}-0`, `${each}-0`)),
    );
    return found.flat().flatMap(([id, fields]) => readable(fields[3], `Entry ${id} of ${keys.log}`) ?? []);
  }

  async function entriesAfter(sequence: number, limit: number): Promise<Entry[]> {
    for (let from = sequence + 1; ; ) {
      const rows = await client.xrange(keys.log, `${from}-0`, '+', 'COUNT', limit);
      const entries = rows.flatMap(([id, fields]) => readable(fields[3], `Entry ${id} of ${keys.log}`) ?? []);
      const last = rows.at(-1);
      if (entries.length > 0 || !last) return entries;
      from = Number.parseInt(last[0], 10) + 1;
    }
  }

  async function asRead(entries: readonly Entry[]): Promise<Read[]> {
    if (entries.length === 0) return [];
    const ids = entries.map((entry) => entry.story.id);
    const [packed, found] = await Promise.all([client.hmget(keys.items, ...ids), notes.notesOf(ids)]);
    return entries.map((entry, index) => ({
      ...entry,
      story: noted(entry.story, found[index]),
      current: unpack(packed[index] ?? '')?.sequences.at(-1) === String(entry.sequence),
    }));
  }

  async function itemOf(id: string): Promise<{ version: number; sequences: string[] } | undefined> {
    const packed = await client.hget(keys.items, id);
    return packed === null ? undefined : unpack(packed);
  }

  interface Version {
    id: string;
    status: 'usable' | 'canceled';
    print: string;
    json: string;
    correction?: boolean;
    /** For a withdrawal: the version it was made for, and its reach. */
    made?: { version: number; reach: string };
    /** Behind which the story must have no entry. */
    after?: Position;
    /** For a held story: the draft as it was held. */
    release?: string;
    why?: readonly Why[];
  }

  async function run(version: Version): Promise<string[]> {
    const { id, status, print, json, correction, made, release, why, after } = version;
    const at = now();
    const answer = await append(
      [keys.meta, keys.log, keys.items, keys.touched, keys.held, keys.drafts, keys.notes, keys.why],
      [
        channel,
        String(at),
        new Date(at).toISOString(),
        String(retention.stories),
        String(TOUCH_MS),
        String(KNOWN_VERSIONS),
        id,
        status,
        print,
        correction ? 'correction' : '',
        json,
        made ? String(made.version) : '',
        made?.reach ?? '',
        release ?? '',
        why ? JSON.stringify(why) : '',
        after ? formatCursor(after) : '',
      ],
    );
    const words = Array.isArray(answer) ? answer.map(String) : [];
    if (words[0] !== 'begin') return words;
    await readHead();
    return run(version);
  }

  function appended([outcome, , json]: string[]): Offered {
    if (outcome === 'known' || outcome === 'overtaken') return { outcome };
    const entry = parseEntry(json);
    if (!entry || (outcome !== 'new' && outcome !== 'updated' && outcome !== 'canceled')) {
      throw new WireError('unavailable', `Redis answered an append with ${JSON.stringify(outcome)}`);
    }
    return { outcome, entry };
  }

  /** Made from the versions in the log, and made again when another ingestor added one meanwhile. */
  async function withdraw(id: string, after?: Position): Promise<Offered> {
    for (;;) {
      const item = await itemOf(id);
      if (!item) return { outcome: 'known' };
      const [earlier, [note]] = await Promise.all([entriesAt(item.sequences), notes.notesOf([id])]);
      const { story, reach } = withdrawalOf(id, earlier, earlier.length === item.version, note);
      const { status: _status, change: _change, ...rest } = story;
      const made = { version: item.version, reach: JSON.stringify(reach) };
      const text = JSON.stringify(rest);
      const answer = await run({ id, status: 'canceled', print: '', json: text, made, after });
      if (answer[0] !== 'stale') return appended(answer);
    }
  }

  async function add(draft: Draft, more: Pick<Version, 'release' | 'after'>): Promise<Offered> {
    if (draft.kind === 'withdrawal') return withdraw(draft.id, more.after);
    const { content, correction, why } = draft;
    checked(content);
    const { id } = content;
    const [print, json] = [fingerprint(content), JSON.stringify(content)];
    return appended(await run({ id, status: 'usable', print, json, correction, why, ...more }));
  }

  return {
    append: (draft: Draft, release?: 'release') =>
      tried('append a story', async () => {
        const held = release && draft.kind === 'content' ? { release: heldText(draft) } : {};
        const added = await add(draft, held);
        if (added.outcome === 'overtaken') throw new Error('it refused what it was not asked to refuse');
        return added;
      }),

    offer: (draft: Draft, after: Position) => tried('append a story', () => add(draft, { after })),

    hold: (draft, at) =>
      tried('hold a story', () => {
        checked(draft.content);
        return held.hold(draft, at);
      }),
    held: (id) => tried('read a held story', () => held.held(id)),
    unhold: (id) => tried('hold a story no longer', () => held.unhold(id)),
    due: (...range) => tried('read held stories', () => held.due(...range)),

    join: (...member) => tried('join the ingestors', () => claims.join(...member)),
    leave: (member) => tried('leave the ingestors', () => claims.leave(member)),
    claim: (...sources) => tried('claim sources', () => claims.claim(...sources)),
    unclaim: (...sources) => tried('give sources back', () => claims.unclaim(...sources)),

    head: () => tried('read the head of the log', readHead),

    read: (range: Range) =>
      tried('read the log', async (): Promise<Read[]> => {
        const rows = range.newestFirst
          ? await client.xrevrange(keys.log, `${Math.max(range.before - 1, 0)}-0`, '-', 'COUNT', range.limit)
          : await client.xrange(keys.log, `${range.after + 1}-0`, '+', 'COUNT', range.limit);
        const entries = rows.flatMap(
          ([id, fields]) => readable(fields[3], `Entry ${id} of ${keys.log}`) ?? [],
        );
        return asRead(entries);
      }),

    readAt: (sequences) => tried('read the log', async () => asRead(await entriesAt(sequences.map(String)))),

    story: (id: string) =>
      tried('read a story', async () => {
        const last = (await itemOf(id))?.sequences.at(-1);
        if (last === undefined) return undefined;
        const [[entry], [note]] = await Promise.all([entriesAt([last]), notes.notesOf([id])]);
        return entry && noted(entry.story, note);
      }),

    note: (...findings) => tried('note what was found out', () => notes.note(...findings)),
    why: (id) => tried('read why', () => notes.why(id)),

    async follow(after: Position, follower: Follower) {
      const follow = createFollow({ head: readHead, entriesAfter }, after, follower, checkMs);
      const unsubscribe = listen(client, channel, follow, onError);
      const close = async () => {
        closers.delete(close);
        await Promise.all([follow.close(), unsubscribe()]);
      };
      closers.add(close);
      void follow.catchUp();
      return { catchUp: follow.catchUp, close };
    },

    source: (id: string) =>
      tried('read a source', async () => parseRecord(await client.hget(keys.sources, id))),

    sources: () =>
      tried('read the sources', async () => {
        const all = await client.hgetall(keys.sources);
        return new Map(
          Object.entries(all).flatMap(([id, json]) => {
            const record = parseRecord(json);
            return record ? [[id, record] as const] : [];
          }),
        );
      }),

    saveSource: (id: string, record: SourceRecord) =>
      tried('save a source', async () => {
        await client.hset(keys.sources, id, JSON.stringify(record));
      }),

    setting: (name: string) =>
      tried('read a setting', async () => (await client.hget(keys.settings, name)) ?? undefined),

    saveSetting: (name: string, text: string) =>
      tried('save a setting', async () => {
        await client.hset(keys.settings, name, text);
      }),

    addViews: (counts: ReadonlyMap<string, number>) =>
      tried('count views', async () => {
        const ids = [...counts.keys()];
        const known = ids.length === 0 ? [] : await client.hmget(keys.items, ...ids);
        const counted = ids.filter((_, index) => known[index] != null);
        await Promise.all(counted.map((id) => client.hincrby(keys.views, id, counts.get(id) ?? 0)));
      }),

    views: (ids: readonly string[]) =>
      tried('read views', async () => {
        const totals = ids.length === 0 ? [] : await client.hmget(keys.views, ...ids);
        return new Map(
          ids.flatMap((id, index) => (totals[index] ? [[id, Number(totals[index])] as const] : [])),
        );
      }),

    retain: () =>
      tried('remove old entries', async () => {
        const cut = [
          String(oldestKept(retention, now())),
          String(oldestRemembered(retention, now())),
          String(SWEEP),
        ];
        for (;;) {
          const removed = await retain(
            [keys.meta, keys.log, keys.items, keys.touched, keys.views, keys.notes, keys.why],
            cut,
          );
          if (!Array.isArray(removed) || !removed.some((count) => Number(count) >= SWEEP)) return;
        }
      }),

    async close() {
      await Promise.all([...closers].map((close) => close()));
      await client.quit().catch(() => {});
      // Also from the sentinels, which tell of failovers.
      client.disconnect();
    },
  } satisfies Store;
}

/** Hands what is published to `follow`; while the connection is down, says so. */
function listen(
  client: Client,
  channel: string,
  follow: Follow,
  onError: (error: Error) => void,
): () => Promise<void> {
  const subscriber = connectSubscriber(client, onError);
  let closing = false;
  subscriber.on('message', (from: string, message: string) => {
    if (message.startsWith(NOTE)) {
      const note = announcedNote(parseJson(message.slice(NOTE.length)));
      if (note) follow.noted(note.id, note.version, note.findings);
      return;
    }
    const space = message.indexOf(' ');
    const entry = from === channel ? parseEntry(message.slice(space + 1)) : undefined;
    if (entry) follow.hint(message.slice(0, space), entry);
    else onError(new Error(`A message on ${from} is not an entry of ours; it is skipped`));
  });
  subscriber.on('close', () => {
    if (!closing) follow.lost(new Error('The connection to Redis was lost'));
  });
  // ioredis subscribes again by itself after a reconnect; what was published meanwhile has to be read.
  subscriber.on('ready', () => void follow.catchUp());
  const subscribe = () => {
    subscriber.subscribe(channel).then(
      () => follow.catchUp(),
      (error: Error) => {
        onError(error);
        if (!closing) setTimeout(subscribe, SUBSCRIBE_RETRY_MS).unref();
      },
    );
  };
  subscribe();
  return async () => {
    closing = true;
    subscriber.disconnect();
  };
}

function unpack(packed: string): { version: number; sequences: string[] } | undefined {
  const match = /^(\d+)\|[a-z]+\|[^|]*\|[^|]*\|([\d,]*)$/.exec(packed);
  return match?.[1]
    ? { version: Number(match[1]), sequences: (match[2] ?? '').split(',').filter(Boolean) }
    : undefined;
}

function parseEntry(json: string | null | undefined): Entry | undefined {
  return entrySchema.safeParse(parseJson(json)).data;
}

function parseRecord(json: string | null): SourceRecord | undefined {
  const value = parseJson(json);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function parseJson(json: string | null | undefined): unknown {
  try {
    return json == null ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}
