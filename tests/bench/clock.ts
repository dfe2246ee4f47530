/** Milliseconds on a clock that all processes of this machine share, to within some microseconds. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
