import type { TopicId } from '../core/topic.ts';
import type { Chance } from './chance.ts';
import { CITIES, type City } from './places.ts';
import type { Mark, Section } from './terms.ts';

/** What differs from one telling of an event to the next; the wording names them `{n}`, `{m}` and `{place}`. */
export interface Facts {
  n: number;
  m: number;
  city: City;
}

/** An event that could happen any number of times, each time with other facts. Nothing in it has happened. */
export interface Event {
  section: Section;
  about: readonly TopicId[];
  /** How its first version is marked. */
  mark: Mark | undefined;
  /** Its city is one of the story's topics. */
  local: boolean;
  facts(chance: Chance): Facts;
  /** The number that a correction gives instead of `was`. */
  corrected(chance: Chance, was: number): number;
}

type Draw = (chance: Chance) => number;

/** Ukrainian and Russian put the genitive plural after these, so that one wording fits every number. */
export function takesGenitivePlural(count: number): boolean {
  const tens = count % 100;
  const ones = count % 10;
  return (tens > 10 && tens < 20) || ones === 0 || ones > 4;
}

const count =
  (from: number, to: number): Draw =>
  (chance) => {
    let drawn = chance.between(from, to);
    while (!takesGenitivePlural(drawn)) drawn += 1;
    return drawn;
  };

/** A percentage, with one decimal that is not zero. */
const rate =
  (from: number, to: number): Draw =>
  (chance) =>
    chance.between(from, to - 1) + chance.between(1, 9) / 10;

interface Spread {
  about?: readonly TopicId[];
  mark?: Mark;
  n: Draw;
  m?: Draw;
  /** Where it can happen; anywhere when absent, and `nowhere` for what concerns the whole country. */
  where?: readonly City[] | 'nowhere';
}

const ANYWHERE = Object.keys(CITIES) as City[];

function event(section: Section, { about = [], mark, n, m = () => 0, where = ANYWHERE }: Spread): Event {
  const cities: readonly City[] = where === 'nowhere' ? ['kyiv'] : where;
  return {
    section,
    about,
    mark,
    local: where !== 'nowhere',
    facts: (chance) => ({ n: n(chance), m: m(chance), city: chance.pick(cities) }),
    corrected(chance, was) {
      for (let attempt = 0; attempt < 50; attempt += 1) {
        const drawn = n(chance);
        if (drawn !== was) return drawn;
      }
      return was + 10;
    },
  };
}

const KYIV = ['kyiv'] as const;
const nowhere = 'nowhere';

