import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Finds all addresses of a name; `dns.lookup`, or what stands in for it. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Finds only public addresses, when a connection is made: between the answer of the DNS and the connection there is no
 * time in which the answer could change.
 */
export function createPublicLookup(
  isPublic: (address: string) => boolean,
  resolve: Resolve = lookup,
): LookupFunction {
  return (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = error ? [] : addresses.filter(({ address }) => isPublic(address));
      const [first] = allowed;
      const problem =
        error ?? (first ? null : Object.assign(new Error(hostname), { code: 'ERR_PRIVATE_ADDRESS' }));
      if (options.all) (callback as unknown as AllCallback)(problem, allowed);
      else callback(problem, first?.address ?? '', first?.family);
    });
}
/** `LookupFunction` declares only the form without `all`. */
type AllCallback = (error: Error | null, addresses: LookupAddress[]) => void;
