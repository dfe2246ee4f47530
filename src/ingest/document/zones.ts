/** What a clock on a wall shows, and a calendar beside it; `month` from 1. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Minutes east of UTC, or the zone where a name says no more. Where one name is used by several countries, the one whose newsrooms write it in feeds. */
export const NAMED_ZONES: Readonly<Record<string, number | string>> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  MEZ: 60,
  CEST: 120,
  MESZ: 120,
  EET: 120,
  SAST: 120,
  EEST: 180,
  CAT: 120,
  WAT: 60,
  EAT: 180,
  TRT: 180,
  GST: 240,
  PKT: 300,
  NPT: 345,
  ICT: 420,
  WIB: 420,
  AWST: 480,
  PHT: 480,
  ACST: 570,
  ACDT: 630,
  MSK: 180,
  МСК: 180,
  IST: 330,
  SGT: 480,
  HKT: 480,
  JST: 540,
  KST: 540,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
  NST: -210,
  NDT: -150,
  AST: -240,
  ADT: -180,
  ART: -180,
  BRT: -180,
  CLT: -240,
  COT: -300,
  ET: 'America/New_York',
  CT: 'America/Chicago',
  MT: 'America/Denver',
  PT: 'America/Los_Angeles',
};

/** Milliseconds since 1970, of a clock in UTC. */
export function asUtc({ year, month, day, hour, minute, second }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * Milliseconds since 1970, of a clock in an IANA zone. In the hour that the clocks repeat in autumn either reading
 * is right.
 */
export function inZone(parts: WallTime, timeZone: string): number {
  const wall = asUtc(parts);
  const guess = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(guess, timeZone);
}

/** Zones whose formatters are kept. */
const MAX_FORMATS = 600;
/** Making a formatter costs more than parsing a whole feed; there are as many as the sources have zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a name is one of the IANA zones that this runtime knows. */
export function isZone(name: string): boolean {
  try {
    if (!formats.has(name)) wallClock(name);
    return true;
  } catch {
    return false;
  }
}

function offsetAt(time: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? wallClock(timeZone);
  if (formats.size < MAX_FORMATS) formats.set(timeZone, format);
  const shown = Object.fromEntries(format.formatToParts(time).map((part) => [part.type, Number(part.value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return asUtc({ year, month, day, hour, minute, second }) - Math.floor(time / 1000) * 1000;
}

function wallClock(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
