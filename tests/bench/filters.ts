import { startChild } from './child.ts';
import type { FiltersApi, Found } from './filters-process.ts';
import { FULL, type Measure, QUICK } from './measure.ts';
import { ratio, shown } from './stats.ts';

const SIZES = new Map([
  [FULL, { filters: 100_000, topics: 5_000, rounds: 4 }],
  [QUICK, { filters: 1_000, topics: 500, rounds: 1 }],
]);

/** What it costs to find who gets a story. */
export const filters: Measure = async (world) => {
  const size = SIZES.get(world.scale);
  if (!size) throw new Error('This scale says nothing about filters.');
  const child = await startChild<FiltersApi>(
    './filters-process.ts',
    [String(size.filters), String(size.topics)],
    world.signal,
  );
  const row = (what: string, found: Found | undefined, peer?: Found) => [
    what,
    ...(found
      ? [
          found.filters,
          found.candidates,
          found.groups,
          found.members,
          found.p50,
          found.p99,
          found.cpuP99,
        ].map(shown)
      : []),
    found && peer ? ratio(found.p50, peer.p50) : '',
  ];
  try {
    world.say('filters, popular topics');
    await child.call('openPopular');
    const [popular] = await child.call('find', ['popular'], size.rounds);
    await child.call('openAudience');
    const [audience] = await child.call('find', ['audience'], size.rounds);
    await child.call('forget');
    world.say('filters, of every form, and ten times as many');
    await child.call('openMixed');
    const [one, ten] = await child.call('find', ['one', 'ten'], size.rounds);
    return {
      title: 'From a story to those who asked for it',
      how: [
        'The fan-out alone, in one process, without clients: milliseconds from an entry to all groups (clients with the',
        `same filter) that get it. Stories have 20 of ${size.topics.toLocaleString('en-US')} topics, a language, a source and an urgency;`,
        'filters are of eight forms with AND, OR, NOT, topics, languages, sources, urgencies, flags and a phrase. Some topics are',
        'more common than others, in both alike. The second row has the same filters and nine times as many on other topics;',
        'it takes turns with the first, and the ratio is that of their p50. In the third everyone asks for',
        '`popular AND lang:uk AND something rare AND NOT something`, and every story is popular and in that language. The',
        'fourth has filters of five topics, with five clients each. `candidates` are the filters that are asked for a',
        'story; these and the groups and clients that get it are those of the story in the middle. `CPU` is what the',
        'process spends, in milliseconds, without the time in which other programs had its core.',
      ].join('\n'),
      columns: [
        'filters',
        'distinct',
        'candidates',
        'groups',
        'clients',
        'p50',
        'p99',
        'CPU p99',
        'ratio p50',
      ],
      rows: [
        row('every form', one),
        row('and nine times as many others', ten, one),
        row('popular and rare', popular),
        row('any of five topics', audience),
      ],
    };
  } finally {
    await child.close();
  }
};
