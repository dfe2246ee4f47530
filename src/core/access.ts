import type { Expr } from './filter.ts';

/** What somebody may read: a token's filter is joined to whatever its bearer asks for. */
export interface Access {
  /** Whose token it is; absent when anyone may read. */
  subject?: string;
  role?: string;
  filter: Expr;
  /** When the token ends, in milliseconds since 1970. */
  expires?: number;
}
