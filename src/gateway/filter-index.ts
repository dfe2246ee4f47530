import type { Expr, Prepared } from '../core/filter.ts';

/**
 * The filters that a story can match, found without asking all of them. Each filter is kept under something that a
 * story must have for it: a topic, a source, a language, a flag, an urgency or a word. Where many are under one key,
 * the next ones go under a second key below it, so that a topic that everybody names together with something else is
 * cheap too. A filter that needs nothing (`NOT sport`) is a candidate of every story.
 */
export interface FilterIndex<T> {
  add(expr: Expr, item: T): void;
  remove(item: T): void;
  /** Every item whose filter matches the story, and a few more; each once. @param has the story's `conditionsOf` */
  candidates(story: Prepared, has: readonly string[]): T[];
  /** How many keys are in use, and how many places there are to keep filters in; both 0 when it is empty. */
  size(): { keys: number; places: number };
}

/** So many filters may be in one place before those that can go under a further key. */
const ROOM = 8;
/** A filter is kept in no more places than this for the sake of a second key. */
const MAX_PLACES = 64;
/** Under so many keys at most: what is left to decide then is cheaper asked than looked up. */
const MAX_KEYS = 3;

/** What a matching story must have. */
type Need = { key: string; share: number } | { all: Need[] } | { any: Need[] };

/** A part of a need that is looked up, and what is then left of it. */
interface Way {
  key: string;
  rest: Need[];
}

interface Key {
  readonly text: string;
  /** How many places are under it. */
  places: number;
  /** The last pass whose story has it. */
  pass: number;
}

interface Place<T> {
  readonly key: Key | undefined;
  readonly above: Place<T> | undefined;
  readonly slots: Set<Slot<T>>;
  below: Map<Key, Place<T>> | undefined;
  /** How many filters are here and below. */
  load: number;
}

interface Slot<T> {
  readonly item: T;
  readonly places: Place<T>[];
  /** The last pass that came upon it: it may be in several places. */
  pass: number;
}

