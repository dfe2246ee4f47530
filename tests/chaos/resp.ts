import type { Filter } from './proxy.ts';

const CR = 13;
const NEED_MORE = -1;

/**
 * Loses some of the messages that Redis publishes, whole ones, and nothing else. A connection is looked into once it
 * has subscribed; what the others carry passes as it is.
 */
export function losesMessages(isLost: () => boolean, lost: () => void): Filter {
  let subscribes = false;
  let rest: Buffer = Buffer.alloc(0);

  return {
    toTarget(chunk) {
      if (!subscribes && /\r\ns?subscribe\r\n/i.test(chunk.toString('latin1', 0, 4096))) subscribes = true;
      return chunk;
    },
    fromTarget(chunk) {
      if (!subscribes) return chunk;
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const passed: Buffer[] = [];
      for (let end = endOf(rest, 0); end !== NEED_MORE; end = endOf(rest, 0)) {
        const frame = rest.subarray(0, end);
        rest = rest.subarray(end);
        if (isMessage(frame) && isLost()) lost();
        else passed.push(frame);
      }
      return Buffer.concat(passed);
    },
  };
}

/** RESP2 has an array of three, RESP3 a push of three. */
function isMessage(frame: Buffer): boolean {
  return /^[*>]3\r\n\$7\r\nmessage\r\n/.test(frame.toString('latin1', 0, 24));
}

/** Where the value that begins at `start` ends; see the specification of RESP. */
function endOf(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(CR, start);
  if (end === -1 || end + 2 > bytes.length) return NEED_MORE;
  const type = String.fromCharCode(bytes[start] ?? 0);
  const line = end + 2;
  const count = Number(bytes.toString('latin1', start + 1, end));
  switch (type) {
    case '$':
    case '!':
    case '=': {
      const after = count < 0 ? line : line + count + 2;
      return after <= bytes.length ? after : NEED_MORE;
    }
    case '*':
    case '>':
    case '~':
      return afterValues(bytes, line, count);
    case '%':
      return afterValues(bytes, line, 2 * count);
    case '|':
      return afterValues(bytes, line, 2 * count + 1);
    default:
      return line;
  }
}

function afterValues(bytes: Buffer, start: number, count: number): number {
  let at = start;
  for (let done = 0; done < count; done++) {
    if (at >= bytes.length) return NEED_MORE;
    at = endOf(bytes, at);
    if (at === NEED_MORE) return NEED_MORE;
  }
  return at;
}
