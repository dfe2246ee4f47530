import type { Store } from '../../src/store/store.ts';

type Claiming = Pick<Store, 'join' | 'leave' | 'claim' | 'unclaim'>;

export interface SharedClaims {
  /** The store as one process has it; `cut` is as if it were dead or had lost the store. */
  as(): Claiming & { cut(): void; mend(): void };
  /** Whose a source is now. */
  owner(id: string): string | undefined;
}

/** Claims as a store of many processes keeps them, in memory, by the clock of the machine. */
export function createSharedClaims(): SharedClaims {
  const members = new Map<string, number>();
  const claims = new Map<string, { member: string; ends: number }>();
  const now = () => performance.now();
  const ownerOf = (id: string) => {
    const claim = claims.get(id);
    return claim && claim.ends > now() ? claim.member : undefined;
  };

  return {
    owner: ownerOf,
    as() {
      let isCut = false;
      const reach = async () => {
        if (isCut) throw new Error('away');
      };
      return {
        cut() {
          isCut = true;
        },
        mend() {
          isCut = false;
        },
        async join(member, ms) {
          await reach();
          members.set(member, now() + ms);
          return [...members]
            .filter(([, ends]) => ends > now())
            .map(([name]) => name)
            .sort();
        },
        async leave(member) {
          await reach();
          members.delete(member);
        },
        async claim(member, ids, ms) {
          await reach();
          const free = ids.filter((id) => (ownerOf(id) ?? member) === member);
          for (const id of free) claims.set(id, { member, ends: now() + ms });
          return new Set(free);
        },
        async unclaim(member, ids) {
          await reach();
          for (const id of ids) if (ownerOf(id) === member) claims.delete(id);
        },
      };
    },
  };
}
