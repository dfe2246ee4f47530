import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Names this life of the machine: what was written in an earlier one may have been lost with the power. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Elsewhere by the minute; a minute that is read differently costs a new epoch, and nothing else.
    return `booted ${Math.round((Date.now() / 1000 - uptime()) / 60)}`;
  }
}