export function createFilterIndex<T>(): FilterIndex<T> {
  const top: Place<T> = { key: undefined, above: undefined, slots: new Set(), below: undefined, load: 0 };
  const slots = new Map<T, Slot<T>>();
  const keys = new Map<string, Key>();
  let places = 0;
  let words = 0;
  let pass = 0;

  function below(place: Place<T>, text: string): Place<T> {
    let key = keys.get(text);
    const known = key && place.below?.get(key);
    if (known) return known;
    if (!key) {
      key = { text, places: 0, pass: 0 };
      keys.set(text, key);
      if (isWord(text)) words += 1;
    }
    const made: Place<T> = { key, above: place, slots: new Set(), below: undefined, load: 0 };
    place.below ??= new Map();
    place.below.set(key, made);
    key.places += 1;
    places += 1;
    return made;
  }

  function close({ key, above }: Place<T>): void {
    if (!key || !above?.below) return;
    above.below.delete(key);
    if (above.below.size === 0) above.below = undefined;
    places -= 1;
    key.places -= 1;
    if (key.places > 0) return;
    keys.delete(key.text);
    if (isWord(key.text)) words -= 1;
  }

  /** The stories that come this way, as a part of all, times the filters that each of them meets. */
  function cost(place: Place<T>, { key, share }: { key: string; share: number }): number {
    const known = keys.get(key);
    return share * (1 + ((known && place.below?.get(known)?.load) ?? 0));
  }

  /** The cheapest of the ways to look a need up; all of the answer's ways together lead to every matching story. */
  function waysFrom(place: Place<T>, need: Need): { ways: Way[]; cost: number } {
    if ('key' in need) return { ways: [{ key: need.key, rest: [] }], cost: cost(place, need) };
    if ('any' in need) {
      const parts = need.any.map((part) => waysFrom(place, part));
      return {
        ways: parts.flatMap(({ ways }) => ways),
        cost: parts.reduce((sum, part) => sum + part.cost, 0),
      };
    }
    const parts = need.all.map((part) => waysFrom(place, part));
    const cheapest = parts.reduce((best, part) => (part.cost < best.cost ? part : best));
    const others = need.all.filter((_, index) => parts[index] !== cheapest);
    return {
      ways: cheapest.ways.map(({ key, rest }) => ({ key, rest: [...rest, ...others] })),
      cost: cheapest.cost,
    };
  }

  /** @param copies how often the filter is kept already, for the sake of this need */
  function put(slot: Slot<T>, need: Need | undefined, at: Place<T>, depth: number, copies: number): void {
    if (need && (at === top || (at.slots.size >= ROOM && depth < MAX_KEYS))) {
      const { ways } = waysFrom(at, need);
      if (at === top || ways.length * copies <= MAX_PLACES) {
        for (const { key, rest } of ways)
          put(slot, allOf(rest), below(at, key), depth + 1, copies * ways.length);
        return;
      }
    }
    if (at.slots.has(slot)) return;
    at.slots.add(slot);
    slot.places.push(at);
    for (let each: Place<T> | undefined = at; each; each = each.above) each.load += 1;
  }

  /** The keys in use that a story has. */
  function keysOf({ searchable }: Prepared, has: readonly string[]): Key[] {
    const found: Key[] = [];
    const meet = (text: string) => {
      const key = keys.get(text);
      if (!key || key.pass === pass) return;
      key.pass = pass;
      found.push(key);
    };
    for (const text of has) meet(text);
    if (words > 0) for (const word of searchable().split(/\s+/)) meet(wordKey(word));
    return found;
  }

  return {
    add(expr, item) {
      if (slots.has(item)) return;
      const slot: Slot<T> = { item, places: [], pass: 0 };
      slots.set(item, slot);
      put(slot, needOf(expr), top, 0, 1);
    },

    remove(item) {
      const slot = slots.get(item);
      if (!slot) return;
      slots.delete(item);
      for (const place of slot.places) {
        place.slots.delete(slot);
        for (let each: Place<T> | undefined = place; each; each = each.above) {
          each.load -= 1;
          if (each.load === 0) close(each);
        }
      }
    },

    candidates(story, has) {
      pass += 1;
      const found: T[] = [];
      const had = keysOf(story, has);
      const visit = (place: Place<T>) => {
        for (const slot of place.slots) {
          if (slot.pass === pass) continue;
          slot.pass = pass;
          found.push(slot.item);
        }
        if (!place.below) return;
        if (place.below.size <= had.length) {
          for (const [key, next] of place.below) if (key.pass === pass) visit(next);
          return;
        }
        for (const key of had) {
          const next = place.below.get(key);
          if (next) visit(next);
        }
      };
      visit(top);
      return found;
    },

    size: () => ({ keys: keys.size, places }),
  };
}

/** About which part of all stories has a key; only how these compare to each other counts. */
const SHARES = {
  topic: 0.02,
  source: 0.02,
  language: 0.3,
  flag: 0.05,
  /** By the number: 1 is for flashes, from 5 on it is nearly every story. */
  urgency: [0, 0.002, 0.01, 0.05, 0.2, 1, 1, 1, 1, 1],
  /** Of a word of one letter; the longer a word, the rarer. */
  word: 0.02,
};

/**
 * What a story must have for a filter to match it; nothing when there is no such thing.
 * @param negated whether it is the opposite of the filter that is to match
 */
function needOf(expr: Expr, negated = false): Need | undefined {
  switch (expr.kind) {
    case 'everything':
      return undefined;
    case 'not':
      return needOf(expr.of, !negated);
    case 'any':
    case 'all': {
      const parts = expr.of.map((part) => needOf(part, negated));
      const needed = parts.filter((part) => part !== undefined);
      if ((expr.kind === 'all') !== negated) return allOf(needed);
      return needed.length === parts.length ? { any: needed } : undefined;
    }
    case 'phrase':
      if (negated) return undefined;
      return allOf(
        expr.phrase
          .trim()
          .split(' ')
          .map((word) => ({ key: wordKey(word), share: SHARES.word / word.length })),
      );
    default: {
      const share = expr.kind === 'urgency' ? SHARES.urgency[expr.urgency] : SHARES[expr.kind];
      return negated ? undefined : { key: expr.text, share: share ?? 1 };
    }
  }
}

function allOf(needs: Need[]): Need | undefined {
  const flat = needs.flatMap((need) => ('all' in need ? need.all : [need]));
  return flat.length > 1 ? { all: flat } : flat[0];
}

/** No other key begins like this, so that a word is not taken for the topic of that name. */
function wordKey(word: string): string {
  return `"${word}`;
}

function isWord(key: string): boolean {
  return key.startsWith('"');
}
