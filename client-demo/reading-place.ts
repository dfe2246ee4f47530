/** Scrolled less far than this, a reader is at the top, where new stories are to be seen coming in. */
const AT_TOP = 80;

export function isAtTop(): boolean {
  return window.scrollY < AT_TOP;
}

/**
 * Makes a change to the list without moving the text that is being read. Browsers with scroll anchoring would do it
 * too, but not all have it; the style sheet turns theirs off so that it is not done twice.
 */
export function keepPlace(list: HTMLElement, change: () => void): void {
  if (isAtTop()) {
    change();
    return;
  }
  const seen = [...list.children]
    .map((child) => ({ child, top: child.getBoundingClientRect() }))
    .filter(({ top }) => top.bottom > 0 && top.top < window.innerHeight)
    .map(({ child, top }) => ({ child, top: top.top }));
  change();
  const still = seen.find(({ child }) => child.isConnected);
  if (!still) return;
  const moved = still.child.getBoundingClientRect().top - still.top;
  if (moved !== 0) window.scrollBy({ top: moved, behavior: 'instant' });
}
