import { formatCursor } from '../core/cursor.ts';
import { type CompactStory, compact, type Entry, type Story, type View } from '../core/story.ts';
import { type Batch, batchOf } from './batch.ts';
import { webSocketFrame } from './direct.ts';

/** Engine.IO's type of a packet that carries one of Socket.IO. */
const MESSAGE = '4';

/** One entry on its way to clients. Each form of it is made once, when the first client needs it, whoever gets it. */
export interface Frame {
  readonly entry: Entry;
  /** A Socket.IO event packet of the namespace `/`: `2["story",{…}]`. */
  packet(view: View): string;
  /** The length of the story as JSON, in bytes. */
  bytes(view: View): number;
  /** The packet as a WebSocket message of Engine.IO, framed. */
  webSocket(view: View): Buffer;
  /** A Server-Sent Event; its id is the cursor. */
  event(view: View): Buffer;
  /** It alone, as a batch. */
  alone(view: View): Batch;
}

/** @param epoch the log's own: an entry of one that it went on from has the same place in it */
export function createFrame(entry: Entry, epoch: string): Frame {
  const cursor = formatCursor({ epoch, sequence: entry.sequence });
  const json = once((view) => JSON.stringify(viewed({ ...entry.story, cursor }, view)));
  const packet = once((view) => `2["story",${json(view)}]`);
  const frame: Frame = {
    entry,
    bytes: once((view) => Buffer.byteLength(json(view))),
    packet,
    webSocket: once((view) => webSocketFrame(`${MESSAGE}${packet(view)}`)),
    event: once((view) => Buffer.from(`event: story\nid: ${cursor}\ndata: ${json(view)}\n\n`)),
    alone: once((view) => batchOf([{ frame, view }])),
  };
  return frame;
}

export function viewed(story: Story, view: View): Story | CompactStory {
  return view === 'compact' ? compact(story) : story;
}

function once<T>(make: (view: View) => T): (view: View) => T {
  const made: Partial<Record<View, T>> = {};
  return (view) => {
    const known = made[view] ?? make(view);
    made[view] = known;
    return known;
  };
}
