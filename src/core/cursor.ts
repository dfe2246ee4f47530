import { WireError } from './errors.ts';

/**
 * A position in the log: everything up to and including `sequence` lies before it.
 * `epoch` names one life of the log; a log that lost entries starts a new one, so that an old cursor is recognised.
 */
export interface Position {
  epoch: string;
  /** 0 before the first entry; the entries are numbered 1, 2, 3 … without a hole. */
  sequence: number;
}

/**
 * The earlier epochs of a log, oldest first: each with the last entry that is the same in the one after it. A log that
 * began from nothing has none.
 */
export type Lineage = readonly Position[];

/**
 * Where somebody goes on in `epoch` who stood at `position`, in that epoch or in one that it came from: whatever lies
 * before is the same in both. `undefined` when the log knows nothing of that epoch.
 */
export function carriedOver(
  { epoch, lineage }: { epoch: string; lineage: Lineage },
  position: Position,
): number | undefined {
  if (position.epoch === epoch) return position.sequence;
  const index = lineage.findLastIndex((life) => life.epoch === position.epoch);
  if (index < 0) return undefined;
  return Math.min(position.sequence, ...lineage.slice(index).map(({ sequence }) => sequence));
}

/**
 * Whether an entry was appended in an epoch that is known of this log. Another one is of an epoch so long ago that it is
 * forgotten, or of a later one, and may then stand where something was that has been lost since.
 */
export function ofLog({ epoch, lineage }: { epoch: string; lineage: Lineage }): (cursor: Cursor) => boolean {
  const lives = new Set([epoch, ...lineage.map((life) => life.epoch)]);
  return (cursor) => lives.has(parseCursor(cursor).epoch);
}

/** Opaque to users, at most 64 characters, valid on every node: `EPOCH.SEQUENCE`. */
export type Cursor = string;

const SHAPE = /^([a-z0-9]{1,40})\.(0|[1-9][0-9]{0,15})$/;

export function formatCursor(position: Position): Cursor {
  return `${position.epoch}.${position.sequence}`;
}

/** @throws {WireError} `invalid_cursor` when `text` is not a cursor that this service could have given out. */
export function parseCursor(text: unknown): Position {
  const match = typeof text === 'string' ? SHAPE.exec(text) : null;
  const sequence = Number(match?.[2]);
  if (!match?.[1] || !Number.isSafeInteger(sequence)) {
    const shown = typeof text === 'string' ? JSON.stringify(text.slice(0, 64)) : typeof text;
    throw new WireError('invalid_cursor', `${shown} is not a cursor; send one exactly as you received it.`);
  }
  return { epoch: match[1], sequence };
}
