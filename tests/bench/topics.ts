import { startChild } from './child.ts';
import { FULL, type Measure, QUICK, type World } from './measure.ts';
import { shown } from './stats.ts';
import type { Tagging, TopicsApi } from './topics-process.ts';

const SIZES = new Map([
  [FULL, { rounds: 4, stories: 3_000, aliases: 20_000 }],
  [QUICK, { rounds: 1, stories: 20, aliases: 8_000 }],
]);
const LANGUAGES = ['uk', 'ru', 'en'];
const ALL = 'all three';

/** What it costs to find the topics of a story. */
export const topics: Measure = async (world) => {
  const size = SIZES.get(world.scale);
  if (!size) throw new Error('This scale says nothing about topics.');
  const shipped = await measure(world, 'shipped', 0, size);
  const more = await measure(world, 'more aliases', size.aliases, size);
  const row = (vocabulary: string, language: string, all: Tagging[]) => {
    const sum = (of: (each: Tagging) => number) => all.reduce((total, each) => total + of(each), 0);
    const stories = sum((each) => each.stories);
    return [
      vocabulary,
      language === ALL ? '' : shown(all[0]?.aliases ?? 0),
      language,
      shown((stories * 1000) / sum((each) => each.cpuMs)),
      shown(sum((each) => each.p50) / all.length),
      shown(sum((each) => each.p99) / all.length),
      shown(sum((each) => each.topics) / stories),
    ];
  };
  const rows = [shipped, more].flatMap((found, index) =>
    [...found, [ALL, [...found.values()].flat()] as const].map(([language, all]) =>
      row(index === 0 ? 'shipped' : 'and invented persons', language, all),
    ),
  );
  return {
    title: 'Topics of a story',
    how: [
      'The tagger alone, in one process on one thread: stories of 80 words in headline, description and body, no two alike,',
      'of words that are made to look like the language’s, with names of the vocabulary in any case form among them.',
      '`stories` are stories a second of CPU, garbage collection included; p50 and p99 are of one story, in µs, by the',
      'clock, each the mean of its rounds. `topics` is how many a story gets. Aliases are the names',
      `that are looked for in texts of the language, without their case forms; the second vocabulary has ${size.aliases.toLocaleString('en-US')} in`,
      'English, which are looked for in every language.',
    ].join('\n'),
    columns: ['vocabulary', 'aliases', 'language', 'stories', 'p50', 'p99', 'topics'],
    rows,
  };
};

async function measure(
  world: World,
  name: string,
  aliases: number,
  { rounds, stories }: { rounds: number; stories: number },
): Promise<Map<string, Tagging[]>> {
  world.say(`topics, ${name}`);
  const process = await startChild<TopicsApi>('./topics-process.ts', [String(aliases)], world.signal);
  try {
    const found = new Map<string, Tagging[]>(LANGUAGES.map((language) => [language, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [language, all] of found) all.push(await process.call('tag', language, stories));
    }
    return found;
  } finally {
    await process.close();
  }
}
