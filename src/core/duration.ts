const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `15m`, `1h`, `30d` in milliseconds; `undefined` for anything else. */
export function durationMs(text: string): number | undefined {
  const [, count, unit = ''] = /^([0-9]{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = UNITS[unit];
  return count === undefined || ms === undefined ? undefined : Number(count) * ms;
}
