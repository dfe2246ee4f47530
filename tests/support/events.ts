import { setTimeout as wait } from 'node:timers/promises';

/** Waits until `check` answers something true, and gives it back. For what announces itself by no event. */
export async function until<T>(
  check: () => T | Promise<T>,
  what: string,
  ms = 15_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value) return value as NonNullable<T>;
    if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain: ${what}`);
    await wait(10);
  }
}
