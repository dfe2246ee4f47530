import { isIP } from 'node:net';
import { isPublicAddress } from './addresses.ts';

export interface HostsOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  /** How many requests may run on one host at the same time. */
  concurrent?: number;
  /** Milliseconds between the starts of two requests to one host. */
  spacingMs?: number;
  /** Hosts that need none of this; by default those of private networks. */
  isExempt?: (hostname: string) => boolean;
}

/** What keeps all sources of one host together from asking more of it than a polite reader would. */
export interface Hosts {
  /** The host that an address counts for; `undefined` when it is exempt. */
  of(url: string): string | undefined;
  /**
   * Takes a place. When there is none: false, and `offer` is called when there is one, the first that asked first; it
   * answers whether the place is still wanted, and then has it.
   */
  enter(host: string, offer: () => boolean): boolean;
  leave(host: string): void;
  /** When a request may start, in milliseconds since 1970. That moment is the caller's: the next one gets a later one. */
  book(host: string): number;
  /** Until when the host wants to be left alone. */
  heldUntil(host: string): number;
  hold(host: string, until: number): void;
}

interface Host {
  running: number;
  next: number;
  heldUntil: number;
  /** At most one for each source of the host. */
  waiting: (() => boolean)[];
}

export function createHosts({
  now,
  concurrent = 2,
  spacingMs = 1000,
  isExempt = isPrivateHost,
}: HostsOptions): Hosts {
  const hosts = new Map<string, Host>();
  const exempt = new Map<string, boolean>();

  function get(name: string): Host {
    let host = hosts.get(name);
    if (!host) {
      host = { running: 0, next: 0, heldUntil: 0, waiting: [] };
      hosts.set(name, host);
    }
    return host;
  }

  return {
    of(url) {
      if (!URL.canParse(url)) return undefined;
      const { hostname } = new URL(url);
      let isFree = exempt.get(hostname);
      if (isFree === undefined) {
        isFree = isExempt(hostname);
        exempt.set(hostname, isFree);
      }
      return isFree ? undefined : hostname.replace(/^www\./, '');
    },
    book(name) {
      const host = get(name);
      const at = Math.max(now(), host.next, host.heldUntil);
      host.next = at + spacingMs;
      return at;
    },
    heldUntil: (name) => hosts.get(name)?.heldUntil ?? 0,
    hold(name, until) {
      const host = get(name);
      host.heldUntil = Math.max(host.heldUntil, until);
    },
    enter(name, offer) {
      const host = get(name);
      if (host.running >= concurrent) {
        host.waiting.push(offer);
        return false;
      }
      host.running += 1;
      return true;
    },
    leave(name) {
      const host = get(name);
      for (let offer = host.waiting.shift(); offer; offer = host.waiting.shift()) if (offer()) return;
      host.running -= 1;
    },
  };
}

/** Whether a host name says that it is not of the public internet. What it resolves to is not asked here. */
export function isPrivateHost(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '');
  if (isIP(name)) return !isPublicAddress(name);
  return !name.includes('.') || /\.(?:localhost|local|internal|lan|home\.arpa)$/i.test(name);
}
