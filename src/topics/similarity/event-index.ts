import { createHash } from 'node:crypto';
import { comparisonOf, type Rarity, weightsOf } from './same-event.ts';
import { baseLanguage, type Kind, type Signature, signatureOf, type Term, type Told } from './signature.ts';

/** A story in the window. */
export interface Report extends Told {
  id: string;
  source: { id: string };
  /** When it was published, in milliseconds since 1970. */
  at: number;
}

/** A story that tells the event of another. */
export interface Match {
  id: string;
  score: number;
}

export interface EventIndex {
  readonly size: number;
  has(id: string): boolean;
  /** Takes the place of what was known of the story; the oldest is forgotten when there are too many. */
  add(report: Report): void;
  remove(id: string): void;
  /** Forgets what was published before; answers the ids. */
  expire(before: number): string[];
  /** The stories of other sources that tell the same event, the most alike first; at most {@link MATCHES}. */
  find(report: Report): Match[];
  /** The same for a story that it has. */
  like(id: string): Match[];
}

export interface EventIndexOptions {
  /** So many stories are kept. */
  max: number;
  /** Stories further apart tell two events; milliseconds. */
  withinMs: number;
  /** Told of each story that is forgotten because there are too many. */
  forgotten?: (id: string) => void;
}

interface Held extends Term {
  /** So many stories have it. */
  stories: number;
  /** Which, unless they are too many to say anything. */
  members: Member[] | undefined;
  readonly language: Language;
}

interface Member {
  readonly id: string;
  readonly source: string;
  readonly at: number;
  readonly signature: Signature<Held>;
  readonly terms: readonly Held[];
  readonly language: Language;
}

interface Language {
  stories: number;
  readonly terms: Map<string, Held>;
}

/** A term of more stories leads to none of them. */
const TOO_COMMON = 300;
/** So many of a story's rarest terms lead to others, and so many of those are looked at closely. */
const LEADS = 14;
const CANDIDATES = 16;
const MATCHES = 8;
/** As if the window had so many more stories: with few of them, every word would seem rare. */
const PRIOR = 2_000;

const FLEETING_MS = 2 * 60 * 60_000;
/** What it takes to be the same event: so alike, and so much in common, more of both the more time lies between. */
const LEAST_SCORE = 0.3;
const SCORE_FOR_TIME = 0.08;
const LEAST_SHARED = 2.6;
const LEAST_WORDS = 2;
const SHARED_FOR_TIME = 1.5;

/** Finds stories of one event among those of the last days. Pure, and each answer takes a bounded time. */
export function createEventIndex({ max, withinMs, forgotten = () => {} }: EventIndexOptions): EventIndex {
  const members = new Map<string, Member>();
  const languages = new Map<string, Language>();

  function languageOf(report: Told): Language {
    const base = baseLanguage(report.language);
    const language = languages.get(base) ?? { stories: 0, terms: new Map<string, Held>() };
    languages.set(base, language);
    return language;
  }

  /** @param keep whether a term that no story has is remembered */
  function read(report: Report, keep: boolean): Member {
    const language = languageOf(report);
    const fresh = new Map<string, Held>();
    const term = (key: string, kind: Kind): Held => {
      const name = `${kind} ${key}`;
      const known = language.terms.get(name) ?? fresh.get(name);
      if (known) return known;
      const made: Held = { key, kind, stories: 0, members: [], language };
      (keep ? language.terms : fresh).set(name, made);
      return made;
    };
    const signature = signatureOf(report, term);
    const terms = [...weightsOf(signature).keys()];
    return { id: report.id, source: report.source.id, at: report.at, signature, terms, language };
  }

  function remove(id: string): void {
    const member = members.get(id);
    if (!member) return;
    members.delete(id);
    member.language.stories -= 1;
    for (const term of member.terms) {
      term.stories -= 1;
      if (term.stories === 0) member.language.terms.delete(`${term.kind} ${term.key}`);
      const at = term.members?.indexOf(member) ?? -1;
      if (at >= 0) term.members?.splice(at, 1);
    }
  }

  function rarityIn(language: Language): Rarity<Held> {
    const all = Math.log(language.stories + PRIOR);
    return ({ stories }) => Math.max(0, 1 - Math.log(stories + 1) / all);
  }

  function candidatesOf(story: Member): Member[] {
    const leads = story.terms
      .filter(
        ({ kind, members: list }) => kind !== 'subject' && kind !== 'weekday' && list && list.length > 0,
      )
      .sort((a, b) => a.stories - b.stories || (a.key < b.key ? -1 : 1))
      .slice(0, LEADS);
    const rarity = rarityIn(story.language);
    const hits = new Map<Member, number>();
    for (const term of leads) {
      const weight = rarity(term);
      for (const member of term.members ?? []) hits.set(member, (hits.get(member) ?? 0) + weight);
    }
    return [...hits]
      .filter(
        ([{ source, at, id }]) =>
          source !== story.source && id !== story.id && Math.abs(at - story.at) <= withinMs,
      )
      .sort(([a, x], [b, y]) => y - x || (a.id < b.id ? -1 : 1))
      .slice(0, CANDIDATES)
      .map(([member]) => member);
  }

  function matchesOf(story: Member): Match[] {
    const { likeness, veto } = comparisonOf(story.signature, rarityIn(story.language));
    return candidatesOf(story)
      .flatMap(({ id, at, signature }) => {
        const apartMs = Math.abs(at - story.at);
        const isFleeting = signature.isFleeting || story.signature.isFleeting;
        if (isFleeting && apartMs > FLEETING_MS) return [];
        const { score, shared, words } = likeness(signature);
        const apart = apartMs / withinMs;
        if (words < LEAST_WORDS) return [];
        if (score < LEAST_SCORE + SCORE_FOR_TIME * apart) return [];
        if (shared < LEAST_SHARED + SHARED_FOR_TIME * apart) return [];
        return veto(signature) ? [] : { id, score };
      })
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, MATCHES);
  }

  return {
    get size() {
      return members.size;
    },
    has: (id) => members.has(id),
    add(report) {
      remove(report.id);
      const member = read(report, true);
      members.set(report.id, member);
      member.language.stories += 1;
      for (const term of member.terms) {
        term.stories += 1;
        if (term.stories > TOO_COMMON) term.members = undefined;
        else term.members?.push(member);
      }
      for (const id of members.keys()) {
        if (members.size <= max) break;
        remove(id);
        forgotten(id);
      }
    },
    remove,
    expire(before) {
      const ids = [...members.values()].flatMap(({ id, at }) => (at < before ? id : []));
      for (const id of ids) remove(id);
      return ids;
    },
    find: (report) => matchesOf(read(report, false)),
    like(id) {
      const member = members.get(id);
      return member ? matchesOf(member) : [];
    },
  };
}

/** The cluster of an event that a story is the first to tell. */
export function clusterOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 12);
}
