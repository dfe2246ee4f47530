import { asUtc, inZone, isZone, NAMED_ZONES, type WallTime } from './zones.ts';

/** A clock that runs this far ahead of ours is right; one that runs further is not believed. */
const AHEAD_MS = 5 * 60_000;
/** What lies before is a date field that nobody filled in. */
const EARLIEST = Date.UTC(1971, 0, 1);

/** How the months begin in the languages that feeds are written in; the longest beginning decides. */
const MONTHS: ReadonlyArray<readonly [month: number, ...beginnings: string[]]> = [
  [1, 'jan', 'jän', 'ene', 'gen', 'sty', 'led', 'oca', 'січ', 'янв', 'сту', 'яну', 'ιαν'],
  [2, 'feb', 'fév', 'fev', 'lut', 'únor', 'şub', 'лют', 'фев', 'φεβ'],
  [3, 'mar', 'mär', 'maer', 'mrz', 'mrt', 'břez', 'бер', 'мар', 'сак', 'μαρ', 'μάρ'],
  [4, 'apr', 'avr', 'abr', 'kwi', 'dub', 'nis', 'кві', 'апр', 'крас', 'απρ'],
  [5, 'may', 'mai', 'mag', 'maj', 'mei', 'květ', 'тра', 'мая', 'май', 'маю', 'μαΐ', 'μαι', 'μάι'],
  [6, 'jun', 'juin', 'giu', 'cze', 'červen', 'haz', 'чер', 'чэр', 'июн', 'юни', 'ιουν', 'ιούν'],
  [7, 'jul', 'juil', 'lug', 'lip', 'červenec', 'července', 'tem', 'лип', 'ліп', 'июл', 'юли', 'ιουλ', 'ιούλ'],
  [8, 'aug', 'aoû', 'aou', 'ago', 'sie', 'srp', 'ağu', 'сер', 'жні', 'авг', 'αυγ', 'αύγ'],
  [9, 'sep', 'set', 'wrz', 'zář', 'eyl', 'вер', 'сен', 'сеп', 'σεπ'],
  [10, 'oct', 'okt', 'ott', 'out', 'paź', 'paz', 'říj', 'eki', 'жов', 'кас', 'окт', 'οκτ'],
  [11, 'nov', 'lis', 'kas', 'лис', 'ліс', 'ноя', 'ное', 'νοε', 'νοέ'],
  [12, 'dec', 'déc', 'dez', 'dic', 'gru', 'pro', 'ara', 'гру', 'дек', 'сне', 'δεκ'],
];

const ISO = /^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?=\D|$|\d{6})/;
const DAY_FIRST = /(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)/;
/** Only with dots: with other marks nobody knows which of them is the year. */
const SHORT_DAY_FIRST = /^(\d{1,2})\.(\d{1,2})\.(\d{2})(?![\d.])/;
const DAY_MONTH =
  /(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|[.ºª])?[\s-]*(?:de\s+|of\s+)?(\p{L}{3,})\.?,?[\s-]*(?:del?\s+)?(\d{4}|\d{2})(?![\d:])/iu;
const MONTH_DAY =
  /(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:[\d:]+\s+(?:(?:\p{Lu}{1,5}|[+-]\d{4})\s+)?)?(\d{4})(?!\d)/iu;
