import type { Story } from '../src/client/wire.ts';
import { element } from './element.ts';
import { webAddress } from './web-address.ts';

/**
 * The story's picture, when it has one that can be shown; `before` is used again if it is the same. A picture that
 * cannot be had keeps its place: the text beside it must not move.
 */
export function picture({ image }: Story, before: HTMLImageElement | null): HTMLImageElement | undefined {
  const src = webAddress(image?.href);
  if (src === undefined) return undefined;
  if (before?.src === src) return before;
  const img = element('img', {
    className: 'picture',
    // Before `src`, because they decide how it is fetched.
    loading: 'lazy',
    decoding: 'async',
    referrerPolicy: 'no-referrer',
    width: 120,
    height: 80,
    alt: image?.alt ?? '',
    src,
  });
  img.addEventListener('error', () => img.classList.add('broken'));
  return img;
}
