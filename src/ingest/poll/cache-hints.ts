/** The headers of a response that say for how long it stays good (RFC 9111). */
export interface CacheHeaders {
  cacheControl?: string;
  expires?: string;
  date?: string;
  age?: string;
}

/**
 * Milliseconds for which a response is still good: `max-age` less its `Age`, else `Expires` less its `Date`.
 * `undefined` when it does not say, says that it is not good at all, or says what cannot be read.
 */
export function freshForMs(
  { cacheControl, expires, date, age }: CacheHeaders,
  now: number,
): number | undefined {
  if (cacheControl !== undefined) {
    if (/(?:^|,)\s*no-(?:cache|store)\s*(?:,|$)/i.test(cacheControl)) return undefined;
    const maxAge = /(?:^|,)\s*max-age\s*=\s*"?(\d{1,10})/i.exec(cacheControl)?.[1];
    if (maxAge !== undefined) return positive((Number(maxAge) - seconds(age)) * 1000);
  }
  if (expires === undefined) return undefined;
  const sent = Date.parse(date ?? '');
  return positive(Date.parse(expires) - (Number.isNaN(sent) ? now : sent) - seconds(age) * 1000);
}

function seconds(text: string | undefined): number {
  return text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Number(text) : 0;
}

function positive(ms: number): number | undefined {
  return ms > 0 ? ms : undefined;
}
