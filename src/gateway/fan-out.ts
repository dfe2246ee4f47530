import { type Expr, reachOf } from '../core/filter.ts';
import type { Entry } from '../core/story.ts';
import { createFilterIndex } from './filter-index.ts';
import { conditionsOf, createFilterPrograms, type Program } from './filter-program.ts';

/** Everyone with the same canonical filter: one and the same object for as long as there is anyone. */
export interface Group<T> {
  readonly expr: Expr;
  readonly members: ReadonlySet<T>;
}

/**
 * Who asked for a story. Those with the same filter are one group, and an index finds the few groups that a story can
 * match at all, so that the work for a story follows those who get it, not all who are connected.
 */
export interface FanOut<T> {
  add(expr: Expr, member: T): void;
  remove(expr: Expr, member: T): void;
  /** The groups that get an entry, each once. No filter is asked twice about one version of a story. */
  groups(entry: Entry): Group<T>[];
  /** The members of all these groups; one with several matching filters comes up once for each of them. */
  match(entry: Entry): Iterable<T>;
  /** How many members there are, how many different filters they have, and what is kept to find and to ask these. */
  size(): { members: number; filters: number; places: number; conditions: number };
}

interface Shared<T> extends Group<T> {
  readonly members: Set<T>;
  readonly program: Program;
  /** The last entry that is known to be for it. */
  found: number;
}

export function createFanOut<T>(): FanOut<T> {
  const filters = new Map<string, Shared<T>>();
  const index = createFilterIndex<Shared<T>>();
  const programs = createFilterPrograms();
  let members = 0;
  let entries = 0;

  function groups(entry: Entry): Shared<T>[] {
    const reach = reachOf(entry);
    if (reach === 'everyone') return [...filters.values()];
    entries += 1;
    const found: Shared<T>[] = [];
    for (const version of reach) {
      const has = conditionsOf(version);
      programs.begin(version, has);
      for (const shared of index.candidates(version, has)) {
        if (shared.found === entries || !programs.matches(shared.program)) continue;
        shared.found = entries;
        found.push(shared);
      }
    }
    return found;
  }

  return {
    add(expr, member) {
      let shared = filters.get(expr.text);
      if (!shared) {
        shared = { expr, members: new Set(), program: programs.compile(expr), found: 0 };
        filters.set(expr.text, shared);
        index.add(expr, shared);
      }
      if (!shared.members.has(member)) members += 1;
      shared.members.add(member);
    },

    remove(expr, member) {
      const shared = filters.get(expr.text);
      if (!shared?.members.delete(member)) return;
      members -= 1;
      if (shared.members.size > 0) return;
      filters.delete(expr.text);
      index.remove(shared);
      programs.release(shared.expr);
    },

    groups,

    *match(entry) {
      for (const group of groups(entry)) yield* group.members;
    },

    size: () => ({
      members,
      filters: filters.size,
      places: index.size().places,
      conditions: programs.size(),
    }),
  };
}
