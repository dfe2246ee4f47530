import type { Flag } from '../../core/story.ts';

/**
 * The words by which newsrooms mark a story, at the head or the end of its headline or as its section; in uk, ru, en, de, fr
 * and es. */
const MARKS: ReadonlyArray<readonly [flag: Flag, ...words: string[]]> = [
  [
    'breaking',
    'news alert',
    'just in',
    'eilmeldung',
    'eil',
    'alerte info',
    'alerte',
    'flash info',
    'dernière minute',
    'urgente',
    'última hora',
    'ultima hora',
    'ultima ora',
    'молнія',
    'важливо терміново',
    'срочные новости',
    'термінова новина',
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
  [
    'exclusive',
    'exklusiv',
    'exclusif',
    'exclusivité',
    'info exclusive',
    'exclusiva',
    'en exclusiva',
    'exclusivo',
    'esclusiva',
    'эксклюзивное интервью',
    "ексклюзивне інтерв'ю",
    'exclusive',
    'ексклюзив',
    'ексклюзивно',
    'эксклюзив',
    'эксклюзивно',
  ],
  [
    'opinion',
    'viewpoint',
    'guest essay',
    'letters to the editor',
    'meinung',
    'kommentar',
    'leitartikel',
    'gastbeitrag',
    'kolumne',
    'tribune',
    'éditorial',
    'édito',
    'chronique',
    'point de vue',
    'opinión',
    'columna',
    'tribuna',
    'opinione',
    'oped',
    'авторська колонка',
    'авторская колонка',
    'блоги',
    'точка зору',
    'точка зрения',
    'редакційна колонка',
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
    'live coverage',
    'as it happened',
    'liveticker',
    'live-ticker',
    'newsticker',
    'en direct',
    'direct',
    'en directo',
    'en vivo',
    'directo',
    'minuto a minuto',
    'наживо онлайн',
    'прямая трансляция',
    'пряма трансляція',
    'хроніка онлайн',
    'онлайн-репортаж',
    'текстовая трансляция',
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
    'sponsored post',
    'paid content',
    'promoted',
    'advertisement',
    'branded content',
    'anzeige',
    'werbung',
    'publireportage',
    'contenu sponsorisé',
    'sponsorisé',
    'publi-rédactionnel',
    'publicité',
    'contenido patrocinado',
    'patrocinado',
    'publirreportaje',
    'publicidad',
    'партнерський проєкт',
    'партнерский проект',
    'новини партнерів',
    'новости партнеров',
    'промо',
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

/** Every word that is a mark and no part of the story. */
export const FLAG_WORDS: ReadonlySet<string> = new Set(FLAG_OF.keys());

/** `Mark: …`, `MARK! …`, `Mark — …`, `Mark | …`, `Mark. …`, `[Mark] …`; a bare `Live music returns` is no mark. */
const PREFIX = /^[\s"«“]*(?:[[(]([^\])]{2,30})[\])]|([^:!|.—–[\]()]{2,30}?)(?:\s*[:!|—–]|\.\s|\s-\s))/u;
/** `… – live`, `… | Opinion`, `… (exclusive)`. */
const SUFFIX = /(?:\s[|–—-]\s|\s[[(])([^|–—[\]()]{2,30})[)\]]?\s*$/u;
/** What stands before a mark for the eye alone. */
const ORNAMENT = /^(?:[\s+*●•]|\p{Extended_Pictographic}|\ufe0f)+/u;
const LIGHTNING = /^\s*(?:⚡|🚨|❗)/u;

const CORRECTION_WORDS =
  'correction|corrections|corrected|виправлено|виправлення|уточнено|уточнення|исправлено|исправление|уточнение|спростування|опровержение';
const CORRECTION = new RegExp(
  `^[\\s"«“]*(?:[[(]\\s*(?:${CORRECTION_WORDS}|corrects)(?![\\p{L}\\p{N}])|(?:${CORRECTION_WORDS})(?:\\s*[:!|.,—–]|\\s-\\s|-(?=\\p{L})|\\s*$))`,
  'iu',
);

/** What the publisher's own marks say of a story; each flag once. */
export function flagsOf(headline: string, sections: readonly string[]): Flag[] {
  const prefix = PREFIX.exec(headline.replace(ORNAMENT, '').replace(/\s\+{2,}\s/, ': '));
  const suffix = SUFFIX.exec(headline.slice(-60));
  const marks = [prefix?.[1] ?? prefix?.[2] ?? '', suffix?.[1] ?? '', ...sections];
  const flags = marks.flatMap(
    (mark) =>
      FLAG_OF.get(
        mark
          .replace(/\s?\++$/, '')
          .trim()
          .toLowerCase(),
      ) ?? [],
  );
  if (LIGHTNING.test(headline)) flags.unshift('breaking');
  return [...new Set(flags)];
}

/** Whether a headline or lede begins with the publisher's word that it corrects what was said before. */
export function isCorrection(text: string): boolean {
  return CORRECTION.test(text);
}
