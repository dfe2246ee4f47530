import type { TopicId } from '../core/topic.ts';
import { type Language, SECTIONS, type Section, SUBJECTS } from './terms.ts';

/** One feed of the sample world. The newsrooms are invented, and each says so in its name and description. */
export interface Feed {
  id: string;
  name: string;
  about: string;
  language: Language;
  format: 'rss' | 'atom' | 'json';
  sections: readonly Section[];
  /** Tells events in words of its own (`again`) instead of the agency's. */
  retells: boolean;
  /** Of all its stories. */
  topics?: readonly TopicId[];
  /** Its own words for some sections. */
  words?: Partial<Record<Section, string>>;
  authors: readonly string[];
  /** How an RSS feed shows a picture. */
  picture?: 'enclosure' | 'media';
  /** Its dates are wall-clock time of this zone and do not say so, as many newsrooms' do. */
  timezone?: string;
  /** Its links carry tracking parameters. */
  tracking?: boolean;
}

const EVERYTHING = Object.keys(SECTIONS) as Section[];

export const FEEDS: readonly Feed[] = [
  {
    id: 'dnipro-wire-uk',
    name: 'Дніпро Вайр (sample)',
    about: 'Зразкова стрічка вигаданої агенції. Нічого з цього не сталося.',
    language: 'uk',
    format: 'rss',
    sections: EVERYTHING,
    retells: false,
    authors: ['Павлина Гречко', 'Тарас Очеретний', 'Злата Мелешко', 'Роман Підкова'],
    picture: 'enclosure',
    tracking: true,
  },
  {
    id: 'dnipro-wire-en',
    name: 'Dnipro Wire (sample)',
    about: 'Sample wire of an agency that does not exist. Nothing in it happened.',
    language: 'en',
    format: 'rss',
    sections: EVERYTHING,
    retells: false,
    authors: ['Pavlyna Hrechko', 'Taras Ocheretnyi', 'Zlata Meleshko', 'Roman Pidkova'],
    picture: 'media',
  },
  {
    id: 'dnipro-wire-ru',
    name: 'Днипро Вайр (sample)',
    about: 'Образцовая лента вымышленного агентства. Ничего из этого не произошло.',
    language: 'ru',
    format: 'atom',
    sections: EVERYTHING,
    retells: false,
    authors: ['Павлина Гречко', 'Тарас Очеретный', 'Злата Мелешко', 'Роман Пидкова'],
  },
  {
    id: 'ledger-and-grain',
    name: 'Ledger & Grain (sample)',
    about: 'Sample business desk. The firms, the figures & the people are invented.',
    language: 'en',
    format: 'json',
    sections: ['economy', 'technology'],
    retells: true,
    topics: ['economy'],
    words: { economy: 'Business', technology: 'Innovation' },
    authors: ['Imogen Vale', 'Severyn Lub', 'Tobias Marsh'],
  },
  {
    id: 'sioma-versta',
    name: 'Сьома Верста (sample)',
    about: 'Зразкова обласна редакція, якої не існує. Нічого з цього не сталося.',
    language: 'uk',
    format: 'atom',
    sections: ['society', 'health'],
    retells: true,
    topics: ['place:ukraine'],
    words: { society: 'Громада', health: 'Лікар поруч' },
    authors: ['Одарка Сливка', 'Мирон Вітряк', 'Ганна Перелаз'],
  },
  {
    id: 'stadium-and-stage',
    name: 'Stadium & Stage (sample)',
    about: 'Sample desk for sport and culture. No such match was played, no such play was staged.',
    language: 'en',
    format: 'rss',
    sections: ['sport', 'arts'],
    retells: true,
    words: { sport: 'Stadium', arts: 'Stage' },
    authors: ['Nell Harrow', 'Yurko Bezverkhyi', 'Odile Brandt'],
    picture: 'media',
    timezone: 'Europe/Kyiv',
  },
];

/** The word by which a feed calls a topic. @throws {Error} for a topic that has none. */
export function wordOf(feed: Feed, topic: TopicId): string {
  const words: Partial<Record<TopicId, string>> = feed.words ?? {};
  const word = words[topic] ?? { ...SECTIONS, ...SUBJECTS }[topic]?.[feed.language];
  if (word === undefined) throw new Error(`${feed.id} has no word for ${topic}.`);
  return word;
}

/** Where the feed lies on its server. */
export function pathOf(feed: Feed): string {
  return `/feeds/${feed.id}.${feed.format}`;
}
