import type { Story } from '../src/client/wire.ts';
import { element } from './element.ts';
import { languageName } from './language.ts';
import { picture } from './story-picture.ts';
import { clock, day, fullTime } from './time.ts';
import type { Topics } from './topics.ts';
import { webAddress } from './web-address.ts';

export interface StoryActions {
  /** The reader opened the story. */
  open(id: string): void;
  /** The reader wants the topic's stories. */
  choose(topic: string): void;
}

const SHOWN_TOPICS = 6;
/** From here on up a story stands out: flash and bulletin, where 5 is normal. */
const URGENT = 2;

/** The time that a story stands under: the publisher's, but never later than we saw it first. */
export function timeOf({ published, firstCreated }: Story): string {
  return published !== undefined && Date.parse(published) < Date.parse(firstCreated)
    ? published
    : firstCreated;
}

/** Draws a story into its article. Everything in a story is a stranger's text, and stays text. */
export function drawStory(
  article: HTMLElement,
  story: Story,
  topics: Topics,
  { open, choose }: StoryActions,
): void {
  const { flags, description } = story;
  const withdrawn = story.status === 'canceled';
  Object.assign(article.dataset, { id: story.id, version: String(story.version) });
  article.classList.toggle('urgent', !withdrawn && (story.urgency <= URGENT || flags.includes('breaking')));
  article.classList.toggle('withdrawn', withdrawn);
  const lang = story.language === 'und' ? '' : story.language;
  const shown = withdrawn ? undefined : picture(story, article.querySelector<HTMLImageElement>('.picture'));
  article.classList.toggle('pictured', shown !== undefined);
  article.replaceChildren(
    time(story),
    element(
      'div',
      { className: 'text' },
      about(story),
      element('h3', { lang, dir: 'auto' }, withdrawn ? struckOut(story) : headline(story, open)),
      !withdrawn && !!description && element('p', { className: 'lede', lang, dir: 'auto' }, description),
      !withdrawn && foot(story, topics, choose),
    ),
    ...(shown ? [shown] : []),
  );
}

function time(story: Story): HTMLElement {
  const when = timeOf(story);
  const date = day(when);
  return element(
    'time',
    { className: 'when', dateTime: when, title: fullTime(when) },
    clock(when),
    date !== '' && element('span', { className: 'day' }, date),
  );
}

/** Where it comes from, and what is to be known before it is read. */
function about({ status, flags, source, language, located, by, ...story }: Story): HTMLElement {
  return element(
    'p',
    { className: 'about' },
    status === 'canceled' && element('span', { className: 'mark withdrawal' }, 'withdrawn'),
    ...flags.map((flag) => element('span', { className: `flag ${flag}` }, flag)),
    element('span', { className: 'source', dir: 'auto' }, source.name),
    element('abbr', { className: 'language', title: languageName(language) }, language),
    !!located && element('span', { dir: 'auto' }, located),
    !!by && element('span', { className: 'by', dir: 'auto' }, by),
    status === 'usable' && story.version > 1 && changeMark(story),
  );
}

function changeMark({
  change,
  version,
  versionCreated,
}: Pick<Story, 'change' | 'version' | 'versionCreated'>) {
  const word = change === 'correction' ? 'correction' : 'updated';
  return element(
    'span',
    { className: `mark ${word}`, title: `Version ${version}, ${fullTime(versionCreated)}` },
    `${word} `,
    element('time', { dateTime: versionCreated }, clock(versionCreated)),
    ` · v${version}`,
  );
}

function headline({ id, headline: text, link }: Story, open: (id: string) => void): Node {
  const href = webAddress(link);
  if (href === undefined) return document.createTextNode(text);
  const anchor = element(
    'a',
    { href, target: '_blank', rel: 'noopener', data: { key: 'headline' }, onclick: () => open(id) },
    text,
  );
  anchor.addEventListener('auxclick', ({ button }) => {
    if (button === 1) open(id);
  });
  return anchor;
}

function struckOut({ headline: text }: Story): HTMLElement {
  return element('s', {}, text);
}

function foot({ topics: ids, views }: Story, topics: Topics, choose: (topic: string) => void): HTMLElement {
  const specific = topics.mostSpecific(ids).slice(0, SHOWN_TOPICS);
  const chips = specific.map((id) =>
    element(
      'button',
      {
        type: 'button',
        className: 'chip small',
        title: `Only ${topics.nameOf(id)}`,
        data: { key: `topic:${id}` },
        onclick: () => choose(id),
      },
      topics.nameOf(id),
    ),
  );
  return element(
    'p',
    { className: 'foot' },
    ...chips,
    element('span', { className: 'views' }, viewsText(views)),
  );
}

/** Says how often the story was opened, and touches nothing else: it changes too often for more. */
export function drawViews(article: HTMLElement, views: number): void {
  article.querySelector('.views')?.replaceChildren(viewsText(views));
}

function viewsText(views = 0): string {
  if (views === 0) return '';
  return views === 1 ? '1 read' : `${views} reads`;
}
