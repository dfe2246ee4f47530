import { setImmediate as breathe } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Story } from '../core/story.ts';
import type { Why } from '../core/topic.ts';
import type { Store } from '../store/store.ts';
import type { Tagged } from '../topics/tagger.ts';
import type { Topics } from '../topics/topics.ts';
import { tag } from './document/tag.ts';
import type { Source } from './sources.ts';

export interface RetagDeps {
  store: Pick<Store, 'head' | 'read' | 'why' | 'note' | 'claim' | 'unclaim' | 'setting' | 'saveSetting'>;
  sources: readonly Source[];
  topics: Topics;
  /** This process, among those that share the store. */
  member: string;
  log: Logger;
  signal: AbortSignal;
}

const PAGE = 200;
/** Where the store remembers by which topics its stories are tagged. */
const SETTING = 'topics';
/** Sources have no such id: one process at a time does this. */
const CLAIM = ':retag';
const LEASE_MS = 30_000;

/**
 * When the topics are others than those by which the stored stories were tagged: tags them anew, the newest first,
 * without sending any of them again. Answers how many have other topics now.
 *
 * @throws {WireError} `unavailable`; it goes on where there is still something to do when it is called again
 */
export async function retag({ store, sources, topics, member, log, signal }: RetagDeps): Promise<number> {
  if ((await store.setting(SETTING)) === topics.version) return 0;
  const byId = new Map(sources.map((source) => [source.id, source]));
  let changed = 0;
  for (let before = (await store.head()).last + 1; !signal.aborted; ) {
    // Whoever has it goes on; it is over by the time that anyone asks again.
    if (!(await store.claim(member, [CLAIM], LEASE_MS)).has(CLAIM)) return changed;
    const page = await store.read({ before, limit: PAGE, newestFirst: true });
    for (const { story, current } of page) {
      if (!current || story.status !== 'usable') continue;
      const source = byId.get(story.source.id);
      const found = source ? tag(source, story, topics) : tagAsSaid(story, await store.why(story.id), topics);
      if (String(found.topics) === String(story.topics)) continue;
      if (await store.note(story.id, story.version, { topics: found.topics }, found.why)) changed += 1;
    }
    const oldest = page.at(-1);
    if (!oldest) {
      await store.saveSetting(SETTING, topics.version);
      await store.unclaim(member, [CLAIM]);
      if (changed > 0) log.info({ stories: changed }, 'stories were given other topics');
      return changed;
    }
    before = oldest.sequence;
    await breathe();
  }
  await store.unclaim(member, [CLAIM]);
  return changed;
}

/** Of a source that is no longer there, and of a newsroom's own story, what was said when the story came goes on to count. */
function tagAsSaid(story: Story, why: Why[] | undefined, topics: Topics): Tagged {
  if (!why) return tag({ topics: story.topics, categories: {} }, story, topics);
  const said = why.filter(({ by }) => by === 'source' || by === 'publisher');
  const categories: Record<string, string[]> = {};
  for (const { by, words = '', topic } of why) {
    if (by === 'category') categories[words] = [...(categories[words] ?? []), topic];
  }
  const by = said.some((each) => each.by === 'publisher') ? 'publisher' : 'source';
  return tag({ topics: said.map(({ topic }) => topic), categories }, story, topics, by);
}
