/** Which pages may use the service from a browser: its own, and those of the listed origins. Others are not browsers. */
export function createOriginCheck(allowed: readonly string[]) {
  return (origin: string | undefined, host: string | undefined): boolean => {
    if (origin === undefined || allowed.includes(origin)) return true;
    try {
      return new URL(origin).host === host;
    } catch {
      return false;
    }
  };
}
