import { element } from './element.ts';

export interface ChipsOptions {
  offered: readonly { id: string; name: string; note: string }[];
  /** `topic:politics` is the key of a topic's chip. */
  kind: 'topic' | 'language';
  chosen: readonly string[];
  choose(id: string): void;
}

/**
 * Draws buttons that can be pressed in, any number of them, before whatever else the group holds. A button that is
 * still offered stays the same element: it may be under a finger, or have the keyboard.
 */
export function drawChips(group: HTMLElement, { offered, kind, chosen, choose }: ChipsOptions): void {
  const unused = new Map(
    [...group.querySelectorAll<HTMLButtonElement>('.chip')].map((chip) => [chip.dataset.key, chip]),
  );
  let next = group.firstElementChild;
  for (const { id, name, note } of offered) {
    const key = `${kind}:${id}`;
    const chip = unused.get(key) ?? element('button', { type: 'button', className: 'chip', data: { key } });
    unused.delete(key);
    chip.title = name;
    chip.onclick = () => choose(id);
    chip.setAttribute('aria-pressed', String(chosen.includes(id)));
    chip.replaceChildren(
      element('span', { className: 'name' }, name),
      element('span', { className: 'note' }, note),
    );
    if (chip === next) next = chip.nextElementSibling;
    else group.insertBefore(chip, next);
  }
  for (const chip of unused.values()) chip.remove();
}
