/** Which names came up lately: at least the latest `most` / 2 of them are known, and never more than `most`. */
export interface Lately {
  add(name: string): void;
  has(name: string): boolean;
}

/** Two generations, as a set that its oldest is taken out of gets slower with each one that was. */
export function createLately(most: number): Lately {
  let young = new Set<string>();
  let old = young;
  return {
    add(name) {
      if (young.size >= most / 2 && !young.has(name)) {
        old = young;
        young = new Set();
      }
      young.add(name);
    },
    has: (name) => young.has(name) || old.has(name),
  };
}
