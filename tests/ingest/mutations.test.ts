import { describe, expect, test } from '@jest/globals';
import { chance, hostileIn, judge, mutate, seeds } from './mutants.ts';

const COUNT = 1000;
/** The same all day, so that a failure can be repeated, and another tomorrow. */
const TODAY = Math.floor(Date.now() / 86_400_000);
/** A machine that does other work too may take longer than the second that a document is allowed. */
const MAX_MS = 5000;

describe('a document that was cut, flipped and spliced', () => {
  test.each([
    ['the same as always', 1],
    ['those of today', TODAY],
  ])(
    'is read or refused, at once, and brings no script: %s',
    async (_what, seed) => {
      const random = chance(seed);
      const documents = seeds();
      for (let n = 0; n < COUNT; n++) {
        const { crash, hostile, ms } = await judge(mutate(documents, random));
        expect({ seed, n, crash, hostile, slow: ms > MAX_MS ? ms : undefined }).toEqual({
          seed,
          n,
          crash: undefined,
          hostile: undefined,
          slow: undefined,
        });
      }
    },
    120_000,
  );
});

describe('the eye that looks at bodies', () => {
  test.each([
    '<p>a</p><script>',
    '<p onclick="x">',
    '<a href="javascript:x">',
    '<img src="data:x">',
    '<svg>',
    '<p',
  ])('sees %s', (body) => {
    expect(hostileIn(body)).toBeDefined();
  });

  test('lets harmless ones pass', () => {
    expect(
      hostileIn(
        '<p lang="uk">5 &lt; 6 <a href="https://news.example/" rel="noopener nofollow">x</a><br /></p>',
      ),
    ).toBeUndefined();
  });
});
