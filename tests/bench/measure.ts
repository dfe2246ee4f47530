/** How much is done; a quick run shows that everything works, and its numbers mean nothing. */
export interface Scale {
  clients: number;
  warmUp: number;
  /** Stories at one a second. */
  slow: number;
  /** Stories at twenty a second: so many blocks of so many. */
  fast: { blocks: number; stories: number };
  /** Rounds of appends, and how long each takes, in milliseconds. */
  appends: { rounds: number; ms: number };
  /** Sources that are each due every so many milliseconds; how long to poll at full speed; documents to be parsed. */
  polls: { sources: number; everyMs: number; rushMs: number; documents: number };
}

export const FULL: Scale = {
  clients: 1_000,
  warmUp: 60,
  slow: 20,
  fast: { blocks: 20, stories: 20 },
  appends: { rounds: 4, ms: 400 },
  polls: { sources: 10_000, everyMs: 60_000, rushMs: 8_000, documents: 400 },
};

export const QUICK: Scale = {
  clients: 100,
  warmUp: 5,
  slow: 1,
  fast: { blocks: 1, stories: 10 },
  appends: { rounds: 1, ms: 50 },
  polls: { sources: 200, everyMs: 1_200, rushMs: 300, documents: 10 },
};

/** What a measure is given. */
export interface World {
  scale: Scale;
  redisUrl: string;
  /** A folder of the run's own, removed at its end. */
  folder(name: string): string;
  signal: AbortSignal;
  say(progress: string): void;
}

/** One table of the report. `how` is Markdown: what the numbers are, and what they are not. */
export interface Table {
  title: string;
  how: string;
  columns: string[];
  rows: string[][];
}

export type Measure = (world: World) => Promise<Table>;
