import { isAtTop } from './reading-place.ts';

/** A screen reader is told of new stories at most this often. */
const ANNOUNCE_MS = 15_000;

export interface Arrivals {
  /** So many stories came in that the list did not have. */
  add(count: number): void;
  /** The reader looks at another list. */
  clear(): void;
}

export interface ArrivalsDeps {
  pill: HTMLButtonElement;
  announcer: HTMLElement;
  /** Where the keyboard goes when the pill, which had it, goes away. */
  list: HTMLElement;
}

/**
 * Counts what came in while the reader was further down or looked at another window, and says so: in the pill, in the
 * window's title, and to screen readers.
 */
export function createArrivals({ pill, announcer, list }: ArrivalsDeps): Arrivals {
  const title = document.title;
  let unseen = 0;
  let unsaid = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(): void {
    if (isAtTop() && !document.hidden) unseen = 0;
    document.title = unseen > 0 ? `(${unseen}) ${title}` : title;
    pill.textContent = `${unseen} new`;
    pill.hidden = unseen === 0 || isAtTop();
  }

  function announce(): void {
    timer = undefined;
    if (unsaid === 0) return;
    announcer.textContent = unsaid === 1 ? '1 new story' : `${unsaid} new stories`;
    unsaid = 0;
    timer = setTimeout(announce, ANNOUNCE_MS);
  }

  pill.addEventListener('click', () => {
    list.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  });
  window.addEventListener('scroll', show, { passive: true });
  document.addEventListener('visibilitychange', show);

  return {
    add(count) {
      if (count === 0) return;
      unseen += count;
      unsaid += count;
      show();
      if (timer === undefined) announce();
    },
    clear() {
      unseen = 0;
      unsaid = 0;
      show();
    },
  };
}
