import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLately } from '../../src/gateway/lately.ts';

test('what came up lately is known, half of the most for certain, and never more than the most', () => {
  const most = 6;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...'abcdefghij')), (names) => {
      const lately = createLately(most);
      for (const name of names) lately.add(name);
      const known = [...new Set(names)].filter(lately.has);
      const latest = [...new Set(names.toReversed())].slice(0, most / 2);
      expect(known).toEqual(expect.arrayContaining(latest));
      expect(known.length).toBeLessThanOrEqual(most);
    }),
  );
});
