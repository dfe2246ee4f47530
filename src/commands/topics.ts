import { readFile, stat } from 'node:fs/promises';
import { stringify } from 'yaml';
import { SettingError } from '../config.ts';
import { isTopicRef, type Why } from '../core/topic.ts';
import { decode } from '../ingest/document/decode.ts';
import { detectLanguage } from '../ingest/document/detect-language.ts';
import { explain } from '../topics/explain.ts';
import { type ImportedTopics, importMediaTopics } from '../topics/media-topics.ts';
import { shippedTopics } from '../topics/shipped.ts';
import type { Text } from '../topics/tagger.ts';
import { createVocabulary, type Topic, type Vocabulary } from '../topics/vocabulary.ts';
import { readTopics } from '../topics/vocabulary-file.ts';
import { plain, readArguments } from './arguments.ts';
import { loadOwnTopics, problemOf } from './own-topics.ts';

export interface TopicsDeps {
  print(text: string): void;
  warn(line: string): void;
  /** Everything that comes in on standard input. */
  input(): Promise<string>;
  /** The user's own file: what the setting TOPICS says. */
  own: string | undefined;
}

const ACTIONS = { find, explain: explainText, validate, import: importFile };
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
/** A text is no name of a file that is longer. */
const MAX_FILE_NAME = 255;

/** `newswire topics`: looks topics up, explains those of a text, validates and imports files of them. Answers the exit code. */
export async function topics([action = '', ...args]: string[], deps: TopicsDeps): Promise<number> {
  if (!Object.hasOwn(ACTIONS, action))
    throw new SettingError(`newswire topics: expected one of ${Object.keys(ACTIONS).join(', ')}`);
  return ACTIONS[action as keyof typeof ACTIONS](args, deps);
}

async function find(args: string[], { print, warn, own }: TopicsDeps): Promise<number> {
  const options = { lang: { type: 'string' } } as const;
  const { values, positionals } = readArguments('topics find', args, options, true);
  const sought = positionals.join(' ').trim();
  if (sought === '')
    throw new SettingError('newswire topics find: expected words, a topic id or a medtop code');
  const lang = languageOf('find', values.lang);
  const { vocabulary } = await loadOwnTopics(own);
  const exact = isTopicRef(sought) ? vocabulary.get(vocabulary.resolve(sought)) : undefined;
  const others = vocabulary.search(sought).filter((topic) => topic !== exact);
  const found = exact ? [exact, ...others] : others;
  if (found.length === 0) {
    warn(`newswire: no topic is called ${plain(JSON.stringify(sought))}`);
    return 1;
  }
  print(found.map((topic) => shown(topic, vocabulary, lang)).join('\n\n'));
  return 0;
}

/** All that is known of a topic, a line each; in one language, or in all. */
function shown(topic: Topic, vocabulary: Vocabulary, lang: string | undefined): string {
  const { id, names, aliases, sections, parents, medtop } = topic;
  const isWanted = (language: string) => lang === undefined || language === lang || language === '*';
  const list = Object.entries(aliases).flatMap(([language, all]) =>
    isWanted(language) && all.length > 0 ? `${language} ${all.map(({ text }) => text).join(', ')}` : [],
  );
  const other = Object.entries(names).filter(([language]) => isWanted(language));
  const lines: [string, string][] = [
    ['names', other.map(([language, name]) => `${language} ${name}`).join(' · ')],
    ['aliases', list.join(' · ')],
    ['sections', lang === undefined ? sections.join(', ') : ''],
    ['parents', parents.join(', ')],
    ['children', vocabulary.children(id).join(', ')],
    ['medtop', medtop ?? ''],
  ];
  return [
    `${id}  ${nameIn(topic, lang)}`,
    ...lines.flatMap(([label, text]) => (text === '' ? [] : `  ${label.padEnd(8)}  ${text}`)),
  ].join('\n');
}

