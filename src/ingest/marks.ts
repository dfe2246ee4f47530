import type { Flag } from '../core/story.ts';

/** The words by which newsrooms mark a story, at the head of its headline or as its section; in uk, ru and en. */
const MARKS: ReadonlyArray<readonly [flag: Flag, ...words: string[]]> = [
  [
    'breaking',
    'breaking',
    'breaking news',
    'urgent',
    'news flash',
    'newsflash',
    'терміново',
    'блискавка',
    'срочно',
    'молния',
    'экстренно',
  ],
  ['exclusive', 'exclusive', 'ексклюзив', 'ексклюзивно', 'эксклюзив', 'эксклюзивно'],
  [
    'opinion',
    'opinion',
    'opinions',
    'op-ed',
    'commentary',
    'editorial',
    'думка',
    'думки',
    'погляд',
    'погляди',
    'колонка',
    'колонки',
    'мнение',
    'мнения',
  ],
  [
    'live',
    'live',
    'live updates',
    'live blog',
    'liveblog',
    'наживо',
    'онлайн',
    'онлайн-трансляція',
    'текстова трансляція',
    'прямий ефір',
    'онлайн-трансляция',
    'прямой эфир',
  ],
  [
    'sponsored',
    'sponsored',
    'sponsored content',
    'advertorial',
    'paid post',
    'partner content',
    'реклама',
    'на правах реклами',
    'на правах рекламы',
    'партнерський матеріал',
    'партнерский материал',
    'спецпроєкт',
    'спецпроект',
  ],
];

const FLAG_OF = new Map(MARKS.flatMap(([flag, ...words]) => words.map((word) => [word, flag] as const)));

/** `Mark: …`, `MARK! …`, `Mark — …`, `Mark | …`, `Mark. …`, `[Mark] …`; a bare `Live music returns` is no mark. */
const PREFIX = /^[\s"«“]*(?:[[(]([^\])]{2,30})[\])]|([^:!|.—–[\]()]{2,30}?)(?:\s*[:!|—–]|\.\s|\s-\s))/u;
const LIGHTNING = /^\s*(?:⚡|🚨|❗)/u;

const CORRECTION_WORDS =
  'correction|corrections|corrected|виправлено|виправлення|уточнено|уточнення|исправлено|исправление|уточнение|спростування|опровержение';
const CORRECTION = new RegExp(
  `^[\\s"«“]*(?:[[(]\\s*(?:${CORRECTION_WORDS}|corrects)(?![\\p{L}\\p{N}])|(?:${CORRECTION_WORDS})(?:\\s*[:!|.,—–]|\\s-\\s|-(?=\\p{L})|\\s*$))`,
  'iu',
);

/** What the publisher's own marks say of a story; each flag once. */
export function flagsOf(headline: string, sections: readonly string[]): Flag[] {
  const prefix = PREFIX.exec(headline);
  const marks = [prefix?.[1] ?? prefix?.[2] ?? '', ...sections];
  const flags = marks.flatMap((mark) => FLAG_OF.get(mark.trim().toLowerCase()) ?? []);
  if (LIGHTNING.test(headline)) flags.unshift('breaking');
  return [...new Set(flags)];
}

/** Whether a headline or lede begins with the publisher's word that it corrects what was said before. */
export function isCorrection(text: string): boolean {
  return CORRECTION.test(text);
}
