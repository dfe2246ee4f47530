import { EVENTS, type EventId, type Facts } from './events.ts';
import type { Feed } from './feeds.ts';
import { CITIES } from './places.ts';
import type { Language, Words } from './terms.ts';
import type { Lead, Wording, Wordings } from './wording.ts';
import { ENGLISH } from './wordings-en.ts';
import { RUSSIAN } from './wordings-ru.ts';
import { UKRAINIAN } from './wordings-uk.ts';

/** A story of one feed as it stands now. Its guid and slug stay whatever happens to its text. */
export interface SampleStory {
  readonly feed: Feed;
  readonly guid: string;
  /** Its name in links, unique in its feed and from one run to the next. */
  readonly slug: string;
  readonly event: EventId;
  readonly author: string;
  /** Which of its section's pictures it has. */
  readonly picture: number | undefined;
  /** Milliseconds since 1970, as is `updated`. */
  readonly published: number;
  updated: number;
  facts: Facts;
  /** Whether it has been updated to how the event went on. */
  later: boolean;
  /** The number that was wrong, and where this version says that it is a correction; nowhere in later ones. */
  correction?: { was: number; mark: 'headline' | 'description' | undefined };
}

/** The text of a story, plain. */
export interface Telling {
  headline: string;
  description: string;
  body: string[];
}

export const WORDINGS: Readonly<Record<Language, Wordings>> = {
  uk: UKRAINIAN,
  en: ENGLISH,
  ru: RUSSIAN,
};

const CORRECTED: Words = { en: 'Correction:', uk: 'Виправлено:', ru: 'Исправлено:' };
const NOTE: Words = {
  en: 'Correction: an earlier version of this story said {was} instead of {n}.',
  uk: 'Виправлено: у попередній версії матеріалу було {was} замість {n}.',
  ru: 'Исправлено: в предыдущей версии материала было {was} вместо {n}.',
};
const CREDIT: Words = {
  en: 'With reporting by Dnipro Wire (sample).',
  uk: 'За участю агенції «Дніпро Вайр» (sample).',
  ru: 'При участии агентства «Днипро Вайр» (sample).',
};

/** The last line of every story. */
export const SAMPLE_NOTE: Words = {
  en: 'A sample story written for Newswire; nothing in it happened.',
  uk: 'Зразок матеріалу, написаний для Newswire; нічого з цього не сталося.',
  ru: 'Образец материала, написанный для Newswire; ничего из этого не произошло.',
};

/** Tells a story as its feed would now. @throws {Error} when the feed has no wording for the event. */
export function tell(story: SampleStory): Telling {
  const { feed, facts, correction } = story;
  const { language } = feed;
  const wording: Wording = WORDINGS[language][story.event];
  const first = leadOf(feed, story.event);
  const lead = story.later ? wording.later : first;
  const text = (template: string) => fill(template, language, facts, correction?.was);
  const marked = (place: 'headline' | 'description', template: string) =>
    correction?.mark === place ? `${CORRECTED[language]} ${text(template)}` : text(template);

  return {
    headline: marked('headline', lead.headline),
    description: marked('description', lead.lede),
    body: [
      ...(story.later ? [text(first.lede)] : []),
      ...wording.body.map(text),
      ...(correction ? [text(NOTE[language])] : []),
      ...(feed.retells ? [CREDIT[language]] : []),
      SAMPLE_NOTE[language],
    ],
  };
}

/** How a feed begins to tell an event. @throws {Error} when it has no words for it. */
export function leadOf(feed: Feed, event: EventId): Lead {
  const wording: Wording = WORDINGS[feed.language][event];
  const lead = feed.retells ? wording.again : wording;
  if (!lead) throw new Error(`${feed.id} has no wording for ${event} (${EVENTS[event].section}).`);
  return lead;
}

/** @throws {Error} for a name in braces that is not one of the facts. */
function fill(template: string, language: Language, facts: Facts, was = facts.n): string {
  const city = CITIES[facts.city][language];
  const number = (value: number) => value.toLocaleString(language);
  const values: Record<string, string> = {
    n: number(facts.n),
    m: number(facts.m),
    was: number(was),
    place: city.place,
    in: city.in,
    In: city.in.charAt(0).toUpperCase() + city.in.slice(1),
    of: city.of,
  };
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`No fact is called {${name}}: ${template}`);
    return value;
  });
}
