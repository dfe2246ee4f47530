/** Draws a part of the page anew and leaves the keyboard where it was, on the control with the same `data-key`. */
export function keepFocus(within: HTMLElement, redraw: () => void): void {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && within.contains(focused) ? focused.dataset.key : undefined;
  redraw();
  if (key === undefined) return;
  within.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}
