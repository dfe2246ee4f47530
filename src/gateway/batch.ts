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

export function batchOf(frames: Batch['frames']): Batch {
  /** What was added to this one: nearly always the same to all who wait for it. */
  let latest: { frame: Frame; view: View; batch: Batch } | undefined;
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
      if (latest?.frame === frame && latest.view === view) return latest.batch;
      const known = longer.get(frame) ?? {};
      const batch = known[view] ?? batchOf([...frames, { frame, view }]);
      known[view] = batch;
      longer.set(frame, known);
      latest = { frame, view, batch };
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
