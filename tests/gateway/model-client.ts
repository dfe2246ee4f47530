import type { Position } from '../../src/core/cursor.ts';
import { type Expr, matches, prepare, reaches, reachOf } from '../../src/core/filter.ts';
import type { Entry } from '../../src/core/story.ts';
import type { ModelLog } from './model-log.ts';

interface Place {
  life: number;
  sequence: number;
}

/** What one subscription is owed and has had. Times are counted in turns of the model. */
interface Owed {
  id: string;
  expr: Expr;
  /** Everything after it is owed. */
  start: Place;
  /** Of the newest that were asked for, those that are owed for certain. */
  newest: Entry[];
  looksBack: boolean;
  from: number;
  until: number;
  /** How far what it had reaches, in the log's order. */
  at: Place;
  had: { entry: Entry; life: number }[];
  toldGap: boolean;
  isReady: boolean;
}

export interface ModelClient {
  subscribed(
    id: string,
    expr: Expr,
    start: Position,
    gap: boolean,
    last: number | undefined,
    applied: number,
    now: number,
  ): void;
  ended(id: string, now: number): void;
  /** @param made when it was decided that this client gets it */
  story(entry: Entry, cursor: Position, made: number): void;
  ready(id: string, cursor: Position, gap: boolean): void;
  /** It is told that it has everything up to here. */
  beacon(cursor: Position): void;
  /** The log has just lost something. */
  lost(): void;
  faults(): readonly string[];
  /** Adds what is missing now that all is quiet. */
  finish(): void;
}

