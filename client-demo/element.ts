type Properties<E> = Partial<Omit<E, 'innerHTML' | 'outerHTML' | 'dataset' | 'style'>> & {
  data?: Record<string, string>;
  aria?: Record<string, string>;
};

/** Makes an element. Text is only ever text: there is no way to hand in markup. `false` children are left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { data = {}, aria = {}, ...properties }: Properties<HTMLElementTagNameMap[Tag]> = {},
  ...children: (Node | string | false | undefined)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(aria)) made.setAttribute(`aria-${name}`, value);
  made.append(...children.filter((child) => child !== false && child !== undefined));
  return made;
}

/** The part of the page with this id. @throws {Error} when `index.html` has none of this kind. */
export function part<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} "${id}".`);
  return found;
}
