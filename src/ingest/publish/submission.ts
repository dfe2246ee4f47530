import { z } from 'zod';
import { WireError } from '../../core/errors.ts';
import { type Content, FLAGS, shorten } from '../../core/story.ts';
import { isTopicId, isTopicRef, type Why } from '../../core/topic.ts';
import type { Topics } from '../../topics/topics.ts';
import { detectLanguage } from '../document/detect-language.ts';
import { sanitizeBody } from '../document/html.ts';
import { identify } from '../document/identity.ts';
import { languageTag } from '../document/language.ts';
import { absoluteUrl, canonicalLink } from '../document/link.ts';
import { tag } from '../document/tag.ts';
import { headlineText, plainText } from '../document/text.ts';

/** What a newsroom wants done with a story of its own. */
export type Submission =
  | { kind: 'content'; content: Content; why: Why[]; correction: boolean; embargo?: number }
  | { kind: 'withdrawal'; id: string };

/** As a feed's stories are bounded, so that the log carries no more of a story whoever wrote it. */
const MAX = { headline: 500, description: 1000, bodyBytes: 200_000, name: 200, sections: 50, topics: 64 };

/** For a story that names no source. */
const HOUSE = { id: 'newsroom', name: 'Newsroom' };

const must = (what: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is missing' : `must be ${what}`),
});
const text = z.string(must('text'));
const name = text.transform((each) => shorten(plainText(each), MAX.name));
const time = z.iso
  .datetime({ offset: true, ...must('a time such as 2026-03-03T10:00:00Z') })
  .transform((each) => new Date(each).toISOString());
const address = text.transform((href, context) => {
  const absolute = absoluteUrl(href);
  if (absolute !== undefined && /^https?:/i.test(href.trim())) return absolute;
  context.addIssue({ code: 'custom', message: 'must be an absolute http or https address' });
  return z.NEVER;
});
const sourceId = text.regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a-z, 0-9 and -');
const size = z.int(must('a whole number')).min(1, must('1 or more')).max(100_000, must('100000 or less'));

const fields = (of: string, otherwise: string) => ({
  error: (issue: { code?: string; keys?: string[] }) =>
    issue.code === 'unrecognized_keys'
      ? `${JSON.stringify(issue.keys?.[0]?.slice(0, 60))} is not a field of ${of}`
      : otherwise,
});

const written = {
  id: text.regex(/^[^\s\p{C}]{1,190}$/u, 'must be 1 to 190 characters without spaces').optional(),
  source: z
    .union(
      [
        sourceId.transform((id) => ({ id, name: id })),
        z
          .strictObject({ id: sourceId, name: name.optional() }, fields('a source', 'must be a source'))
          .transform((source) => ({
            id: source.id,
            name: source.name || source.id,
          })),
      ],
      'must be an id (1 to 64 of a-z, 0-9 and -), or { "id": …, "name": … }',
    )
    .default(HOUSE),
  status: z.enum(['usable', 'canceled'], must('usable or canceled')).default('usable'),
  change: z.enum(['new', 'update', 'correction', 'cancel'], must('new, update or correction')).optional(),
  link: address.optional(),
  language: text
    .transform((each, context) => {
      const language = languageTag(each);
      if (language !== undefined) return language;
      context.addIssue({ code: 'custom', message: 'must be a language tag such as uk or pt-BR' });
      return z.NEVER;
    })
    .optional(),
  headline: text.transform((each) => shorten(headlineText(each), MAX.headline)).optional(),
  description: text.transform(plainText).optional(),
  body: text.optional(),
  by: name.optional(),
  located: name.optional(),
  urgency: z.int(must('a whole number from 1 to 9')).min(1, must('1 to 9')).max(9, must('1 to 9')).default(5),
  flags: z
    .array(z.enum(FLAGS, must(`one of ${FLAGS.join(', ')}`)), must('a list'))
    .max(FLAGS.length * 2, 'has too many')
    .default([]),
  sections: z.array(name, must('a list')).max(MAX.sections, `must have at most ${MAX.sections}`).default([]),
  topics: z
    .array(text.refine(isTopicRef, 'must be a topic id such as politics or place:kyiv'), must('a list'))
    .max(MAX.topics, `must have at most ${MAX.topics}`)
    .default([]),
  image: z
    .union(
      [
        address.transform((href) => ({ href })),
        z.strictObject(
          {
            href: address,
            width: size.optional(),
            height: size.optional(),
            alt: text.transform((alt) => shorten(plainText(alt), MAX.headline)).optional(),
          },
          fields('an image', 'must be an image'),
        ),
      ],
      'must be an absolute http or https address, or { "href": …, "width": …, "height": …, "alt": … }',
    )
    .optional(),
  published: time.optional(),
  embargoedUntil: time.optional(),
  usageTerms: name.optional(),
};

