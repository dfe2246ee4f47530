import { connect } from '../src/client/wire.ts';
import { createArrivals } from './arrivals.ts';
import { createConnection } from './connection.ts';
import { part } from './element.ts';
import { createFilterBar } from './filter-bar.ts';
import { createFollowing } from './following.ts';
import { primaryLanguage } from './language.ts';
import { NOTHING_CHOSEN, readSelection, type Selection, toFilter, writeSelection } from './selection.ts';
import { createStoryList } from './story-list.ts';
import { onNewDay } from './time.ts';
import { createTopics } from './topics.ts';
import { createViewName } from './view-name.ts';

let selection = readSelection(location.search);

const wire = connect(location.origin);
const empty = part('empty', HTMLParagraphElement);
const stories = part('stories', HTMLOListElement);
const clear = part('clear', HTMLButtonElement);

const topics = createTopics({
  named() {
    list.redraw();
    showView();
  },
  counted: () => filterBar.topicsChanged(),
});
const list = createStoryList(stories, topics, {
  open: wire.viewed,
  choose: (topic) => choose({ ...selection, topics: [topic] }),
  removed: showView,
});
const filterBar = createFilterBar(part('filter-bar', HTMLElement), topics, choose);
const viewName = createViewName(
  { name: part('view-name', HTMLHeadingElement), count: part('count', HTMLParagraphElement), clear },
  topics,
);
const connection = createConnection(
  wire,
  part('connection', HTMLParagraphElement),
  part('notice', HTMLParagraphElement),
);
const arrivals = createArrivals({
  pill: part('pill', HTMLButtonElement),
  announcer: part('announcer', HTMLParagraphElement),
  list: stories,
});

const following = createFollowing(wire, {
  stories(incoming, live) {
    const added = list.apply(incoming, live);
    if (live) arrivals.add(added);
    filterBar.learnLanguages(incoming.map(({ language }) => primaryLanguage(language)));
    topics.touch();
    showView();
  },
  ready({ gap, unknown }) {
    empty.textContent = 'Nothing here yet. Stories appear the moment they come in.';
    filterBar.showProblem(unknown.length > 0 ? `No story or topic is known by: ${unknown.join(', ')}` : '');
    if (gap) connection.say('You were away for longer than the log reaches back: some stories are missing.');
  },
  refused({ code, message }) {
    if (code === 'invalid_filter') badFilter(message);
    else connection.say(message);
  },
});

function showView(): void {
  viewName.show(selection, list.size);
  empty.hidden = list.size > 0;
}

function badFilter(message: string): void {
  filterBar.showProblem(message);
  empty.textContent = 'This filter cannot be read.';
}

function choose(chosen: Selection): void {
  history.pushState(null, '', location.pathname + writeSelection(chosen));
  open(chosen);
}

function open(chosen: Selection): void {
  selection = chosen;
  list.clear();
  arrivals.clear();
  filterBar.showProblem('');
  filterBar.show(chosen);
  empty.textContent = '';
  showView();
  window.scrollTo({ top: 0, behavior: 'instant' });
  try {
    following.follow(toFilter(chosen));
  } catch (error) {
    following.stop();
    badFilter(error instanceof Error ? error.message : String(error));
  }
}

wire.on('views', list.setViews);
clear.addEventListener('click', () => choose(NOTHING_CHOSEN));
window.addEventListener('popstate', () => open(readSelection(location.search)));
onNewDay(list.redraw);
topics.touch();
open(selection);
