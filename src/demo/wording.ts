import type { EventId } from './events.ts';

/** A headline and the sentence below it. */
export interface Lead {
  headline: string;
  lede: string;
}

/**
 * One event in one language. In every text `{n}`, `{m}`, `{place}`, `{in}`, `{In}` and `{of}` stand for the facts;
 * each lead names `{n}`, or its headline or lede does, so that a correction has something to correct.
 */
export interface Wording extends Lead {
  body: readonly [string, string];
  /** How the story goes on, hours later. */
  later: Lead;
  /** The same event as another newsroom of this language tells it; where one does. */
  again?: Lead;
}

export type Wordings = Readonly<Record<EventId, Wording>>;
