import type { Filter } from '../../src/core/filter.ts';
import type { View as Form } from '../../src/core/story.ts';
import { LONG_TOPIC, PHRASES, SECTIONS } from './newsroom.ts';
import type { Random } from './random.ts';
import type { ClientKind } from './view.ts';

export interface Plan {
  name: string;
  kind: ClientKind;
  /** One for each subscription; only our library has several. */
  subscriptions: { filter: Filter | undefined; form: Form; last: number | undefined }[];
  /** When it comes first, and when it goes away and for how long, in milliseconds from the beginning. */
  joins: number;
  away: { at: number; ms: number }[];
  /** Begins with long-polling, as a stock client does unless it is told not to. */
  polls: boolean;
  /** Stops reading now and then. */
  stalls: boolean;
  /** When its connection is cut for the first time. */
  firstCut: number;
}

export const CUT_EVERY_MS = 15_000;

const SHARE: Record<ClientKind, number> = { library: 0.4, 'socket.io': 0.4, sse: 0.2 };
const TOPICS = SECTIONS.map((section) => section.toLowerCase());

/** All kinds of clients with all kinds of filters, for a run of so many milliseconds. */
export function drawClients(random: Random, count: number, ms: number): Plan[] {
  return Array.from({ length: count }, (_, index) => {
    const part = index / count;
    const kind: ClientKind =
      part < SHARE.library ? 'library' : part < SHARE.library + SHARE['socket.io'] ? 'socket.io' : 'sse';
    const stalls = random.chance(0.06);
    const several = kind === 'library' && random.chance(0.3) ? random.whole(2, 3) : 1;
    const away = random.chance(0.3)
      ? [{ at: random.between(0.2, 0.6) * ms, ms: random.between(0.05, 0.3) * ms }]
      : [];
    return {
      name: `${kind} ${index}`,
      kind,
      subscriptions: Array.from({ length: several }, () => ({
        filter: stalls ? LONG_TOPIC : drawFilter(random),
        form: !stalls && random.chance(0.7) ? 'compact' : 'full',
        last: kind !== 'sse' && random.chance(0.15) ? random.whole(1, 40) : undefined,
      })),
      joins: random.chance(0.6) ? 0 : random.between(0, 0.6) * ms,
      away,
      polls: kind === 'socket.io' && random.chance(0.15),
      stalls,
      firstCut: random.between(0, CUT_EVERY_MS),
    };
  });
}

function drawFilter(random: Random): Filter | undefined {
  const topic = () => random.pick(TOPICS);
  const make: (() => Filter | undefined)[] = [
    () => undefined,
    topic,
    () => [topic(), topic()],
    () => ({ all: [topic(), { language: [random.pick(['en', 'uk', 'ru'])] }] }),
    () => ({ any: [topic(), { urgency: 2 }] }),
    () => ({ not: topic() }),
    () => ({ all: [{ not: topic() }, { not: { language: ['en'] } }] }),
    () => ({ language: [random.pick(['en', 'uk', 'de'])] }),
    () => ({ urgency: random.whole(1, 5) }),
    () => ({ text: `"${random.pick(PHRASES)}"` }),
    () => ({ all: [{ text: 'today' }, { any: [topic(), topic()] }] }),
    () => ({ source: [random.pick(['wire-en', 'wire-uk', 'desk'])] }),
    () => ({ flag: ['breaking'] }),
    () => ({ any: [LONG_TOPIC, { all: [{ text: 'again' }, topic()] }] }),
  ];
  return random.pick(make)();
}
