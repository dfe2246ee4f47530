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
