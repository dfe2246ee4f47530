/** The fan-out alone, with no client behind it: `filters-process.ts FILTERS TOPICS`. */
import { type Expr, parseFilter, prepare } from '../../src/core/filter.ts';
import type { Entry } from '../../src/core/story.ts';
import { type Chance, chanceOf } from '../../src/demo/chance.ts';
import { createFanOut, type FanOut } from '../../src/gateway/fan-out.ts';
import { createFilterIndex } from '../../src/gateway/filter-index.ts';
import { conditionsOf } from '../../src/gateway/filter-program.ts';
import { entry } from '../support/stories.ts';
import { serve } from './child.ts';
import { percentile } from './stats.ts';

export type FiltersApi = ReturnType<typeof open>['api'];

/** What it took to find who gets a story; times are milliseconds, counts those of the story in the middle. */
export interface Found {
  filters: number;
  candidates: number;
  groups: number;
  members: number;
  p50: number;
  p99: number;
  /** Of the processor, so that waiting for other programs is not in it. */
  cpuP99: number;
}

const STORY_TOPICS = 20;
const LANGUAGES = ['uk', 'en', 'ru'];
const SOURCES = 500;

function open() {
  const [filters = 0, topics = 0] = process.argv.slice(2).map(Number);
  const chance = chanceOf(20_261_122);
  const worlds: Record<string, World> = {};

  return {
    api: {
      /** Filters of every form; `twin` has the same, and nine times as many on other topics. */
      openMixed(): void {
        const one = openWorld(chance, topics);
        const ten = openWorld(chance, topics);
        fill(one, filters, () => mixed(chance, 't', topics), ten);
        fill(ten, 10 * filters, () => mixed(chance, 'other-', 10 * topics));
        ten.stories = one.stories;
        Object.assign(worlds, { one, ten });
      },
      /** Everyone asks for the one topic that every story has, and for something rare. */
      openPopular(): void {
        const popular = openWorld(chance, topics);
        for (const { story, sequence } of popular.stories) {
          story.language = 'uk';
          story.topics.splice(0, 2, 'popular', `rare-${sequence}`);
        }
        fill(
          popular,
          filters,
          (index) => `popular AND lang:uk AND rare-${index} AND NOT ${topic(chance, 't', topics)}`,
        );
        Object.assign(worlds, { popular });
      },
      /** Five clients for each of a hundredth of the filters, which ask for any of five topics. */
      openAudience(): void {
        const audience = openWorld(chance, topics);
        const ofFive = () => Array.from({ length: 5 }, () => topic(chance, 't', topics)).join(' OR ');
        fill(audience, filters / 100, ofFive);
        for (const expr of [...audience.exprs]) {
          for (let client = 0; client < 4; client += 1) audience.fanOut.add(expr, { client });
        }
        Object.assign(worlds, { audience });
      },
      /** Goes through the stories so many times, in turns, who begins too; the first time warms up. */
      find(names: string[], rounds: number): Found[] {
        const chosen = names.map((name) => worlds[name] as World);
        const times = chosen.map(() => ({ wall: [] as number[], cpu: [] as number[] }));
        for (let round = 0; round <= rounds; round += 1) {
          for (let at = 0; at < (chosen[0]?.stories.length ?? 0); at += 1) {
            for (let turn = 0; turn < chosen.length; turn += 1) {
              const index = (turn + at) % chosen.length;
              const { fanOut, stories } = chosen[index] as World;
              const cpu = process.cpuUsage();
              const began = performance.now();
              fanOut.groups(stories[at] as Entry);
              const took = performance.now() - began;
              const { user, system } = process.cpuUsage(cpu);
              if (round === 0) continue;
              times[index]?.wall.push(took);
              times[index]?.cpu.push((user + system) / 1000);
            }
          }
        }
        return chosen.map((world, index) => describe(world, times[index] ?? { wall: [], cpu: [] }));
      },
      forget(): void {
        for (const name of Object.keys(worlds)) delete worlds[name];
      },
    },
    close: async () => {},
  };
}

interface World {
  fanOut: FanOut<object>;
  exprs: Expr[];
  stories: Entry[];
}

function openWorld(chance: Chance, topics: number): World {
  const stories = Array.from({ length: 500 }, (_, number) => {
    const chosen = new Set<string>();
    while (chosen.size < STORY_TOPICS) chosen.add(topic(chance, 't', topics));
    return entry(`${number}`, number + 1, {
      topics: [...chosen],
      language: chance.pick(LANGUAGES),
      source: { id: `source-${chance.between(1, SOURCES)}`, name: '' },
      urgency: chance.between(3, 6),
    });
  });
  return { fanOut: createFanOut(), exprs: [], stories };
}

/** Adds distinct filters until there are so many. */
function fill(world: World, count: number, write: (index: number) => string, twin?: World): void {
  for (let index = 0; world.fanOut.size().filters < count; index += 1) {
    const expr = parseFilter(write(index));
    const before = world.fanOut.size().filters;
    const member = {};
    world.fanOut.add(expr, member);
    if (world.fanOut.size().filters === before) {
      world.fanOut.remove(expr, member);
      continue;
    }
    for (const each of twin ? [world, twin] : [world]) each.exprs.push(expr);
    twin?.fanOut.add(expr, member);
  }
}

/** Some topics are named more often than others, as in news: of 5,000 the first about six times as often as the thousandth. */
function topic(chance: Chance, prefix: string, topics: number): string {
  return `${prefix}${Math.floor((chance.between(1, topics) * chance.between(1, topics)) / topics)}`;
}

function mixed(chance: Chance, prefix: string, topics: number): string {
  const [a, b, c, d] = Array.from({ length: 4 }, () => topic(chance, prefix, topics));
  const forms = [
    `${a} OR ${b}`,
    `${a} AND ${b}`,
    `${a} AND NOT ${b}`,
    `(${a} OR ${b}) AND lang:${chance.pick(LANGUAGES)} AND NOT ${c}`,
    `${a} AND ${b} AND urgency:${chance.between(2, 5)}`,
    `${a} AND (${b} OR ${c} OR (${d} AND flag:breaking))`,
    `source:source-${chance.between(1, SOURCES)} AND ${a} AND NOT (${b} OR ${c})`,
    `${a} AND "peace talks" AND NOT ${b}`,
  ];
  return chance.pick(forms);
}

function describe({ fanOut, exprs, stories }: World, times: { wall: number[]; cpu: number[] }): Found {
  const index = createFilterIndex<Expr>();
  for (const expr of exprs) index.add(expr, expr);
  const found = stories.map((each) => {
    const ready = prepare(each.story);
    const groups = fanOut.groups(each);
    return {
      candidates: index.candidates(ready, conditionsOf(ready)).length,
      groups: groups.length,
      members: groups.reduce((sum, { members }) => sum + members.size, 0),
    };
  });
  const middle = (of: 'candidates' | 'groups' | 'members') =>
    percentile(
      found.map((each) => each[of]),
      50,
    );
  return {
    filters: fanOut.size().filters,
    candidates: middle('candidates'),
    groups: middle('groups'),
    members: middle('members'),
    p50: percentile(times.wall, 50),
    p99: percentile(times.wall, 99),
    cpuP99: percentile(times.cpu, 99),
  };
}

await serve(async () => open());
