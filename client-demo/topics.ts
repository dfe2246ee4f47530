/** One topic of `GET /v1/topics`, as far as this page needs it. */
export interface Topic {
  id: string;
  name: string;
  parents: readonly string[];
  /** How many of the recent stories have it. */
  count: number;
}

export interface Topics {
  /** The id itself for a topic that the vocabulary does not have. */
  nameOf(id: string): string;
  /** Those that recent stories have, most used first. */
  used(): readonly Topic[];
  get(id: string): Topic | undefined;
  /** Without the topics that only stand above others of these. */
  mostSpecific(ids: readonly string[]): string[];
  /** Says that counts may have changed; they are asked for now, or as soon as the last time is long enough ago. */
  touch(): void;
}

export interface TopicsEvents {
  /** The names are known from now on. */
  named(): void;
  /** There are new counts. */
  counted(): void;
}

const PAUSE_MS = 20_000;
/** While no story has a topic yet, the first one that has should not have to wait. */
const FIRST_PAUSE_MS = 1_000;

/** The vocabulary, with how many of the recent stories each topic has. */
export function createTopics({ named, counted }: TopicsEvents): Topics {
  let topics = new Map<string, Topic>();
  let used: readonly Topic[] = [];
  let asked = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(): Promise<void> {
    asked = performance.now();
    // Without the counts the page still works; the next story that comes in asks for them again.
    const answer = await fetch('./v1/topics?lang=en').catch(() => undefined);
    if (!answer?.ok) return;
    const first = topics.size === 0;
    topics = new Map(readTopics(await answer.json()).map((topic) => [topic.id, topic]));
    used = [...topics.values()].filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
    if (first) named();
    counted();
  }

  function isAbove(candidate: string, id: string, seen = new Set<string>()): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    const parents = topics.get(id)?.parents ?? [];
    return parents.some((parent) => parent === candidate || isAbove(candidate, parent, seen));
  }

  return {
    nameOf: (id) => topics.get(id)?.name ?? id,
    used: () => used,
    get: (id) => topics.get(id),
    mostSpecific: (ids) => ids.filter((id) => !ids.some((other) => isAbove(id, other))),
    touch() {
      if (timer !== undefined) return;
      const next = asked + (used.length > 0 ? PAUSE_MS : FIRST_PAUSE_MS);
      timer = setTimeout(
        () => {
          timer = undefined;
          void ask();
        },
        Math.max(0, next - performance.now()),
      );
    },
  };
}

function readTopics(answer: unknown): Topic[] {
  const listed = isRecord(answer) && Array.isArray(answer.topics) ? answer.topics : [];
  return listed.filter(isTopic);
}

function isTopic(value: unknown): value is Topic {
  return (
    isRecord(value) &&
    typeof value.id === 'string' &&
    typeof value.name === 'string' &&
    typeof value.count === 'number' &&
    Array.isArray(value.parents)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