async function explainText(args: string[], { print, input, own }: TopicsDeps): Promise<number> {
  const options = { lang: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
  const { values, positionals } = readArguments('topics explain', args, options, true);
  if (positionals.length === 0) throw new SettingError('newswire topics explain: expected TEXT, FILE or -');
  const lang = languageOf('explain', values.lang);
  const { vocabulary, tagger } = await loadOwnTopics(own);
  const text = await textOf(positionals, input);
  if (text.trim() === '') throw new SettingError('newswire topics explain: there is no text to read');
  const language = lang ?? detectLanguage(text)?.language ?? 'und';
  const story = storyOf(text, language);
  const { topics: found, why } = tagger.tag(story);
  const explained = explain(found, why, vocabulary);
  if (values.json) print(JSON.stringify({ ...story, topics: found, why: explained }));
  else if (found.length === 0) print(`${language}: no topics`);
  else {
    const width = Math.max(...found.map((id) => id.length));
    print(`${language}: ${found.length} topics`);
    for (const each of explained) {
      const topic = vocabulary.get(each.topic);
      const name = topic ? nameIn(topic, language) : each.topic;
      print(plain(`${each.topic.padEnd(width)}  ${name}: ${reasonOf(each)}`));
    }
  }
  return 0;
}

/** The file of that name, where there is one; otherwise the words themselves. */
async function textOf(given: string[], input: () => Promise<string>): Promise<string> {
  const [name = ''] = given;
  if (given.length > 1 || name === '' || name.includes('\n') || name.length > MAX_FILE_NAME)
    return given.join(' ');
  if (name === '-') return input();
  const isFile = await stat(name).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? decode(await readFile(name)).text : name;
}

/** Its first line as the headline, its second as the description, the rest as the body. */
function storyOf(text: string, language: string): Text {
  const [headline = '', description, ...body] = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return {
    language,
    headline,
    ...(description === undefined ? {} : { description }),
    ...(body.length > 0 ? { body: body.join('\n') } : {}),
  };
}

function reasonOf({ by, words = '', in: place }: Why): string {
  const where = place === undefined ? '' : `, in the ${place}`;
  if (by === 'parent') return `above ${words}`;
  return words === '' ? `${by}${where}` : `${by} ${JSON.stringify(words)}${where}`;
}

async function validate(args: string[], { print, warn, own }: TopicsDeps): Promise<number> {
  const { positionals } = readArguments('topics validate', args, {}, true);
  if (positionals.length > 1) throw new SettingError('newswire topics validate: expected one FILE');
  const file = positionals[0] ?? own;
  const shipped = await shippedTopics();
  try {
    const added = file === undefined ? [] : readTopics({ name: file, text: await readFile(file, 'utf8') });
    const all = createVocabulary(shipped, added).all();
    const ids = new Set(shipped.map(({ topic }) => topic.id));
    const replaced = added.filter(({ topic }) => ids.has(topic.id)).length;
    const yours = `${added.length - replaced} new and ${replaced} in place of shipped ones`;
    print(
      `${plain(file ?? 'the shipped topics')}: ${file === undefined ? '' : `${yours}; `}${countsOf(all)}`,
    );
    return 0;
  } catch (error) {
    if (file === undefined) throw error;
    warn(`newswire: ${plain(problemOf(file, error))}`);
    return 1;
  }
}

function countsOf(all: readonly Topic[]): string {
  const count = (kind: string) => all.filter(({ id }) => id.startsWith(kind)).length;
  const [people, organisations, places] = [count('person:'), count('org:'), count('place:')];
  const subjects = all.length - people - organisations - places;
  return `${all.length} topics in all: ${subjects} subjects, ${people} people, ${organisations} organisations, ${places} places`;
}

async function importFile(args: string[], { print, warn, own }: TopicsDeps): Promise<number> {
  const { positionals } = readArguments('topics import', args, {}, true);
  const [file] = positionals;
  if (file === undefined || positionals.length > 1)
    throw new SettingError('newswire topics import: expected one FILE.json');
  const { vocabulary } = await loadOwnTopics(own);
  try {
    const imported = importMediaTopics(decode(await readFile(file)).text, vocabulary);
    const text = fileOf(imported);
    // What is printed can be used beside what is there already.
    createVocabulary(await shippedTopics(), [
      ...(own === undefined ? [] : readTopics({ name: own, text: await readFile(own, 'utf8') })),
      ...readTopics({ name: 'what was made of it', text }),
    ]);
    print(text);
    const { topics: added, known, retired } = imported;
    warn(
      `newswire: ${added.length} topics; left out ${known} that are there and ${retired} that are retired`,
    );
    return 0;
  } catch (error) {
    warn(`newswire: ${plain(file)}: ${plain((error as Error).message)}`);
    return 1;
  }
}

/** A file of topics, a block each. */
function fileOf({ topics: added, released }: ImportedTopics): string {
  const release = released === undefined ? '' : `, release ${released}`;
  const head = `# IPTC Media Topic NewsCodes © IPTC, CC BY 4.0${release}; https://iptc.org/newscodes/\n`;
  const blocks = added.map(({ id, ...topic }) => stringify({ [id]: topic }, { lineWidth: 0 }));
  return [head, ...blocks].join('\n').trimEnd();
}

function languageOf(action: string, lang: string | undefined): string | undefined {
  if (lang !== undefined && !LANGUAGE.test(lang))
    throw new SettingError(
      `newswire topics ${action} --lang: ${JSON.stringify(lang)} is not a language tag such as uk`,
    );
  return lang;
}

function nameIn({ id, names }: Topic, language: string | undefined): string {
  return names[language ?? 'en'] ?? names.en ?? id;
}
