import type { Story } from '../src/client/wire.ts';
import { element } from './element.ts';
import { keepFocus } from './keep-focus.ts';
import { keepPlace } from './reading-place.ts';
import { drawStory, drawViews, type StoryActions, timeOf } from './story-article.ts';
import type { Topics } from './topics.ts';

/** More would make the page slow; the oldest go. */
const LIMIT = 300;
/** How long a withdrawn story is still seen, struck out, so that whoever was reading it knows where it went. */
const WITHDRAWN_MS = 5_000;

interface Item {
  story: Story;
  /** Fixed with the first version seen, so that an update stays where the story is being read. */
  at: number;
  row: HTMLLIElement;
  article: HTMLElement;
  leaving?: ReturnType<typeof setTimeout>;
}

export interface StoryList {
  readonly size: number;
  /**
   * Puts in what is new, newest first, changes what is there in its place, strikes out what was withdrawn.
   * @param live whether the reader is to see that it came in just now
   * @returns how many stories the list did not have
   */
  apply(stories: readonly Story[], live: boolean): number;
  setViews(totals: Readonly<Record<string, number>>): void;
  /** Draws every story again, when a name or the day has changed. */
  redraw(): void;
  clear(): void;
}

export interface ListActions extends StoryActions {
  /** A withdrawn story is gone. */
  removed(): void;
}

export function createStoryList(list: HTMLElement, topics: Topics, actions: ListActions): StoryList {
  const items = new Map<string, Item>();
  /** Newest first, as in the page. */
  let order: Item[] = [];

  function draw(item: Item): void {
    keepFocus(item.article, () => drawStory(item.article, item.story, topics, actions));
  }

  function flash(item: Item, name: 'fresh' | 'changed'): void {
    item.article.classList.remove('fresh', 'changed');
    item.article.classList.add(name);
  }

  function insert(story: Story, live: boolean): boolean {
    const at = Date.parse(timeOf(story));
    const found = order.findIndex((other) => other.at <= at);
    const index = found < 0 ? order.length : found;
    if (index >= LIMIT) return false;
    const article = element('article', {
      onanimationend: ({ target }) => {
        if (target === article) article.classList.remove('fresh', 'changed');
      },
    });
    const item: Item = { story, at, article, row: element('li', {}, article) };
    list.insertBefore(item.row, order[index]?.row ?? null);
    order.splice(index, 0, item);
    items.set(story.id, item);
    draw(item);
    if (live) flash(item, 'fresh');
    return true;
  }

  function change(item: Item, story: Story, live: boolean): void {
    clearTimeout(item.leaving);
    if (story.status === 'canceled') {
      strikeOut(item, story);
      return;
    }
    item.story = story;
    draw(item);
    if (live) flash(item, 'changed');
  }

  /** A withdrawal comes without the story's words: those that are struck out are the ones that were read. */
  function strikeOut(item: Item, { version, status, change }: Story): void {
    item.story = { ...item.story, version, status, change };
    item.article.classList.remove('fresh', 'changed');
    draw(item);
    item.leaving = setTimeout(() => {
      keepPlace(list, () => remove(item));
      actions.removed();
    }, WITHDRAWN_MS);
  }

  function remove(item: Item): void {
    clearTimeout(item.leaving);
    item.row.remove();
    items.delete(item.story.id);
    order.splice(order.indexOf(item), 1);
  }

  function put(story: Story, live: boolean): boolean {
    const item = items.get(story.id);
    if (!item) return story.status === 'usable' && insert(story, live);
    if (story.version > item.story.version) change(item, story, live);
    return false;
  }

  return {
    get size() {
      return order.length;
    },
    apply(stories, live) {
      let added = 0;
      keepPlace(list, () => {
        for (const story of stories) if (put(story, live)) added += 1;
        for (const item of order.slice(LIMIT)) remove(item);
      });
      return added;
    },
    setViews(totals) {
      for (const [id, views] of Object.entries(totals)) {
        const item = items.get(id);
        if (!item) continue;
        item.story = { ...item.story, views };
        drawViews(item.article, views);
      }
    },
    redraw() {
      keepPlace(list, () => order.forEach(draw));
    },
    clear() {
      for (const { leaving } of order) clearTimeout(leaving);
      list.replaceChildren();
      items.clear();
      order = [];
    },
  };
}
