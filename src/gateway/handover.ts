import { HANDSHAKES, MAX_AWAY } from './admission.ts';

/** Clients leave no slower than this many a second, so that a gateway with a few of them stops at once. */
const LEAVING_PER_SECOND = 200;
/** They arrive elsewhere no faster than this: half of what one other node lets in, for it has newcomers of its own. */
const ARRIVING_PER_SECOND = HANDSHAKES.perSecond / 2;
/** Time for whatever stands in front to see that this node is no longer ready, in seconds. */
const SOONEST = 1;

/** When a client leaves, in milliseconds from the beginning, and after how many seconds it should connect again. */
export interface Leave {
  at: number;
  retryAfter: number;
}

/**
 * Who leaves when. A client is better off with the node that closes than with none, so they leave evenly over the whole
 * time; only where that is too short for the other nodes are they told to stay away, each a little longer than the last.
 */
export function planHandover(clients: number, seconds: number): (index: number) => Leave {
  const pause = Math.min(seconds / Math.max(clients, 1), 1 / LEAVING_PER_SECOND);
  return (index) => {
    const leaves = index * pause;
    const away = SOONEST + Math.max(0, index / ARRIVING_PER_SECOND - leaves);
    return { at: leaves * 1000, retryAfter: Math.round(Math.min(away, MAX_AWAY) * 10) / 10 };
  };
}
