/**
 * Holds filters against stories twice: by the fan-out, with its index and its programs, and by what they mean, read from
 * the filter as it was written. `npx tsx tests/core/filter-pairs.ts --count 1000000 --seed 1` does it that often, and
 * fails on the first pair about which the two disagree.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { type Filter, parseFilter } from '../../src/core/filter.ts';
import type { Facets, Flag } from '../../src/core/story.ts';
import { createFanOut } from '../../src/gateway/fan-out.ts';
import { entry } from '../support/stories.ts';

const TOPICS = ['politics', 'sport', 'war-in-ukraine', 'person:rustem-umerov', 'place:kyiv'];
const LANGUAGES = ['uk', 'en', 'pt-br'];
const SOURCES = ['unn-uk', 'bbc-world'];
const FLAGS: Flag[] = ['breaking', 'exclusive'];
const WORDS = ['prisoner', 'exchange', 'обмін', 'Умєров', 'умер', "п'ять", '北京'];

const topic = fc.constantFrom(...TOPICS);
const some = (values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const phrase = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
  .map((words) => words.join(' '));

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  topic,
  some(TOPICS),
  fc.record({ language: some(LANGUAGES) }),
  fc.record({ source: some(SOURCES) }),
  fc.record({ urgency: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ flag: some(FLAGS) }),
  fc.record({ text: phrase }),
  fc.record({ text: phrase.map((words) => `"${words}"`) }),
);

/** Shallow and narrow enough to be within the limits. */
function filter(depth: number): fc.Arbitrary<Filter> {
  if (depth === 0) return leaf;
  const inner = filter(depth - 1);
  const parts = fc.array(inner, { minLength: 1, maxLength: 3 });
  return fc.oneof(leaf, fc.record({ any: parts }), fc.record({ all: parts }), fc.record({ not: inner }));
}

export const anyFilter = filter(2);
export const anyStory: fc.Arbitrary<Facets> = fc.record({
  topics: fc.uniqueArray(topic),
  language: fc.constantFrom('uk', 'en', 'en-GB', 'pt-BR', 'und'),
  source: fc.constantFrom(...SOURCES).map((id) => ({ id, name: id })),
  urgency: fc.integer({ min: 1, max: 9 }),
  flags: fc.uniqueArray(fc.constantFrom(...FLAGS)),
  headline: fc.array(fc.constantFrom(...WORDS)).map((words) => words.join(', ')),
  description: fc.option(
    fc.array(fc.constantFrom(...WORDS)).map((words) => words.join(' ')),
    { nil: undefined },
  ),
});

/** What a filter means, said a second time and without any of the canonical form. */
export function means(written: Filter, story: Facets): boolean {
  if (typeof written === 'string') return story.topics.includes(written);
  if (Array.isArray(written)) return written.some((each) => story.topics.includes(each));
  if ('any' in written) return written.any.some((each) => means(each, story));
  if ('all' in written) return written.all.every((each) => means(each, story));
  if ('not' in written) return !means(written.not, story);
  if ('language' in written) {
    const tag = story.language.toLowerCase();
    return written.language.some((each) => tag === each || tag.startsWith(`${each}-`));
  }
  if ('source' in written) return written.source.includes(story.source.id);
  if ('urgency' in written) return story.urgency <= written.urgency;
  if ('flag' in written) return story.flags.some((each) => written.flag.includes(each));
  const split = (text: string) =>
    text
      .toLowerCase()
      .split(/[\s,"]+|(?<=北)|(?=京)/)
      .filter(Boolean);
  const asked = written.text.startsWith('"')
    ? [split(written.text)]
    : split(written.text).map((word) => [word]);
  const fields = [split(story.headline), split(story.description ?? '')];
  return asked.every((words) =>
    fields.some((field) => field.some((_, at) => words.every((word, index) => field[at + index] === word))),
  );
}

/** Filters of a round; each is held against as many stories, of which one in five is a withdrawal of three versions. */
const ROUND = 250;

/**
 * Rounds of random filters and stories until there were `count` pairs. Half of a round's filters are taken out before
 * the next, so that the index that is asked has always had others in it.
 * @throws {Error} about the first pair on which the fan-out and the meaning differ.
 */
export function comparePairs(count: number, seed: number): { pairs: number; matching: number } {
  const fanOut = createFanOut<{ written: Filter }>();
  let kept: { written: Filter }[] = [];
  let pairs = 0;
  let matching = 0;
  for (let round = 0; pairs < count; round += 1) {
    const draw = { seed: seed * 1_000_003 + round };
    const fresh = fc.sample(anyFilter, { ...draw, numRuns: ROUND - kept.length });
    const filters = [...kept, ...fresh.map((written) => ({ written }))];
    for (const each of filters.slice(kept.length)) fanOut.add(parseFilter(each.written), each);
    const versions = fc.sample(anyStory, { ...draw, numRuns: ROUND + 2 });
    for (let at = 0; at < ROUND && pairs < count; at += 1) {
      const reach = versions.slice(at, at + (at % 5 === 0 ? 3 : 1));
      const asked = entry('story', at + 1, versions[at]);
      const got = new Set(fanOut.match(at % 5 === 0 ? { ...asked, reach } : asked));
      for (const each of filters) {
        const wanted = reach.some((version) => means(each.written, version));
        if (got.has(each) !== wanted)
          throw new Error(
            `${JSON.stringify(each.written)} should ${wanted ? '' : 'not '}match ${JSON.stringify(reach)} (seed ${seed}, round ${round}).`,
          );
        pairs += 1;
        if (wanted) matching += 1;
      }
    }
    kept = filters.filter((_, index) => index % 2 === 0);
    for (const each of filters.filter((_, index) => index % 2 === 1))
      fanOut.remove(parseFilter(each.written), each);
  }
  for (const each of kept) fanOut.remove(parseFilter(each.written), each);
  const left = fanOut.size();
  if (Object.values(left).some((each) => each !== 0))
    throw new Error(`Left behind: ${JSON.stringify(left)}.`);
  return { pairs, matching };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { count, seed } = parseArgs({
    options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
  }).values;
  const { pairs, matching } = comparePairs(Number(count), Number(seed));
  process.stdout.write(`${pairs} pairs, of which ${matching} match: all as they mean (seed ${seed})\n`);
}
