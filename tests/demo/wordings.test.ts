import { describe, expect, test } from '@jest/globals';
import { chanceOf } from '../../src/demo/chance.ts';
import { EVENT_IDS, EVENTS, takesGenitivePlural } from '../../src/demo/events.ts';
import { FEEDS, wordOf } from '../../src/demo/feeds.ts';
import { sourcesAt } from '../../src/demo/sources.ts';
import { leadOf, SAMPLE_NOTE, type SampleStory, tell, WORDINGS } from '../../src/demo/telling.ts';
import { MARKS, SECTIONS, SUBJECTS } from '../../src/demo/terms.ts';
import type { Lead, Wording } from '../../src/demo/wording.ts';

const languages = ['uk', 'en', 'ru'] as const;

function leadsOf({ headline, lede, later, again }: Wording): Lead[] {
  return [{ headline, lede }, later, ...(again ? [again] : [])];
}

/** Every story that every feed could have, in each of its states. */
function* everyStory(): Generator<SampleStory> {
  const chance = chanceOf(7);
  for (const feed of FEEDS) {
    for (const event of EVENT_IDS.filter((id) => feed.sections.includes(EVENTS[id].section))) {
      const facts = EVENTS[event].facts(chance);
      const story: SampleStory = {
        feed,
        event,
        facts,
        guid: `tag:${event}`,
        slug: event,
        author: 'Nobody',
        picture: 1,
        published: 0,
        updated: 0,
        later: false,
      };
      yield story;
      yield { ...story, later: true };
      yield { ...story, correction: { was: 5, mark: 'headline' } };
      yield { ...story, later: true, correction: { was: 5, mark: 'description' } };
    }
  }
}

describe.each(languages)('the wordings in %s', (language) => {
  const wordings: Wording[] = EVENT_IDS.map((id) => WORDINGS[language][id]);

  test('tell at least sixty events', () => {
    expect(wordings.length).toBeGreaterThanOrEqual(60);
  });

  test('say nothing twice', () => {
    const texts = wordings.flatMap((wording) => [
      ...leadsOf(wording).flatMap(({ headline, lede }) => [headline, lede]),
      ...wording.body,
    ]);
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
  });

  test('are written: short headlines, one sentence below them, no stray spaces', () => {
    const leads = wordings.flatMap(leadsOf);
    expect(leads.filter(({ headline }) => headline.length < 20 || headline.length > 110)).toEqual([]);
    expect(leads.filter(({ headline }) => headline.endsWith('.'))).toEqual([]);
    expect(leads.filter(({ lede }) => lede.length < 60 || !/[^.!?]\.$/.test(lede))).toEqual([]);
    const texts = wordings.flatMap((wording) => [
      ...wording.body,
      ...leadsOf(wording).map((lead) => lead.lede),
    ]);
    expect(texts.filter((text) => text !== text.trim() || /\s\s|\s[,.;]/.test(text))).toEqual([]);
  });

  test('are in the letters of their language', () => {
    const foreign = { uk: /[ыэъёa-z]/i, en: /[а-яіїєґ]/i, ru: /[іїєґa-z]/i }[language];
    const texts = wordings.flatMap((wording) => [
      ...wording.body,
      ...leadsOf(wording).flatMap((lead) => [lead.headline, lead.lede]),
    ]);
    expect(texts.filter((text) => foreign.test(text.replace(/\{\w+\}/g, '')))).toEqual([]);
  });

  test('have a number that a correction can change, in the first version of each', () => {
    const numberless = EVENT_IDS.filter((id) => {
      const { headline, lede, again }: Wording = WORDINGS[language][id];
      return [{ headline, lede }, ...(again ? [again] : [])].some(
        (lead) => !`${lead.headline} ${lead.lede}`.includes('{n}'),
      );
    });
    expect(numberless).toEqual([]);
  });
});

test('every feed can tell every event of its sections, whatever became of it', () => {
  for (const story of everyStory()) {
    const { headline, description, body } = tell(story);
    const text = [headline, description, ...body];
    expect(text.filter((each) => each.trim() === '' || /[{}]|undefined|NaN/.test(each))).toEqual([]);
    expect(body.length).toBeGreaterThanOrEqual(3);
    expect(body.at(-1)).toBe(SAMPLE_NOTE[story.feed.language]);
  }
});

test('an update and a correction each change what a reader sees', () => {
  const chance = chanceOf(3);
  for (const story of everyStory()) {
    if (story.later || story.correction) continue;
    const first = tell(story);
    const later = tell({ ...story, later: true });
    expect([later.headline, later.description]).not.toEqual([first.headline, first.description]);

    const n = EVENTS[story.event].corrected(chance, story.facts.n);
    const corrected = tell({
      ...story,
      facts: { ...story.facts, n },
      correction: { was: story.facts.n, mark: 'description' },
    });
    expect(corrected.headline + corrected.description).not.toBe(first.headline + first.description);
    expect(corrected.description).toMatch(/^(Correction|Виправлено|Исправлено): /);
  }
});

test('another newsroom tells an event in other words than the agency', () => {
  for (const feed of FEEDS.filter(({ retells }) => retells)) {
    for (const event of EVENT_IDS.filter((id) => feed.sections.includes(EVENTS[id].section))) {
      expect(leadOf(feed, event).headline).not.toBe(WORDINGS[feed.language][event].headline);
    }
  }
});

test('every number takes the genitive plural, for which the uk and ru wordings are written', () => {
  expect([5, 11, 14, 20, 100, 111, 1_012].every(takesGenitivePlural)).toBe(true);
  expect([1, 2, 4, 21, 134, 1_001].some(takesGenitivePlural)).toBe(false);
  const chance = chanceOf(11);
  for (const id of EVENT_IDS) {
    for (let draw = 0; draw < 50; draw += 1) {
      const { n, m } = EVENTS[id].facts(chance);
      expect(takesGenitivePlural(n)).toBe(true);
      expect(Number.isInteger(m) ? takesGenitivePlural(m) : m > 0).toBe(true);
      expect(EVENTS[id].corrected(chance, n)).not.toBe(n);
    }
  }
});

test('each source maps every word of its feed to the topic that it stands for', () => {
  const topics = [...Object.keys(SECTIONS), ...Object.keys(SUBJECTS)];
  for (const [index, source] of sourcesAt('http://127.0.0.1:1').sources.entries()) {
    const feed = FEEDS[index];
    if (!feed) throw new Error(`${source.id} has no feed`);
    for (const topic of topics) expect(source.categories[wordOf(feed, topic)]).toBe(topic);
    for (const mark of Object.values(MARKS)) expect(source.categories[mark[feed.language]]).toBeUndefined();
    expect(Object.values(source.categories).every((topic) => /^(?:\w+:)?[a-z0-9-]+$/.test(topic))).toBe(true);
  }
});
