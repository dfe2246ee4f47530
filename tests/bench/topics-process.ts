/** The tagger alone, on one thread: `topics-process.ts ALIASES`. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { isEntity } from '../../src/core/topic.ts';
import { type Chance, chanceOf } from '../../src/demo/chance.ts';
import { caseForms } from '../../src/topics/declension/declension.ts';
import { shippedTopics } from '../../src/topics/shipped.ts';
import { createTagger, type Tagger } from '../../src/topics/tagger.ts';
import { createVocabulary, type Topic } from '../../src/topics/vocabulary.ts';
import { readTopics } from '../../src/topics/vocabulary-file.ts';
import { serve } from './child.ts';
import { createTexts } from './sample-text.ts';
import { percentile } from './stats.ts';

export type TopicsApi = Awaited<ReturnType<typeof open>>['api'];

/**
 * What it took to tag stories of one language, and how many aliases are looked for in them; `cpuMs` is all that the
 * process spent, times of a story are in µs.
 */
export interface Tagging {
  aliases: number;
  stories: number;
  topics: number;
  cpuMs: number;
  p50: number;
  p99: number;
}

const GIVEN_NAMES = new URL('../../src/topics/given-names.yaml', import.meta.url);
async function open() {
  const aliases = Number(process.argv[2]);
  const chance = chanceOf(20_261_122);
  const shipped = await shippedTopics();
  const invented = invent(
    chance,
    aliases,
    aliasesOf(
      shipped.map(({ topic }) => topic),
      'en',
    ),
  );
  const vocabulary = createVocabulary(shipped, readTopics({ name: 'invented', text: invented }));
  const givenNames = z
    .record(z.string(), z.array(z.string()))
    .parse(parse(await readFile(GIVEN_NAMES, 'utf8')));
  const tagger = createTagger(vocabulary, givenNames);
  const all = vocabulary.all();

  return {
    api: {
      /** Tags so many stories of a language, no two alike and none that was tagged before; as many first, uncounted. */
      tag(language: string, stories: number): Tagging {
        const next = createTexts(chance, language, namesIn(language, all));
        run(tagger, Array.from({ length: stories }, next));
        const found = run(tagger, Array.from({ length: stories }, next));
        return { aliases: aliasesOf(all, language), ...found };
      },
    },
    close: async () => {},
  };
}

function run(tagger: Tagger, stories: Parameters<Tagger['tag']>[0][]): Omit<Tagging, 'aliases'> {
  const took: number[] = [];
  let topics = 0;
  const before = process.cpuUsage();
  for (const story of stories) {
    const from = performance.now();
    topics += tagger.tag(story).topics.length;
    took.push((performance.now() - from) * 1000);
  }
  const { user, system } = process.cpuUsage(before);
  return {
    stories: stories.length,
    topics,
    cpuMs: (user + system) / 1000,
    p50: percentile(took, 50),
    p99: percentile(took, 99),
  };
}

/** How many names and aliases of persons, organisations and places are looked for in texts of a language. */
function aliasesOf(topics: readonly Pick<Topic, 'id' | 'names' | 'aliases'>[], language: string): number {
  let count = 0;
  for (const { id, names, aliases } of topics) {
    if (!isEntity(id)) continue;
    const from = [...new Set([language, '*', 'en'])];
    const texts = from.flatMap((each) => [
      ...(names[each] === undefined ? [] : [names[each]]),
      ...(aliases[each] ?? []).map(({ text }) => text),
    ]);
    count += new Set(texts).size;
  }
  return count;
}

/** Persons with a name and a surname alone in three languages, until there are so many aliases in English. */
function invent(chance: Chance, wanted: number, there: number): string {
  const syllables = [
    'ba',
    'ko',
    'mel',
    'dor',
    'si',
    'ven',
    'tra',
    'lu',
    'gor',
    'ni',
    'pas',
    'che',
    'rud',
    'vy',
  ];
  const cyrillic = [
    'ба',
    'ко',
    'мел',
    'дор',
    'сі',
    'вен',
    'тра',
    'лу',
    'гор',
    'ні',
    'пас',
    'че',
    'руд',
    'ви',
  ];
  const lines: string[] = [];
  for (let count = there, number = 0; count < wanted; count += 2, number += 1) {
    const parts = Array.from({ length: 5 }, () => chance.between(0, syllables.length - 1));
    const spelled = (from: string[]) => {
      const [a = 0, b = 0, ...rest] = parts;
      const surname = capital(rest.map((part) => from[part]).join('') + numeral(number, from));
      return { whole: `${capital(`${from[a]}${from[b]}`)} ${surname}`, surname };
    };
    const [en, uk] = [spelled(syllables), spelled(cyrillic)];
    const ru = { whole: uk.whole.replaceAll('і', 'и'), surname: uk.surname.replaceAll('і', 'и') };
    lines.push(
      `person:invented-${number}: { names: { uk: ${uk.whole}, ru: ${ru.whole}, en: ${en.whole} }, ` +
        `aliases: { uk: [${uk.surname}], ru: [${ru.surname}], en: [${en.surname}] } }`,
    );
  }
  return lines.join('\n');
}

/** A number in syllables: what makes each name another. */
function numeral(number: number, syllables: string[]): string {
  const digit = syllables[number % syllables.length] ?? '';
  return number < syllables.length
    ? digit
    : numeral(Math.floor(number / syllables.length), syllables) + digit;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The names of persons, organisations and places in one language, in all their cases where it has cases. */
function namesIn(language: string, topics: readonly Topic[]): string[] {
  return topics.flatMap(({ id, names, gender }) => {
    const name = names[language];
    if (!isEntity(id) || name === undefined) return [];
    if (language !== 'uk' && language !== 'ru') return name;
    const kind = id.startsWith('person:') ? 'person' : id.startsWith('org:') ? 'org' : 'place';
    return [...caseForms(name, { language, kind, gender })];
  });
}

await serve(open);