/** What we assign. A story that was read may be sent back as it is; then these say nothing. */
const assigned = Object.fromEntries(
  ['version', 'cursor', 'firstCreated', 'versionCreated', 'cluster', 'alsoReportedBy', 'views'].map((key) => [
    key,
    z.unknown().optional(),
  ]),
);

const schema = z.strictObject(
  { ...assigned, ...written },
  fields('a story', 'the body must be a story: a JSON object'),
);

/**
 * The body of `POST /v1/stories`, as foreign as a feed: plain texts, a sanitised body, canonical link, topics with
 * their ancestors. Without an id the story is known by its link, else by its headline, so that sending it twice is
 * sending it once.
 *
 * @throws {WireError} `invalid_request`; the message begins with the field
 */
export function readSubmission(input: unknown, topics: Pick<Topics, 'vocabulary' | 'tagger'>): Submission {
  const { data, error } = schema.safeParse(input);
  if (!data) throw refusal(error);
  const { source, headline = '', body: html, description: lede = plainText(html ?? ''), image } = data;
  const link = canonicalLink(data.link);
  if (headline === '' && data.status === 'usable')
    throw new WireError('invalid_request', 'headline: is missing.');

  const id = storyIdOf(data.id, source.id, { link, text: headline });
  if (data.status === 'canceled') return { kind: 'withdrawal', id };

  for (const [index, ref] of data.topics.entries()) {
    if (!isTopicId(topics.vocabulary.resolve(ref)))
      throw new WireError('invalid_request', `topics[${index}]: ${ref} stands for no topic of ours.`);
  }
  const sections = [...new Set(data.sections)].filter((section) => section !== '');
  const description = shorten(lede, MAX.description);
  const told = {
    language: data.language ?? detectLanguage(`${headline}. ${description}`)?.language ?? 'und',
    headline,
    description: description === headline ? undefined : description || undefined,
    body: html === undefined ? undefined : sanitizeBody(html, MAX.bodyBytes, link),
    sections,
  };
  const tagged = tag({ topics: data.topics, categories: {} }, told, topics, 'publisher');
  const content: Content = {
    id,
    source,
    link,
    ...told,
    by: data.by || undefined,
    located: data.located || undefined,
    urgency: data.urgency,
    flags: [...new Set(data.flags)],
    topics: tagged.topics,
    image,
    published: data.published,
    embargoedUntil: data.embargoedUntil,
    usageTerms: data.usageTerms || undefined,
  };
  const embargo = data.embargoedUntil === undefined ? undefined : Date.parse(data.embargoedUntil);
  return { kind: 'content', content, why: tagged.why, correction: data.change === 'correction', embargo };
}

/** Every id begins with its source's; the rest is the newsroom's own, or made of what does not change. */
function storyIdOf(
  given: string | undefined,
  source: string,
  traits: { link?: string; text: string },
): string {
  if (given !== undefined) return given.startsWith(`${source}:`) ? given : `${source}:${given}`;
  const [derived] = traits.link || traits.text ? identify(source, [traits]) : [];
  if (derived === undefined)
    throw new WireError(
      'invalid_request',
      'id: is missing, and there is no link or headline to know the story by.',
    );
  return derived;
}

function refusal(error: z.ZodError): WireError {
  const [issue] = error.issues;
  const field = (issue?.path ?? [])
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);
  return new WireError(
    'invalid_request',
    `${field === '' ? '' : `${field}: `}${issue?.message ?? 'is wrong'}.`,
  );
}
