import { element } from './element.ts';
import { languageName } from './language.ts';
import type { Selection } from './selection.ts';
import type { Topics } from './topics.ts';

export interface ViewNameParts {
  name: HTMLElement;
  count: HTMLElement;
  clear: HTMLButtonElement;
}

/** The line over the list: what is shown, and how much of it. */
export function createViewName({ name, count, clear }: ViewNameParts, topics: Topics) {
  return {
    show({ topics: chosen, languages, expression }: Selection, stories: number): void {
      const words: (Node | string)[] = [
        chosen.map((id) => topics.nameOf(id)).join(' or '),
        languages.map(languageName).join(' or '),
        expression === '' ? '' : element('code', { dir: 'auto' }, expression),
      ].filter((word) => word !== '');
      const [first = 'All stories', ...rest] = words;
      name.replaceChildren(first, ...rest.flatMap((word) => [' · ', word]));
      clear.hidden = words.length === 0;
      count.textContent = stories === 1 ? '1 story' : `${stories} stories`;
    },
  };
}
