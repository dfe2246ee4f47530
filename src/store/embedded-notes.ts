import type { Database, RootDatabase } from 'lmdb';
import type { Why } from '../core/topic.ts';
import { type Note, nextNote } from './notes.ts';
import type { Findings } from './store.ts';

/** What was found out about stories, beside the log. All but the reading is to be called within a transaction. */
export interface EmbeddedNotes {
  noteOf(id: string): Note | undefined;
  why(id: string): Why[] | undefined;
  note(id: string, version: number, findings: Findings, why: readonly Why[] | undefined): void;
  /** A new version begins without notes. */
  begin(id: string, why: readonly Why[] | undefined): void;
  forget(id: string): void;
}

export function embeddedNotes(root: RootDatabase): EmbeddedNotes {
  const notes: Database<Note, string> = root.openDB({ name: 'notes', encoding: 'json' });
  const reasons: Database<readonly Why[], string> = root.openDB({ name: 'why', encoding: 'json' });

  return {
    noteOf: (id) => notes.get(id),
    why: (id) => reasons.get(id)?.slice(),
    note(id, version, findings, why) {
      notes.put(id, nextNote(notes.get(id), version, findings));
      if (why) reasons.put(id, why);
    },
    begin(id, why) {
      if (notes.doesExist(id)) notes.remove(id);
      if (why) reasons.put(id, why);
      else if (reasons.doesExist(id)) reasons.remove(id);
    },
    forget(id) {
      notes.remove(id);
      reasons.remove(id);
    },
  };
}
