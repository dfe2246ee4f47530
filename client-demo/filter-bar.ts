import { drawChips } from './chips.ts';
import { element } from './element.ts';
import { languageName } from './language.ts';
import { NOTHING_CHOSEN, type Selection, toggled } from './selection.ts';
import type { Topics } from './topics.ts';

export interface FilterBar {
  show(selection: Selection): void;
  /** Counts or names have changed. */
  topicsChanged(): void;
  /** Stories in these languages were seen. */
  learnLanguages(seen: readonly string[]): void;
  /** What the server says of the expression; empty when there is nothing wrong with it. */
  showProblem(message: string): void;
}

/** So many topics are offered before the reader asks for all. */
const FEW_TOPICS = 14;

/** The reader's choices; `changed` is called with what they are now. */
export function createFilterBar(
  bar: HTMLElement,
  topics: Topics,
  changed: (selection: Selection) => void,
): FilterBar {
  let selection = NOTHING_CHOSEN;
  let allTopics = false;
  let stale = false;
  const languages = new Set<string>();

  const input = element('input', {
    id: 'expression',
    type: 'search',
    placeholder: 'politics AND NOT sport',
    autocomplete: 'off',
    spellcheck: false,
    aria: { describedby: 'problem' },
  });
  input.setAttribute('autocapitalize', 'off');
  const problem = element('p', { id: 'problem', className: 'problem', role: 'alert' });
  const form = element(
    'form',
    { className: 'expression', role: 'search' },
    element('label', { htmlFor: 'expression' }, 'Filter'),
    input,
    problem,
  );
  const languageChips = element('div', { className: 'chips languages' });
  const more = element('button', { type: 'button', className: 'quiet more', hidden: true });
  const topicChips = element('div', { className: 'chips topics' }, more);
  bar.replaceChildren(
    form,
    element('h2', { id: 'languages-name' }, 'Languages'),
    languageChips,
    element('h2', { id: 'topics-name' }, 'Topics'),
    topicChips,
  );
  for (const group of [languageChips, topicChips]) group.setAttribute('role', 'group');
  languageChips.setAttribute('aria-labelledby', 'languages-name');
  topicChips.setAttribute('aria-labelledby', 'topics-name');

  function submit(): void {
    const expression = input.value.trim();
    if (expression !== selection.expression) changed({ ...selection, expression });
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener('change', submit);
  // The cross in the box empties it without any of the above.
  input.addEventListener('input', () => {
    if (input.value === '') submit();
  });

  function drawLanguages(): void {
    const offered = [...new Set([...languages, ...selection.languages])].sort();
    drawChips(languageChips, {
      offered: offered.map((id) => ({ id, name: languageName(id), note: id })),
      kind: 'language',
      chosen: selection.languages,
      choose: (id) => changed({ ...selection, languages: toggled(selection.languages, id) }),
    });
  }

  function drawTopics(): void {
    stale = false;
    const used = topics.used().map(({ id }) => id);
    const few = allTopics ? used : used.slice(0, FEW_TOPICS);
    const offered = [...new Set([...selection.topics.filter((id) => !few.includes(id)), ...few])];
    drawChips(topicChips, {
      offered: offered.map((id) => ({
        id,
        name: topics.nameOf(id),
        note: String(topics.get(id)?.count ?? 0),
      })),
      kind: 'topic',
      chosen: selection.topics,
      choose: (id) => changed({ ...selection, topics: toggled(selection.topics, id) }),
    });
    more.hidden = used.length <= FEW_TOPICS;
    more.textContent = allTopics ? 'Fewer topics' : `All ${used.length} topics`;
    more.setAttribute('aria-expanded', String(allTopics));
  }

  more.addEventListener('click', () => {
    allTopics = !allTopics;
    drawTopics();
  });
  // What somebody is about to press must not move away from under the pointer.
  topicChips.addEventListener('pointerleave', () => {
    if (stale) drawTopics();
  });

  return {
    show(now) {
      selection = now;
      if (input.value.trim() !== now.expression) input.value = now.expression;
      drawLanguages();
      drawTopics();
    },
    topicsChanged() {
      if (topicChips.matches(':hover')) stale = true;
      else drawTopics();
    },
    learnLanguages(seen) {
      const known = languages.size;
      for (const language of seen) languages.add(language);
      if (languages.size > known) drawLanguages();
    },
    showProblem(message) {
      problem.textContent = message;
      input.setAttribute('aria-invalid', String(message !== ''));
    },
  };
}