/** Holds what a client is sent against what it was promised. */
export function createModelClient(log: ModelLog): ModelClient {
  const subscriptions: Owed[] = [];
  const faults: string[] = [];
  const active = () => subscriptions.filter(({ until }) => until === Number.POSITIVE_INFINITY);
  const named = (id: string) => active().find((each) => each.id === id);
  const placeOf = ({ epoch, sequence }: Position): Place => ({ life: log.lifeOf(epoch), sequence });
  const show = ({ story, sequence }: Entry) =>
    `${story.id} v${story.version} ${story.status === 'usable' ? story.headline : 'withdrawn'} at ${sequence}`;

  const isSame = ({ story: one }: Entry, { story: other }: Entry) =>
    one.id === other.id &&
    one.version === other.version &&
    one.status === other.status &&
    one.headline === other.headline;

  /** Whether a reader of `before` learns nothing from `entry`, which came in another life of the log. */
  function isNoNews(before: { entry: Entry; life: number }, entry: Entry): boolean {
    const [one, other] = [before.entry.story, entry.story];
    if (one.id !== other.id) return false;
    // A log that begins from nothing counts versions anew.
    if (log.carried({ life: before.life, sequence: 0 }) === undefined)
      return one.status === other.status && one.headline === other.headline;
    return one.version > other.version || isSame(before.entry, entry);
  }

  function newestOf(expr: Expr, upTo: number, count: number): Entry[] {
    return log
      .entries()
      .filter(
        (entry) => entry.sequence >= log.first() && entry.sequence <= upTo && log.isCurrent(entry, upTo),
      )
      .filter(({ story }) => story.status === 'usable' && matches(expr, prepare(story)))
      .slice(count === 0 ? Number.POSITIVE_INFINITY : -count);
  }

  /** Where it goes on in the log as it is now; the beginning when everything was lost since. */
  const now = (place: Place) => log.carried(place) ?? 0;

  /** A story that was withdrawn is none of the newest: who asked for these and never had it needs no withdrawal. */
  function isNothingTo({ looksBack, had }: Owed, { story }: Entry): boolean {
    return looksBack && story.status !== 'usable' && !had.some(({ entry }) => entry.story.id === story.id);
  }

  function missing(owed: Owed, upTo: number): Entry | undefined {
    const start = now(owed.start);
    return log
      .entries()
      .filter((entry) => entry.sequence <= upTo && log.isCurrent(entry) && !log.isRevived(entry))
      .filter((entry) =>
        entry.sequence > start ? reaches(owed.expr, reachOf(entry)) : owed.newest.includes(entry),
      )
      .filter((entry) => entry.sequence >= log.first() || !owed.toldGap)
      .filter((entry) => !isNothingTo(owed, entry))
      .find((entry) => !owed.had.some((before) => isNoNews(before, entry)));
  }

  function hold(owed: Owed, upTo: number, when: string): void {
    const lacks = missing(owed, upTo);
    if (lacks) faults.push(`${owed.id} (${owed.expr.text}) lacks ${show(lacks)} ${when}`);
  }

  function accept(owed: Owed, entry: Entry, life: number): boolean {
    if (!reaches(owed.expr, reachOf(entry))) return false;
    if (life < owed.at.life) return false;
    if (life > owed.at.life) {
      const carried = log.carried(owed.at);
      owed.at = { life, sequence: carried === undefined ? 0 : Math.min(carried, owed.at.sequence) };
    }
    // The newest that were asked for are put in order when all are there: another's replay may bring later ones before.
    const isLooking = owed.looksBack && !owed.isReady && subscriptions.length > 1;
    if (entry.sequence <= owed.at.sequence && !isLooking) return false;
    owed.at.sequence = Math.max(owed.at.sequence, entry.sequence);
    // Of a log that began from nothing everything is sent, and the gap is told.
    const isRepeated = owed.had.some(
      (before) =>
        before.life !== life &&
        isSame(before.entry, entry) &&
        log.carried({ life: before.life, sequence: 0 }) !== undefined,
    );
    owed.had.push({ entry, life });
    return !isRepeated;
  }

  return {
    subscribed(id, expr, start, gap, last, applied, at) {
      const place = placeOf(start);
      const inStep = place.life === log.life();
      subscriptions.push({
        id,
        expr,
        start: place,
        newest: last !== undefined && inStep ? newestOf(expr, Math.min(applied, place.sequence), last) : [],
        looksBack: last !== undefined,
        from: at,
        until: Number.POSITIVE_INFINITY,
        at: last === undefined ? { ...place } : { life: place.life, sequence: 0 },
        had: [],
        toldGap: gap,
        isReady: false,
      });
    },
    ended(id, at) {
      const owed = named(id);
      if (owed) owed.until = at;
    },
    story(entry, cursor, made) {
      const { life } = placeOf(cursor);
      const those = subscriptions.filter(({ from, until }) => made >= from && made <= until);
      const wanted = those.map((owed) => accept(owed, entry, life));
      // Several subscriptions have replays of their own, and what one of them is sent again is the other's.
      const [alone] = subscriptions.length === 1 ? subscriptions : [];
      if (alone && !wanted.some(Boolean))
        faults.push(`${alone.id} (${alone.expr.text}) was sent ${show(entry)} again, or out of order`);
    },
    ready(id, cursor, gap) {
      const owed = named(id);
      if (!owed) return;
      owed.toldGap ||= gap;
      const { life, sequence } = placeOf(cursor);
      if (life === log.life()) hold(owed, sequence, 'when it was ready');
      owed.isReady = true;
    },
    beacon(cursor) {
      const { life, sequence } = placeOf(cursor);
      if (life === log.life())
        for (const owed of active()) hold(owed, sequence, `when it was told of ${sequence}`);
    },
    lost() {
      for (const owed of active()) {
        const place = log.carried(owed.start);
        // What is not sent yet is looked for again, among what is left.
        const left =
          place === undefined || owed.isReady ? owed.newest : newestOf(owed.expr, place, owed.newest.length);
        owed.newest = place === undefined ? [] : owed.newest.filter((entry) => left.includes(entry));
      }
    },
    faults: () => faults,
    finish() {
      for (const owed of active()) {
        hold(owed, log.entries().length, 'at the end');
        if (log.carried(owed.start) === undefined && !owed.toldGap)
          faults.push(`${owed.id} was not told that the log is another one`);
        if (!owed.isReady) faults.push(`${owed.id} was never ready`);
      }
    },
  };
}
