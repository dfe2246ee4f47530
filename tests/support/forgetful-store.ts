import { formatCursor, type Position } from '../../src/core/cursor.ts';
import { WireError } from '../../src/core/errors.ts';
import type { Story } from '../../src/core/story.ts';
import type { SpoolDeps } from '../../src/ingest/spool/spool.ts';
import { fingerprint } from '../../src/store/fingerprint.ts';
import type { Appended, Draft } from '../../src/store/store.ts';
import { createSharedClaims } from './shared-claims.ts';
import { content } from './stories.ts';

type Told = SpoolDeps['store'];

export interface ForgetfulStore {
  /** The store as one process has it, until the process is `kill`ed. */
  as(): Told & { kill(): void };
  cut(): void;
  mend(): void;
  /** Comes back, without its last entries. */
  restart(lost: number): void;
  log(): readonly Story[];
}

/** The log in memory, as far as the spool needs it, that can be away and lose its last entries as a Redis does. */
export function createForgetfulStore(): ForgetfulStore {
  let log: Story[] = [];
  let settings = new Map<string, string>();
  let lives = 1;
  let lineage: Position[] = [];
  let isAway = false;
  const epoch = () => `e${lives}`;
  const story = (id: string) => log.findLast((each) => each.id === id);

  function append(draft: Draft): Story | undefined {
    const before = story(draft.kind === 'content' ? draft.content.id : draft.id);
    const said = draft.kind === 'content' ? draft.content : content('', before);
    const status = draft.kind === 'content' ? 'usable' : 'canceled';
    if (status === 'canceled' && before?.status !== 'usable') return undefined;
    if (status === 'usable' && before?.status === status && fingerprint(before) === fingerprint(said))
      return undefined;
    const at = new Date().toISOString();
    const version = (before?.version ?? 0) + 1;
    const cursor = formatCursor({ epoch: epoch(), sequence: log.length + 1 });
    const next: Story = {
      ...said,
      version,
      status,
      change: before ? 'update' : 'new',
      cursor,
      firstCreated: at,
      versionCreated: at,
    };
    log.push(next);
    return next;
  }

  function told(appended: Story | undefined): Appended {
    if (!appended) return { outcome: 'known' };
    const outcome = appended.version === 1 ? 'new' : 'updated';
    return { outcome, entry: { sequence: log.length, at: Date.now(), story: appended } };
  }

  return {
    log: () => log,
    cut() {
      isAway = true;
    },
    mend() {
      isAway = false;
    },
    restart(lost) {
      log = log.slice(0, Math.max(0, log.length - lost));
      // Whoever has restored something does it again when that is lost.
      if (lost > 0) settings = new Map();
      lineage = log.length === 0 ? [] : [...lineage, { epoch: epoch(), sequence: log.length }];
      lives += 1;
      isAway = false;
    },
    as() {
      let isDead = false;
      const claims = createSharedClaims().as();
      const ask = async <T>(answer: () => T): Promise<T> => {
        await Promise.resolve();
        if (isAway || isDead) throw new WireError('unavailable', 'away');
        return answer();
      };
      return {
        kill() {
          isDead = true;
        },
        append: (draft) => ask(() => told(append(draft))),
        offer: (draft, after) =>
          ask(() => {
            const id = draft.kind === 'content' ? draft.content.id : draft.id;
            const latest = log.findLastIndex((each) => each.id === id) + 1;
            const isSame = after.epoch === epoch() && latest <= after.sequence;
            return isSame ? told(append(draft)) : { outcome: 'overtaken' };
          }),
        head: () => ask(() => ({ epoch: epoch(), first: 1, last: log.length, lineage })),
        story: (id) => ask(() => story(id)),
        hold: () => ask(() => {}),
        held: () => ask(() => undefined),
        unhold: () => ask(() => false),
        claim: (...args) => ask(() => args).then(() => claims.claim(...args)),
        unclaim: (...args) => ask(() => args).then(() => claims.unclaim(...args)),
        setting: (name) => ask(() => settings.get(name)),
        saveSetting: (name, text) => ask(() => void settings.set(name, text)),
      };
    },
  };
}
