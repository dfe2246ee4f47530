import type { View } from '../core/story.ts';
import type { Frame } from './frame.ts';

/**
 * Stories that go to a client together, in their order. Clients that wait for the same ones share the same batch, and
 * with it the bytes: what is added to a batch is another batch, made once.
 */
export interface Batch {
  readonly frames: readonly { frame: Frame; view: View }[];
  /** This one and then that. */
  with(frame: Frame, view: View): Batch;
  /** All of them as WebSocket messages of Socket.IO, one after the other. */
  webSocket(): Buffer;
  /** All of them as Server-Sent Events. */
  events(): Buffer;
  /** Of the stories as JSON. */
  bytes(): number;
}

const singles = new WeakMap<Frame, Partial<Record<View, Batch>>>();

/** The batch of one story. */
export function batchOf(frame: Frame, view: View): Batch {
  const known = singles.get(frame) ?? {};
  const batch = known[view] ?? createBatch([{ frame, view }]);
  known[view] = batch;
  singles.set(frame, known);
  return batch;
}

function createBatch(frames: Batch['frames']): Batch {
  const longer = new Map<Frame, Partial<Record<View, Batch>>>();
  const joined = (each: (one: Batch['frames'][number]) => Buffer) => {
    const [only, ...more] = frames;
    return only && more.length === 0 ? each(only) : Buffer.concat(frames.map(each));
  };
  let webSocket: Buffer | undefined;
  let events: Buffer | undefined;
  let bytes: number | undefined;
  return {
    frames,
    with(frame, view) {
      const known = longer.get(frame) ?? {};
      const batch = known[view] ?? createBatch([...frames, { frame, view }]);
      known[view] = batch;
      longer.set(frame, known);
      return batch;
    },
    webSocket() {
      webSocket ??= joined(({ frame, view }) => frame.webSocket(view));
      return webSocket;
    },
    events() {
      events ??= joined(({ frame, view }) => frame.event(view));
      return events;
    },
    bytes() {
      bytes ??= frames.reduce((total, { frame, view }) => total + frame.bytes(view), 0);
      return bytes;
    },
  };
}
