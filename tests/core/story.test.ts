import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { toNinjs } from '../../src/core/ninjs.ts';
import { storySchema } from '../../src/core/schema.ts';
import { compact, FLAGS, type Story, shorten } from '../../src/core/story.ts';
import { isTopicId, isTopicRef } from '../../src/core/topic.ts';
import { story } from '../support/stories.ts';

const slug = fc.stringMatching(/^[a-z0-9]{1,30}(-[a-z0-9]{1,20}){0,3}$/);
const time = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const text = fc.string({ unit: 'binary', maxLength: 800 });
const anyStory: fc.Arbitrary<Story> = fc.record(
  {
    id: slug.map((id) => `source:${id}`),
    version: fc.integer({ min: 1, max: 1000 }),
    status: fc.constantFrom('usable', 'canceled'),
    change: fc.constantFrom('new', 'update', 'correction', 'cancel'),
    cursor: fc.nat().map((sequence) => `epoch.${sequence}`),
    source: fc.record({ id: slug, name: text }),
    link: fc.webUrl(),
    language: fc.constantFrom('uk', 'en', 'pt-BR'),
    headline: text,
    description: text,
    body: text,
    by: text,
    located: text,
    urgency: fc.integer({ min: 1, max: 9 }),
    flags: fc.uniqueArray(fc.constantFrom(...FLAGS)),
    sections: fc.array(text, { maxLength: 5 }),
    topics: fc.uniqueArray(
      fc.oneof(
        slug,
        slug.map((id) => `person:${id}`),
        slug.map((id) => `place:${id}`),
      ),
      { maxLength: 64 },
    ),
    image: fc.record(
      { href: fc.webUrl(), width: fc.nat(), height: fc.nat(), alt: text },
      { requiredKeys: ['href'] },
    ),
    published: time,
    embargoedUntil: time,
    usageTerms: text,
    firstCreated: time,
    versionCreated: time,
    views: fc.nat(),
  },
  {
    requiredKeys: [
      'id',
      'version',
      'status',
      'change',
      'cursor',
      'source',
      'language',
      'headline',
      'urgency',
      'flags',
      'sections',
      'topics',
      'firstCreated',
      'versionCreated',
    ],
  },
);

describe('a story', () => {
  test('is at most 1 KB in the compact view, and still says what it is', () => {
    fc.assert(
      fc.property(anyStory, (full) => {
        const small = compact(full);
        expect(Buffer.byteLength(JSON.stringify(small))).toBeLessThanOrEqual(1024);
        expect(small).toMatchObject({
          id: full.id,
          version: full.version,
          status: full.status,
          cursor: full.cursor,
        });
        expect([...(small.description ?? '')].length).toBeLessThanOrEqual(200);
      }),
    );
  });

  test('passes the schema that guards what comes back from Redis, whatever its text', () => {
    fc.assert(
      fc.property(anyStory, (full) =>
        expect(storySchema.parse(JSON.parse(JSON.stringify(full)))).toEqual(JSON.parse(JSON.stringify(full))),
      ),
    );
    expect(storySchema.safeParse({ ...story('a'), urgency: 0 }).success).toBe(false);
    expect(storySchema.safeParse({ ...story('a'), topics: ['Not A Topic'] }).success).toBe(false);
    expect(storySchema.safeParse({}).success).toBe(false);
  });

  test('is a valid ninjs 3.1 document', () => {
    const file = new URL('../fixtures/ninjs-schema_3.1.json', import.meta.url);
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    // We write no geometry; what IPTC refers to for it need not be at hand.
    ajv.addSchema({}, 'https://geojson.org/schema/GeoJSON.json');
    const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    fc.assert(
      fc.property(anyStory, (full) => {
        const document = toNinjs(full, (topic) => topic);
        expect(validate(JSON.parse(JSON.stringify(document))) ? [] : validate.errors).toEqual([]);
      }),
    );
  });

  test('is shortened at a word and never inside a character', () => {
    expect(shorten('one two three', 100)).toBe('one two three');
    expect(shorten('one two three', 10)).toBe('one two…');
    expect(shorten('🚀'.repeat(10), 5)).toBe('🚀🚀🚀🚀…');
  });
});

describe('a topic id', () => {
  test.each([
    ['politics', true],
    ['war-in-ukraine', true],
    ['person:rustem-umerov', true],
    ['place:kyiv', true],
    ['medtop:11000000', false],
    ['Politics', false],
    ['a--b', false],
    ['-a', false],
    ['a-', false],
    ['', false],
    ['thing:x', false],
    ['person:', false],
    ['a'.repeat(129), false],
  ])('%s: %s', (id, valid) => {
    expect(isTopicId(id)).toBe(valid);
  });

  test('may be asked for by its medtop code', () => {
    expect(isTopicRef('medtop:11000000')).toBe(true);
    expect(isTopicRef('medtop:1')).toBe(false);
  });
});
