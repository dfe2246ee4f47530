import { z } from 'zod';

export const hintsSchema = z.object({
  /** `ttl` or `sy:updatePeriod` and `sy:updateFrequency`, the longer one, in milliseconds. */
  everyMs: z.number().positive().optional(),
  /** 0 to 23, in GMT. */
  skipHours: z.array(z.int().min(0).max(23)).max(24).optional(),
  /** 0 is Sunday, in GMT. */
  skipDays: z.array(z.int().min(0).max(6)).max(7).optional(),
});

/** When a feed says of itself that asking for it is of use. */
export type FeedHints = z.infer<typeof hintsSchema>;

const HEAD = 20_000;
const HOUR_MS = 3_600_000;
const PERIODS: Readonly<Record<string, number>> = {
  hourly: HOUR_MS,
  daily: 24 * HOUR_MS,
  weekly: 7 * 24 * HOUR_MS,
  monthly: 30 * 24 * HOUR_MS,
  yearly: 365 * 24 * HOUR_MS,
};
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * Read from the part of an XML feed before its first item, where RSS 2.0 and the syndication module have them.
 * `sy:updateBase` says when a period begins, not how long it is, and does not matter for how often to ask.
 */
export function hintsOf(xml: string): FeedHints | undefined {
  const start = xml.slice(0, HEAD);
  const head = start.slice(0, firstItem(start)).replace(/<!--.*?-->/gs, '');
  const everyMs = Math.max(ttlMs(head), periodMs(head));
  const skipHours = all(inside(head, 'skipHours'), 'hour')
    .filter((text) => /^\d{1,2}$/.test(text))
    // The first versions of RSS counted the hours from 1 to 24.
    .map((text) => Number(text) % 24);
  const skipDays = all(inside(head, 'skipDays'), 'day')
    .map((text) => DAYS.indexOf(text.toLowerCase()))
    .filter((day) => day >= 0);
  const hints: FeedHints = {};
  if (everyMs > 0) hints.everyMs = everyMs;
  // A feed that skips all hours or days means something else by it.
  if (new Set(skipHours).size % 24 > 0) hints.skipHours = [...new Set(skipHours)];
  if (new Set(skipDays).size % 7 > 0) hints.skipDays = [...new Set(skipDays)];
  return Object.keys(hints).length > 0 ? hints : undefined;
}

function firstItem(xml: string): number {
  const at = xml.search(/<(?:\w+:)?(?:item|entry)[\s>]/);
  return at < 0 ? xml.length : at;
}

function ttlMs(head: string): number {
  const [minutes] = all(head, 'ttl');
  return minutes !== undefined && /^\d{1,6}$/.test(minutes) ? Number(minutes) * 60_000 : 0;
}

function periodMs(head: string): number {
  const period = PERIODS[(all(head, '\\w+:updatePeriod')[0] ?? '').toLowerCase()] ?? 0;
  const frequency = Number(all(head, '\\w+:updateFrequency')[0] ?? 1);
  return frequency >= 1 ? period / frequency : period;
}

function inside(head: string, name: string): string {
  return new RegExp(`<${name}\\s*>([^]{0,2000}?)</${name}\\s*>`, 'i').exec(head)?.[1] ?? '';
}

function all(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}(?:\\s[^<>]{0,200})?>\\s*([^<]{1,40}?)\\s*</`, 'gi'));
  return [...found].slice(0, 50).map(([, text = '']) => text);
}
