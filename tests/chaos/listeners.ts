import { type ClientRequest, get } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { io } from 'socket.io-client';
import { connect } from '../../src/client/wire.ts';
import type { Cursor } from '../../src/core/cursor.ts';
import { parseCursor } from '../../src/core/cursor.ts';
import { parseFilter } from '../../src/core/filter.ts';
import type { Beacon, Notice, Ready, Subscribed } from '../../src/gateway/protocol.ts';
import type { Plan } from './clients.ts';
import type { Seen, Shown, View } from './view.ts';

/** A client that comes and goes; what it sees is in its views, one for each subscription. */
export interface Listener {
  readonly views: readonly View[];
  /** Connects, and goes on where it was. */
  come(): void;
  go(): void;
}

export function createListener(plan: Plan, url: string): Listener {
  if (plan.kind === 'library') return library(plan, url);
  const notes = createNotes(plan, 0);
  return plan.kind === 'sse' ? sse(notes, url) : stock(notes, url, plan.polls);
}

/** How long a client waits after a refusal or, over SSE, a lost connection. */
const RETRY_MS = 700;

interface Notes {
  readonly view: View;
  readonly asked: Plan['subscriptions'][number];
  note(seen: Seen): void;
  story(story: Shown): void;
  ready(ready: Pick<Ready, 'cursor' | 'gap' | 'replayed'>): void;
  moveTo(cursor: Cursor): void;
}

function createNotes(plan: Plan, index: number, cursorOf?: () => Cursor | undefined): Notes {
  const seen: Seen[] = [];
  const asked = plan.subscriptions[index] ?? { filter: undefined, form: 'full', last: undefined };
  let cursor: Cursor | undefined;
  const note = (each: Seen) => void seen.push(each);
  /** The newest one: within an epoch the furthest, and of another epoch whatever comes. */
  const moveTo = (next: Cursor) => {
    const [from, to] = [cursor === undefined ? undefined : parseCursor(cursor), parseCursor(next)];
    if (from?.epoch !== to.epoch || to.sequence > from.sequence) cursor = next;
  };
  return {
    asked,
    note,
    moveTo,
    story({ id, version, status, cursor: at, headline }) {
      note({ kind: 'story', at: Date.now(), story: { id, version, status, cursor: at, headline } });
      moveTo(at);
    },
    ready({ cursor: at, gap, replayed }) {
      note({ kind: 'ready', at: Date.now(), cursor: at, gap, replayed });
      moveTo(at);
    },
    view: {
      name: plan.subscriptions.length > 1 ? `${plan.name}, subscription ${index + 1}` : plan.name,
      kind: plan.kind,
      filter: asked.filter,
      form: asked.form,
      shared: plan.subscriptions.length > 1,
      seen,
      cursor: cursorOf ?? (() => cursor),
    },
  };
}

/** Ours: it keeps its cursors itself. After it was away, another process goes on with them. */
function library(plan: Plan, url: string): Listener {
  const kept: (Cursor | undefined)[] = plan.subscriptions.map(() => undefined);
  const live: (() => Cursor | undefined)[] = plan.subscriptions.map(() => () => undefined);
  const all = plan.subscriptions.map((_, index) =>
    createNotes(plan, index, () => live[index]?.() ?? kept[index]),
  );
  const each = (kind: 'slow' | 'down' | 'fresh') => {
    for (const { note } of all) note({ kind, at: Date.now() });
  };
  let wire: ReturnType<typeof connect> | undefined;

  return {
    views: all.map(({ view }) => view),
    come() {
      each('fresh');
      const opened = connect(url);
      wire = opened;
      opened.on('state', (state) => {
        if (state === 'offline' || state === 'closed') each('down');
      });
      opened.on('notice', ({ code }) => {
        if (code === 'slow') each('slow');
      });
      for (const [index, notes] of all.entries()) {
        const { filter, form, last } = notes.asked;
        const after = kept[index];
        notes.note({ kind: 'asked', at: Date.now(), after, last: after === undefined ? last : undefined });
        const subscription = opened.subscribe(
          { filter, view: form, ...(after === undefined ? { last } : { after }) },
          notes.story,
          {
            ready: notes.ready,
            error: ({ message }) => notes.note({ kind: 'error', at: Date.now(), message }),
          },
        );
        live[index] = () => subscription.cursor;
      }
    },
    go() {
      for (const [index, cursor] of live.entries()) kept[index] = cursor() ?? kept[index];
      wire?.close();
      for (const index of live.keys()) live[index] = () => undefined;
    },
  };
}

