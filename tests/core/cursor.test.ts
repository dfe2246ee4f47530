import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatCursor, parseCursor } from '../../src/core/cursor.ts';

describe('a cursor', () => {
  test('comes back as the position it was made from, in at most 64 characters', () => {
    const epoch = fc.stringMatching(/^[a-z0-9]{1,40}$/);
    const sequence = fc.maxSafeNat();
    fc.assert(
      fc.property(epoch, sequence, (epoch, sequence) => {
        const cursor = formatCursor({ epoch, sequence });
        expect(cursor.length).toBeLessThanOrEqual(64);
        expect(parseCursor(cursor)).toEqual({ epoch, sequence });
      }),
    );
  });

  test('that nobody gave out is invalid_cursor', () => {
    const odd = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.constantFrom('', '.', 'a.', '.1', 'a.-1', 'a.01', 'a.1.2', 'A.1', 'a.99999999999999999'),
    );
    fc.assert(
      fc.property(odd, (input) => {
        try {
          const { epoch, sequence } = parseCursor(input);
          expect(formatCursor({ epoch, sequence })).toBe(input);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_cursor' });
        }
      }),
    );
    for (const input of ['', '.', 'a.', '.1', 'a.-1', 'a.01', 'A.1', 'a.99999999999999999', null, {}]) {
      expect(() => parseCursor(input)).toThrow('is not a cursor');
    }
  });
});
