import { FLAG_WORDS } from './marks.ts';

const WORD = "\\p{Lu}[\\p{L}'’.-]{1,24}";
/** One to four capitalised words, and perhaps the country or state behind a comma. */
const PLACE = `(${WORD}(?:[ ](?:de|del|di|la|le|am|an der|upon|sur|-)?[ ]?${WORD}){0,3})(?:,[ ](?:${WORD}[ ]?){1,3})?`;
const AGENCY = "[\\p{L}][\\p{L}\\p{N} ./&'-]{1,30}";
const DASH = '\\s*(?:[-–—―]{1,2}|:)\\s';
const DAY = '\\p{L}{0,12}\\.?\\s?\\d{1,2}\\.?\\s?(?:de\\s)?\\p{L}{0,12}\\.?(?:\\s\\d{4})?';

/** Agencies that sign beside the place; any other word there may be anything. */
const AGENCIES = new Set(
  `reuters ap afp dpa dpa-afx ots apa sda upi pti ani ians kyodo xinhua yonhap jta lusa belga anp tt ntb ritzau efe ansa
  agi adnkronos pap mti ctk tasr agerpres bta hina tanjug stp aap cp cna wam spa qna petra irna isna anadolu aa unn rbc-ukraine
  ukrinform interfax interfax-ukraine unian cnn bbc cbs nbc abc npr bloomberg tass ria interfax belta apn kuna mena ians
  рейтер унн уніан укрінформ інтерфакс інтерфакс-україна рбк-україна риа тасс интерфакс ритм унiан белта рбк
  europa press ria novosti риа новости associated press agence france-presse cbc ctv rte rfe/rl voa dw`
    .split(/\s+/)
    .concat('europa press', 'ria novosti', 'риа новости', 'associated press', 'агентство унн'),
);

/** How agencies begin; each has a second sign beside the place, so that no capitalised beginning is taken for one. */
const FORMS = [
  // KYIV (Reuters) — …   PARIS, 3 mars 2026 (AFP) - …
  new RegExp(`^${PLACE}(?:,\\s${DAY})?\\s?\\((${AGENCY})\\)(?:${DASH}|\\s)`, 'u'),
  // Kyiv • UNN
  new RegExp(`^${PLACE}\\s[•·]\\s(${AGENCY}?)(?:[.:,]|\\s|$)`, 'u'),
  // Київ. УНН. …
  new RegExp(`^${PLACE}\\.\\s(\\p{Lu}{2,12}(?:-\\p{Lu}+)?)[.:–—]\\s`, 'u'),
];
/** A day beside the place needs no agency: `Київ. 3 березня. ІНТЕРФАКС-УКРАЇНА`, `МОСКВА, 3 марта. /ТАСС/`. */
const DATED = [
  new RegExp(`^${PLACE}\\.\\s${DAY}\\.\\s\\p{Lu}{2}`, 'u'),
  new RegExp(`^${PLACE},\\s${DAY}(?:${DASH}|\\.?\\s/\\p{Lu})`, 'u'),
];
/** A place in capitals and a long dash need no agency; shorter ones stand behind rubrics. */
const CAPITALS =
  /^(\p{Lu}[\p{Lu}'’-]{2,24}(?:[ ]\p{Lu}[\p{Lu}'’-]+){0,2})(?:,[ ](?:[\p{L}.]+[ ]?){1,3})?\s(?:[—―]|--)\s/u;

/**
 * Where a story was written, when its text begins with a dateline: `KYIV (Reuters) — …`, `Kyiv • UNN`,
 * `Київ. 3 березня. ІНТЕРФАКС`.
 *
 * @param text plain
 */
export function placeOf(text: string): string | undefined {
  const start = text.slice(0, 160);
  for (const form of FORMS) {
    const [, place, agency = ''] = form.exec(start) ?? [];
    const signed =
      AGENCIES.has(agency.trim().toLowerCase()) || (place === place?.toUpperCase() && form === FORMS[0]);
    if (place !== undefined && signed && isPlace(place)) return inWords(place);
  }
  for (const form of DATED) {
    const place = form.exec(start)?.[1];
    if (place !== undefined && isPlace(place)) return inWords(place);
  }
  const place = CAPITALS.exec(start)?.[1];
  return place !== undefined && isPlace(place) ? inWords(place) : undefined;
}

function isPlace(text: string): boolean {
  const lower = text.toLowerCase();
  return (
    text.length <= 40 &&
    !FLAG_WORDS.has(lower) &&
    !NO_PLACES.has(lower) &&
    !/^(?:the|der|die|das|le|les) /.test(lower)
  );
}

/** What else stands in capitals before a dash. */
const NO_PLACES = new Set(
  `update updated watch video photo photos gallery audio listen podcast analysis explainer factbox timeline interview
  review preview recap result results weather sport sports business politics world news read more nato eu un us usa uk nasa
  uefa fifa unesco unicef opec who imf fbi cia
  фото відео видео аудіо інфографіка оновлено обновлено інтервью інтерв'ю интервью аналіз анализ огляд обзор досьє
  нато єс оон сша зсу рф уніан унн укрінформ`.split(/\s+/),
);

function inWords(place: string): string {
  if (place !== place.toUpperCase() || place.length <= 2) return place;
  return place.toLowerCase().replace(/(?<![\p{L}'’])\p{L}/gu, (letter) => letter.toUpperCase());
}