/** The stock client, with what docs/protocol.md says it takes to use it: keep the newest cursor, subscribe with it again. */
function stock({ view, asked, note, story, ready, moveTo }: Notes, url: string, polls: boolean): Listener {
  const socket = io(url, {
    autoConnect: false,
    forceNew: true,
    transports: polls ? ['polling', 'websocket'] : ['websocket'],
    reconnectionDelay: 200,
    reconnectionDelayMax: 2000,
  });
  let retry: ReturnType<typeof setTimeout> | undefined;

  function subscribe(): void {
    const { filter, form, last } = asked;
    const after = view.cursor();
    const from = after === undefined ? { last } : { after };
    note({ kind: 'asked', at: Date.now(), after, last: from.last });
    socket.emit('subscribe', { filter, view: form, ...from }, (answer: Subscribed) => {
      if (answer.ok) {
        note({ kind: 'answered', at: Date.now(), cursor: answer.cursor, gap: answer.gap });
        // With the newest n, it lies after what is still to come.
        if (from.last === undefined) moveTo(answer.cursor);
        return;
      }
      if (answer.error.code === 'unavailable') retry = setTimeout(subscribe, RETRY_MS);
      else note({ kind: 'error', at: Date.now(), message: answer.error.message });
    });
  }

  socket.on('connect', subscribe);
  socket.on('connect_error', () => {
    // A refusal by the server itself, which a stock client takes for the last word.
    if (!socket.active) retry = setTimeout(() => socket.connect(), RETRY_MS);
  });
  socket.on('disconnect', () => {
    clearTimeout(retry);
    note({ kind: 'down', at: Date.now() });
  });
  socket.on('story', story);
  socket.on('ready', ready);
  socket.on('cursor', ({ cursor }: Beacon) => {
    note({ kind: 'cursor', at: Date.now(), cursor });
    moveTo(cursor);
  });
  socket.on('notice', ({ code }: Notice) => {
    if (code === 'slow') note({ kind: 'slow', at: Date.now() });
  });

  function leave(): void {
    clearTimeout(retry);
    socket.disconnect();
  }

  return { views: [view], come: () => socket.connect(), go: leave };
}

/** What EventSource does: reads events, and comes back with the last id that it saw. */
function sse({ view, asked, note, story, ready, moveTo }: Notes, url: string): Listener {
  let request: ClientRequest | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isHere = false;

  function handle(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const [event, data] = [field('event'), field('data')];
    if (event === undefined || data === undefined) return;
    const value: unknown = JSON.parse(data);
    if (event === 'story') story(value as Shown);
    else if (event === 'ready') ready(value as Ready);
    else if (event === 'cursor') {
      const { cursor } = value as Beacon;
      note({ kind: 'cursor', at: Date.now(), cursor });
      moveTo(cursor);
    } else if (event === 'notice' && (value as Notice).code === 'slow')
      note({ kind: 'slow', at: Date.now() });
  }

  function open(): void {
    const after = view.cursor();
    const query = new URLSearchParams({ view: asked.form });
    const { text } = parseFilter(asked.filter);
    if (text !== '') query.set('filter', text);
    note({ kind: 'asked', at: Date.now(), after, last: undefined });
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      asking.destroy();
      note({ kind: 'down', at: Date.now() });
      if (isHere && request === asking) retry = setTimeout(open, RETRY_MS);
    };
    const headers = after === undefined ? {} : { 'last-event-id': after };
    const asking = get(`${url}/v1/stream?${query}`, { agent: false, headers }, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode !== 200 && statusCode !== 503)
        note({ kind: 'error', at: Date.now(), message: `status ${statusCode}` });
      const decoder = new StringDecoder('utf8');
      let text = '';
      response.on('data', (chunk: Buffer) => {
        if (isOver) return;
        text += decoder.write(chunk);
        if (statusCode !== 200) return;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) handle(block);
      });
      response.on('close', over);
      response.on('error', over);
    });
    request = asking;
    asking.on('error', over);
    asking.on('close', over);
  }

  return {
    views: [view],
    come() {
      isHere = true;
      open();
    },
    go() {
      isHere = false;
      clearTimeout(retry);
      request?.destroy();
    },
  };
}
