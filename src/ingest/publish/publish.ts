import { WireError } from '../../core/errors.ts';
import type { Content, Story } from '../../core/story.ts';
import type { ContentDraft, Draft, Store } from '../../store/store.ts';
import type { Topics } from '../../topics/topics.ts';
import { readSubmission } from './submission.ts';

export interface PublisherDeps {
  store: Pick<Store, 'append' | 'story' | 'hold' | 'held' | 'unhold'>;
  topics: Pick<Topics, 'vocabulary' | 'tagger'>;
  /** Milliseconds since 1970. */
  now: () => number;
  metrics: { story(source: string, change: string): void };
  /** Something is held that was not: whoever waits for its time may have to wake earlier. */
  held(): void;
}

/** A story that was withdrawn before its time came: nobody has seen it, and it has no place in the log. */
export type Withdrawn = Content & Pick<Story, 'status' | 'change'>;

/**
 * `new`: the log had no such story. `current`: what it says now, whether or not this changed it; only its content, when
 * the log no longer has it. `held`: it waits for its time.
 */
export interface Published {
  outcome: 'new' | 'current' | 'held';
  story: Story | Content;
}

export interface Publisher {
  /**
   * Publishes, changes or withdraws a newsroom's own story. Sending the same again changes nothing.
   *
   * @param input a Story without what we assign
   * @throws {WireError} `invalid_request`, `not_found` (a withdrawal of what is not there), `unavailable`
   */
  publish(input: unknown): Promise<Published>;
  /**
   * Withdraws a story; of one that is under embargo, that too. Doing it again changes nothing.
   * @throws {WireError} `not_found`, `unavailable`
   */
  withdraw(id: string): Promise<Story | Withdrawn>;
}

/** The newsroom's own way onto the wire, beside the feeds. */
export function createPublisher({ store, topics, now, metrics, held }: PublisherDeps): Publisher {
  async function append(draft: Draft, release?: 'release'): Promise<{ isNew: boolean; story?: Story }> {
    const appended = await store.append(draft, release);
    if (appended.outcome === 'known') {
      const id = draft.kind === 'content' ? draft.content.id : draft.id;
      return { isNew: false, story: await store.story(id) };
    }
    const { story } = appended.entry;
    metrics.story(story.source.id, story.change);
    return { isNew: appended.outcome === 'new', story };
  }

  /** What is held of the story is replaced first, so that no crash loses it and no release comes after this. */
  async function release(draft: ContentDraft) {
    if (!(await store.held(draft.content.id))) return append(draft);
    await store.hold(draft, now());
    return append(draft, 'release');
  }

  async function withdraw(id: string): Promise<Story | Withdrawn> {
    const content = await store.held(id);
    // In this order: what is held no longer cannot be released after the withdrawal.
    const wasHeld = await store.unhold(id);
    const { story } = await append({ kind: 'withdrawal', id });
    if (story) return story;
    if (wasHeld && content) return { ...content, status: 'canceled', change: 'cancel' };
    throw new WireError('not_found', `There is no story ${JSON.stringify(id.slice(0, 100))} in the log.`);
  }

  return {
    withdraw,

    async publish(input) {
      const submission = readSubmission(input, topics);
      if (submission.kind === 'withdrawal') {
        return { outcome: 'current', story: await withdraw(submission.id) };
      }
      const { embargo, ...draft } = submission;
      const { content } = draft;
      if (embargo !== undefined && embargo > now()) {
        await store.hold(draft, embargo);
        held();
        return { outcome: 'held', story: content };
      }
      const { isNew, story } = await release(draft);
      return { outcome: isNew ? 'new' : 'current', story: story ?? content };
    },
  };
}