const TIME = /(?<!\d)(\d{1,2})(?::|h)(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:\s*([ap])\.?m\b\.?)?/i;
/** A clock in whole hours, or with a dot, where a word says that it is one. */
const SPOKEN_TIME = /(?<!\d)(\d{1,2})(?:\.(\d{2}))?\s*(?:uhr|h(?![a-z])|ч\.|год\.?)/i;
const COMPACT_TIME = /^T?(\d{2})(\d{2})(\d{2})?/;
const OFFSET = /^\s*(?:UTC|GMT|UT)?\s*([+\-−])(\d{1,2}):?(\d{2})?(?!\d)/i;
const ZONE_NAME = /^\s*\(?(\p{L}{1,5})(?![\p{L}/])/u;
const IANA_NAME =
  /[[(\s]((?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Za-z_/-]{2,40})/;
/** The digits that Arabic, Persian and Hindi have of their own, by where their zero is. */
const ZEROS = [0x660, 0x6f0, 0x966];

/**
 * Reads what feeds write where a date belongs: RFC 3339, RFC 822 and its relatives, day-first and year-first numbers,
 * month names in several languages, seconds since 1970.
 *
 * @param timeZone IANA name, for dates that carry no zone of their own
 * @param now milliseconds since 1970; a date in the future becomes this
 * @returns RFC 3339 in UTC; `undefined` when it is no date, or one from before 1971
 */
export function parseDate(text: string, timeZone: string, now: number): string | undefined {
  const time = read(text.slice(0, 100).replace(/\s+/g, ' ').trim(), timeZone);
  if (time === undefined || Number.isNaN(time) || time < EARLIEST) return undefined;
  return new Date(time > now + AHEAD_MS ? now : time).toISOString();
}

function read(written: string, timeZone: string): number | undefined {
  const text = westernised(written);
  if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return Math.floor(Number(text) * 1000);
  if (/^\d{13}$/.test(text)) return Number(text);

  const date = readDate(text);
  if (!date) return undefined;
  const clock = readClock(text, date.end);
  const parts = { ...date, hour: clock?.hour ?? 0, minute: clock?.minute ?? 0, second: clock?.second ?? 0 };
  if (!isReal(parts)) return undefined;
  const rest = clock ? text.slice(clock.end) : '';
  const zone = zoneOf(rest, timeZone);
  const whole = typeof zone === 'string' ? inZone(parts, zone) : asUtc(parts) - zone * 60_000;
  return whole + (clock?.ms ?? 0);
}

/** Digits and the marks of year, month and day as they are written here. */
function westernised(text: string): string {
  if (!/[^\0-\u04ff]/.test(text)) return text;
  return text
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => {
      const code = digit.charCodeAt(0);
      return String(code - (ZEROS.findLast((zero) => zero <= code) ?? code));
    })
    .replace(/(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]/, '$1-$2-$3 ')
    .replace(/(?:下午|午後|오후)\s*(\d{1,2}:\d{2}(?::\d{2})?)/, '$1 pm')
    .replace(/(?:上午|午前|오전)\s*(\d{1,2}:\d{2}(?::\d{2})?)/, '$1 am')
    .trim();
}

/** `end`: where the date ends, for forms in which the time follows without a separator. */
function readDate(text: string): { year: number; month: number; day: number; end: number } | undefined {
  const iso = ISO.exec(text);
  if (iso) return { year: Number(iso[1]), month: Number(iso[3]), day: Number(iso[4]), end: iso[0].length };

  const numbers = DAY_FIRST.exec(text);
  if (numbers) {
    const [first, second] = [Number(numbers[1]), Number(numbers[3])];
    // Only those who write 04:42 PM also write the month first.
    const monthFirst = second > 12 || (first <= 12 && numbers[2] === '/' && /\d\s*[ap]\.?m\b/i.test(text));
    const [day, month] = monthFirst ? [second, first] : [first, second];
    return { year: Number(numbers[4]), month, day, end: numbers.index + numbers[0].length };
  }

  const short = SHORT_DAY_FIRST.exec(text);
  if (short) {
    const [day, month, year] = [Number(short[1]), Number(short[2]), fullYear(short[3] ?? '')];
    return { year, month, day, end: short[0].length };
  }

  const dayMonth = DAY_MONTH.exec(text);
  const named = dayMonth && monthOf(dayMonth[2] ?? '');
  if (dayMonth && named) {
    return { year: fullYear(dayMonth[3] ?? ''), month: named, day: Number(dayMonth[1]), end: 0 };
  }
  const monthDay = MONTH_DAY.exec(text);
  const leading = monthDay && monthOf(monthDay[1] ?? '');
  if (monthDay && leading)
    return { year: Number(monthDay[3]), month: leading, day: Number(monthDay[2]), end: 0 };
  return undefined;
}

function readClock(text: string, dateEnd: number) {
  const clock = TIME.exec(text);
  const spoken = clock ? null : SPOKEN_TIME.exec(text.slice(dateEnd));
  if (spoken) {
    const [hour, minute] = [Number(spoken[1]), Number(spoken[2] ?? 0)];
    return { hour, minute, second: 0, ms: 0, end: dateEnd + spoken.index + spoken[0].length };
  }
  if (clock) {
    const half = clock[5]?.toLowerCase();
    const hour = half ? (Number(clock[1]) % 12) + (half === 'p' ? 12 : 0) : Number(clock[1]);
    // A leap second is the second before it.
    const second = clock[3] === '60' ? 59 : Number(clock[3] ?? 0);
    const ms = Math.floor(Number(`0.${clock[4] ?? 0}`) * 1000);
    return { hour, minute: Number(clock[2]), second, ms, end: clock.index + clock[0].length };
  }
  const compact = dateEnd > 0 ? COMPACT_TIME.exec(text.slice(dateEnd)) : null;
  if (!compact) return undefined;
  const [hour, minute, second] = [Number(compact[1]), Number(compact[2]), Number(compact[3] ?? 0)];
  return { hour, minute, second, ms: 0, end: dateEnd + compact[0].length };
}

/** Minutes east of UTC, or the name of a zone. */
function zoneOf(rest: string, timeZone: string): number | string {
  const numeric = OFFSET.exec(rest);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    const signed = numeric[1] === '+' ? minutes : -minutes;
    // No clock on earth is set like that: the number is a mistake, and UTC the likeliest truth.
    return signed < -12 * 60 || signed > 14 * 60 ? 0 : signed;
  }
  const name = ZONE_NAME.exec(rest)?.[1]?.toUpperCase() ?? '';
  const iana = IANA_NAME.exec(rest)?.[1];
  const named = Object.hasOwn(NAMED_ZONES, name) ? NAMED_ZONES[name] : undefined;
  return named ?? (iana && isZone(iana) ? iana : timeZone);
}

function monthOf(word: string): number | undefined {
  const lower = word.toLowerCase();
  let best: { month: number; length: number } | undefined;
  for (const [month, ...beginnings] of MONTHS) {
    for (const beginning of beginnings) {
      if (lower.startsWith(beginning) && beginning.length > (best?.length ?? 0)) {
        best = { month, length: beginning.length };
      }
    }
  }
  return best?.month;
}

/** Two digits as RFC 2822 reads them. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

function isReal({ year, month, day, hour, minute, second }: WallTime): boolean {
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const midnightAtTheEnd = hour === 24 && minute === 0 && second === 0;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth &&
    minute <= 59 &&
    second <= 59 &&
    (hour <= 23 || midnightAtTheEnd)
  );
}