/** Every event that the sample newsrooms know; each language has a wording for each. */
export const EVENTS = {
  'exchange-lists': event('war-in-ukraine', {
    about: ['prisoner-exchange', 'person:orysia-talan', 'org:office-for-returns', 'place:ukraine'],
    n: count(200, 1200),
    where: KYIV,
  }),
  'exchange-return': event('war-in-ukraine', {
    mark: 'breaking',
    about: ['prisoner-exchange', 'person:orysia-talan', 'org:office-for-returns', 'place:ukraine'],
    n: count(50, 320),
    m: count(5, 40),
    where: nowhere,
  }),
  'talks-round': event('war-in-ukraine', {
    mark: 'breaking',
    about: ['peace-talks', 'person:markian-dovhal', 'politics', 'place:ukraine'],
    n: count(5, 19),
    m: count(5, 15),
    where: nowhere,
  }),
  'shelters-plan': event('war-in-ukraine', {
    about: ['org:national-security-and-defense-council-of-ukraine', 'politics', 'place:ukraine'],
    n: count(200, 950),
    m: count(40, 120),
    where: KYIV,
  }),
  'fields-cleared': event('war-in-ukraine', {
    about: ['agriculture'],
    n: count(80, 900),
    where: ['kharkiv', 'mykolaiv', 'chernihiv', 'zaporizhzhia'],
  }),
  'underground-school': event('war-in-ukraine', {
    about: ['education'],
    n: count(300, 1100),
    m: count(11, 19),
    where: ['kharkiv', 'zaporizhzhia', 'mykolaiv', 'dnipro', 'chernihiv'],
  }),
  'quiet-alert': event('war-in-ukraine', { about: ['transport'], n: count(25, 140), m: count(11, 49) }),
  'veterans-centre': event('war-in-ukraine', { about: ['society'], n: count(30, 120), m: count(5, 9) }),

  'frontline-budget': event('politics', {
    about: ['parliament', 'person:nazarii-kremin', 'economy', 'place:ukraine'],
    n: count(60, 400),
    where: KYIV,
  }),
  'permits-cut': event('politics', {
    about: ['parliament', 'person:nazarii-kremin', 'place:ukraine'],
    n: count(15, 60),
    where: KYIV,
  }),
  'return-offices': event('politics', {
    about: ['person:ustyna-verbova', 'society', 'place:ukraine'],
    n: count(11, 19),
    where: nowhere,
  }),
  'contracts-list': event('politics', {
    mark: 'exclusive',
    about: ['place:ukraine'],
    n: count(100, 900),
    where: nowhere,
  }),
  'laws-aligned': event('politics', {
    about: ['parliament', 'person:nazarii-kremin', 'place:ukraine'],
    n: count(25, 90),
    m: rate(61, 95),
    where: KYIV,
  }),
  'village-borders': event('politics', { about: ['society'], n: count(5, 19) }),
  'rights-line': event('politics', {
    about: ['society', 'place:ukraine'],
    n: count(900, 6000),
    m: count(5, 20),
    where: nowhere,
  }),
  'night-train-petition': event('politics', { about: ['transport'], n: count(25_000, 60_000) }),

  'key-rate': event('economy', {
    mark: 'breaking',
    about: ['person:daryna-sokyrko', 'place:ukraine'],
    n: count(25, 39),
    m: rate(9, 15),
    where: nowhere,
  }),
  'river-grain': event('economy', {
    about: ['agriculture', 'transport', 'org:zernoshliakh', 'place:ukraine'],
    n: count(150, 480),
    m: rate(3, 19),
    where: nowhere,
  }),
  'grid-batteries': event('economy', {
    about: ['energy', 'org:svitlomerezha', 'person:hordii-tysovets'],
    n: count(20, 180),
  }),
  'prices-slow': event('economy', {
    about: ['inflation', 'person:daryna-sokyrko', 'place:ukraine'],
    n: count(60, 140),
    m: rate(4, 10),
    where: nowhere,
  }),
  'small-loans': event('economy', {
    about: ['person:ustyna-verbova', 'place:ukraine'],
    n: count(600, 4000),
    m: rate(31, 58),
    where: nowhere,
  }),
  'port-berth': event('economy', { about: ['transport'], n: count(120, 400), where: ['odesa', 'mykolaiv'] }),
  'sleeping-cars': event('economy', {
    about: ['transport', 'place:ukraine'],
    n: count(40, 160),
    m: rate(0, 5),
    where: nowhere,
  }),
  'solar-schools': event('economy', {
    about: ['renewable-energy', 'energy', 'education'],
    n: count(15, 90),
    m: count(5, 9),
  }),

  derby: event('sport', {
    about: ['football', 'org:fc-stepovyk', 'org:fc-kobzar', 'person:ostap-lelechenko'],
    n: count(8_000, 32_000),
    m: count(65, 89),
    where: nowhere,
  }),
  marathon: event('sport', { about: ['person:kvitka-zaruba'], n: count(900, 7000), m: count(11, 19) }),
  'coach-stays': event('sport', {
    mark: 'exclusive',
    about: ['football', 'org:fc-stepovyk', 'person:ostap-lelechenko'],
    n: count(50, 190),
    where: nowhere,
  }),
  'junior-fencers': event('sport', { n: count(5, 19) }),
  'chess-display': event('sport', { n: count(15, 40) }),
  'para-swimming': event('sport', { n: count(60, 190), m: count(5, 9) }),
  'stadium-reopens': event('sport', { about: ['football'], n: count(4_000, 18_000), m: count(11, 40) }),
  'mountain-race': event('sport', { about: ['place:ukraine'], n: count(160, 290), where: nowhere }),

  'salt-road': event('arts', { about: ['film', 'person:zenovii-krutohora'], n: count(60, 190) }),
  'rapids-finds': event('arts', {
    about: ['org:museum-of-the-rapids'],
    n: count(100, 600),
    where: ['zaporizhzhia', 'dnipro'],
  }),
  'book-fair': event('arts', { about: ['literature'], n: count(60, 250), m: count(90, 290) }),
  'children-choir': event('arts', { about: ['music', 'person:lukian-bandurko'], n: count(120, 600) }),
  'embroidery-catalogue': event('arts', { n: count(1500, 9000) }),
  'full-house': event('arts', { about: ['theatre'], n: count(15, 60) }),
  'tile-mural': event('arts', { n: count(5_000, 30_000) }),
  'wax-cylinders': event('arts', { about: ['music'], n: count(300, 1500) }),

  'stork-count': event('society', { about: ['animals'], n: count(90, 700), m: rate(3, 19) }),
  'library-bus': event('society', { about: ['literature', 'education'], n: count(15, 90) }),
  'night-train': event('society', { about: ['transport'], n: count(1500, 7000) }),
  'school-menus': event('society', { about: ['education'], n: count(15, 120) }),
  'shelter-dogs': event('society', { about: ['animals'], n: count(30, 150) }),
  downpour: event('society', {
    mark: 'breaking',
    about: ['weather', 'transport'],
    n: count(25, 80),
    m: count(5, 19),
  }),
  seedlings: event('society', { n: count(2000, 9000) }),
  'home-scholarships': event('society', { about: ['education'], n: count(60, 400) }),

  prostheses: event('health', { n: count(60, 400) }),
  'mobile-vaccination': event('health', {
    about: ['person:solomiia-haidash', 'place:ukraine'],
    n: count(8_000, 40_000),
    m: rate(81, 94),
    where: nowhere,
  }),
  'video-doctors': event('health', { about: ['technology'], n: count(15, 90) }),
  'flu-falls': event('health', {
    about: ['person:solomiia-haidash', 'place:ukraine'],
    n: count(25, 140),
    m: rate(5, 29),
    where: nowhere,
  }),
  'blood-donors': event('health', { n: count(60, 290) }),
  ambulances: event('health', { n: count(5, 40), m: count(5, 9) }),
  'teen-sleep': event('health', { about: ['education'], n: count(900, 6000) }),
  'nurses-course': event('health', {
    about: ['mental-health', 'person:solomiia-haidash'],
    n: count(200, 900),
  }),

  'state-app': event('technology', {
    about: ['person:melaniia-obolonets', 'place:ukraine'],
    n: count(5, 19),
    where: nowhere,
  }),
  'student-satellite': event('technology', {
    about: ['education'],
    n: count(200, 900),
    where: ['kharkiv', 'dnipro', 'kyiv', 'lviv'],
  }),
  'weeding-robot': event('technology', { about: ['agriculture'], n: count(15, 90), m: count(15, 60) }),
  'village-fibre': event('technology', { about: ['society'], n: count(60, 400) }),
  'old-handwriting': event('technology', { mark: 'exclusive', about: ['arts'], n: count(60, 900) }),
  'phishing-sites': event('technology', {
    about: ['cybercrime', 'person:melaniia-obolonets', 'place:ukraine'],
    n: count(120, 900),
    where: nowhere,
  }),
  'sodium-battery': event('technology', { mark: 'exclusive', about: ['energy'], n: count(5_000, 20_000) }),
  'access-hackathon': event('technology', { about: ['transport'], n: count(20, 90) }),
} as const satisfies Record<string, Event>;

export type EventId = keyof typeof EVENTS;

export const EVENT_IDS = Object.keys(EVENTS) as EventId[];
