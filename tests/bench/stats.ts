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
