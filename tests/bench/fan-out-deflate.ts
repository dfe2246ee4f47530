import { constants, deflateRawSync } from 'node:zlib';
import { sampleStory } from './sample.ts';

/** What zlib ends a flushed block with, and a WebSocket frame leaves out. */
const TAIL_BYTES = 4;
const STORIES = 200;

/**
 * What it would take and save to compress a story for WebSocket once for all clients, without the memory of what each
 * of them had before: bytes of a packet, of the same one deflated, and the CPU of that in µs.
 */
export function deflating(): { plain: number; deflated: number; cpuUs: number } {
  const packets = Array.from({ length: STORIES }, (_, number) =>
    Buffer.from(`42["story",${JSON.stringify(sampleStory(number + 1))}]`),
  );
  const deflate = () =>
    packets.reduce((sum, packet) => {
      const { length } = deflateRawSync(packet, { level: 1, finishFlush: constants.Z_SYNC_FLUSH });
      return sum + length - TAIL_BYTES;
    }, 0);
  deflate();
  const before = process.cpuUsage();
  const deflated = deflate();
  const { user, system } = process.cpuUsage(before);
  return {
    plain: packets.reduce((sum, { length }) => sum + length, 0) / STORIES,
    deflated: deflated / STORIES,
    cpuUs: (user + system) / STORIES,
  };
}
