import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { durationMs } from '../core/duration.ts';
import { isTopicRef, type TopicRef } from '../core/topic.ts';

/** A news source, as section 3 of the contract describes it. */
export interface Source {
  id: string;
  name: string;
  url: string;
  /** BCP 47; absent when each story is to say itself. */
  language?: string;
  /** Added to every story. */
  topics: TopicRef[];
  /** The publisher's words for a section, to our topics. */
  categories: Record<string, TopicRef[]>;
  /** Milliseconds between polls: the first guess, and the shortest. */
  every: number;
  /** IANA name, for dates that carry no zone. */
  timezone: string;
  urgency: number;
  /** Free text, shown as `usageTerms`. */
  allow?: string;
  /** Stories that leave the feed are asked for at their links, and withdrawn when they are not there. */
  checkGone?: boolean;
  /** Polled at its own pace whatever it and its caches say of when to ask (ttl, max-age …): only where they agreed. */
  ignoreHints?: boolean;
}

/** A sources file that cannot be used. The message is one line: the file, the entry, and what is wrong with it. */
export class SourcesError extends Error {
  override readonly name = 'SourcesError';
}

const DAY_MS = 86_400_000;

const must = (what: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is missing' : `must be ${what}`),
});

const line = z
  .string(must('text'))
  .trim()
  .min(1, 'must not be empty')
  .max(500, 'must be at most 500 characters');
const id = z.string(must('text')).regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a-z, 0-9 and -');
const every = z
  .string(must('a duration such as 60s, 5m or 1h'))
  .regex(/^\d{1,9}(?:ms|s|m|h)$/, 'must be a duration such as 60s, 5m or 1h')
  .transform((text) => durationMs(text) ?? 0)
  .refine((ms) => ms >= 50 && ms <= DAY_MS, 'must be between 50ms and 24h');
const topic = z.string(must('a topic id')).refine(isTopicRef, {
  error: ({ input }) => `${JSON.stringify(input)} is not a topic id such as politics or place:kyiv`,
});
const topics = z.array(topic, must('a list of topic ids'));
const url = z.string(must('an address')).superRefine((text, context) => {
  const problem = problemOfUrl(text);
  if (problem) context.addIssue(problem);
});

const fields = {
  language: z
    .string(must('a language tag such as uk or pt-BR'))
    .refine(isLanguage, 'must be a language tag such as uk or pt-BR')
    .optional(),
  topics: topics.default([]),
  categories: z
    .record(
      z.string(),
      z.union([topic.transform((one) => [one]), topics], must('a topic id or a list of them')),
      must('words and the topics that they stand for'),
    )
    .default({}),
  every: every.default(60_000),
  timezone: z
    .string(must('a time zone such as Europe/Kyiv'))
    .refine(isTimeZone, 'must be a time zone such as Europe/Kyiv')
    .default('UTC'),
  urgency: z
    .int(must('a whole number from 1 to 9'))
    .min(1, 'must be 1 to 9')
    .max(9, 'must be 1 to 9')
    .default(5),
  allow: line.optional(),
  checkGone: z.boolean(must('true or false')).optional(),
  ignoreHints: z.boolean(must('true or false')).optional(),
};
const unknownKeys = {
  error: (issue: { code?: string; keys?: string[] }) =>
    issue.code === 'unrecognized_keys'
      ? `unknown key ${JSON.stringify(issue.keys?.[0])}`
      : 'must be keys and values',
};
const sourceSchema = z
  .strictObject({ id, name: line.optional(), url, ...fields }, unknownKeys)
  .transform((source): Source => ({ ...source, name: source.name ?? source.id }));
const defaultsSchema = z.strictObject(fields, unknownKeys);
const fileSchema = z.strictObject(
  {
    sources: z.array(z.unknown(), must('a list')),
    defaults: z.record(z.string(), z.unknown(), must('keys and values')).default({}),
  },
  unknownKeys,
);

/**
 * @param name how the file is called in messages
 * @throws {SourcesError} for the first thing that is wrong; nothing is read of a file that is wrong somewhere
 */
export function parseSources(text: string, name: string): Source[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken)
    throw new SourcesError(
      `${name}: line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`,
    );

  const fail = (where: string, problem: string, path: readonly PropertyKey[] = []): never => {
    const node = path.length > 0 ? document.getIn(path, true) : undefined;
    const start = isNode(node) ? node.range?.[0] : undefined;
    const at = start === undefined ? '' : ` (line ${lines.linePos(start).line})`;
    throw new SourcesError(`${name}: ${where === '' ? '' : `${where}: `}${problem}${at}`);
  };

  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return fail('', error instanceof Error ? error.message : String(error));
  }
  if (data === null) return fail('', 'sources is missing');
  const file = fileSchema.safeParse(data);
  if (!file.success) return fail('', describe(file.error));
  const defaults = defaultsSchema.partial().safeParse(file.data.defaults);
  if (!defaults.success) return fail('defaults', describe(defaults.error), ['defaults']);

  const firstWith = new Map<string, number>();
  return file.data.sources.map((entry, index) => {
    const given = typeof entry === 'object' && entry !== null ? entry : {};
    const givenId = 'id' in given && typeof given.id === 'string' ? ` (${given.id})` : '';
    const where = `sources[${index}]${givenId}`;
    if (given !== entry || Array.isArray(entry))
      return fail(where, 'must be keys and values', ['sources', index]);

    const source = sourceSchema.safeParse({ ...file.data.defaults, ...entry });
    if (!source.success) return fail(where, describe(source.error), ['sources', index]);
    const first = firstWith.get(source.data.id);
    if (first !== undefined) return fail(where, `id is taken by sources[${first}]`, ['sources', index]);
    firstWith.set(source.data.id, index);
    return source.data;
  });
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  const message = issue?.message ?? 'is wrong';
  const path = issue?.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);
  return path ? `${path} ${message}` : message;
}

function problemOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return `must be an address such as https://news.example/rss.xml`;
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return 'must be http or https';
  // It would be shown to everyone, by GET /v1/sources.
  if (username || password) return 'must not carry a user name or a password';
  return undefined;
}

function isLanguage(text: string): boolean {
  return /^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/i.test(text);
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
