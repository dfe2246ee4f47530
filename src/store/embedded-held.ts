import type { Database, RootDatabase } from 'lmdb';
import { heldSchema, heldText } from './held.ts';
import type { Draft, Store } from './store.ts';

interface Held {
  at: number;
  /** The draft as JSON: what `append` compares with when it takes one out. */
  draft: string;
}

export interface EmbeddedHeld extends Pick<Store, 'hold' | 'held' | 'unhold' | 'due'> {
  /** Within a transaction: takes this very draft out. Answers whether it was there. */
  take(draft: Draft): boolean;
}

/** Stories that wait for their time, ordered by it. */
export function embeddedHeld(root: RootDatabase, write: <T>(action: () => T) => Promise<T>): EmbeddedHeld {
  const drafts: Database<Held, string> = root.openDB({ name: 'drafts', encoding: 'json' });
  const times: Database<true, [number, string]> = root.openDB({ name: 'held', encoding: 'json' });

  function remove(id: string): boolean {
    const held = drafts.get(id);
    if (!held) return false;
    drafts.remove(id);
    times.remove([held.at, id]);
    return true;
  }

  const parse = (json: string) => heldSchema.safeParse(JSON.parse(json)).data;

  return {
    hold: (draft, at) =>
      write(() => {
        const { id } = draft.content;
        remove(id);
        drafts.put(id, { at, draft: heldText(draft) });
        times.put([at, id], true);
      }),

    async held(id) {
      const held = drafts.get(id);
      return held && parse(held.draft)?.content;
    },

    unhold: (id) => write(() => remove(id)),

    async due(now, limit) {
      const ids = [...times.getKeys({ end: [now + 1, ''], limit })].map(([, id]) => id);
      const [later] = [...times.getKeys({ start: [now + 1, ''], limit: 1 })];
      const found = ids.flatMap((id) => parse(drafts.get(id)?.draft ?? 'null') ?? []);
      return { drafts: found, ...(later ? { next: later[0] } : {}) };
    },

    take(draft) {
      if (draft.kind !== 'content') return false;
      const { id } = draft.content;
      return drafts.get(id)?.draft === heldText(draft) && remove(id);
    },
  };
}
