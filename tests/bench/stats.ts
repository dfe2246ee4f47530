/** The smallest value that at least `p` percent of the values do not exceed. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** Three significant digits at most; thousands with a comma. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

export function ratio(value: number, peer: number): string {
  return (value / peer).toFixed(2);
}

/** How fast the values grow, by linear regression over points of milliseconds and value. */
export function slopePerHour(points: readonly (readonly [ms: number, value: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [at, value] = [mean(0), mean(1)];
  const together = points.reduce((sum, point) => sum + (point[0] - at) * (point[1] - value), 0);
  const apart = points.reduce((sum, point) => sum + (point[0] - at) ** 2, 0);
  return (together / apart) * 3_600_000;
}
