import { parentPort, workerData } from 'node:worker_threads';
import { loadTopics } from '../topics/topics.ts';
import { type Document, type Reading, readDocument } from './document/document.ts';
import { ParseError } from './document/feed.ts';
import type { Source } from './sources.ts';

/** What `reader.ts` sends to its threads, one at a time. */
export interface Order {
  document: Document;
  source: Source;
}

/** What a thread is started with. */
export interface Setup {
  /** The path of the user's own topics. */
  topics: string | undefined;
}

/** What a thread says: that it can begin, and then one answer for each order. */
export type Answer =
  | { kind: 'ready' }
  | { kind: 'read'; reading: Reading }
  /** `isDocument`: the document's fault, not ours. */
  | { kind: 'failed'; message: string; isDocument: boolean };

if (!parentPort) throw new Error('reader-worker.ts is the entry of a thread');
const port = parentPort;
const answer = (message: Answer) => port.postMessage(message);

const topics = await loadTopics((workerData as Setup).topics);

port.on('message', ({ document, source }: Order) => {
  readDocument(document, source, { topics, now: Date.now }).then(
    (reading) => answer({ kind: 'read', reading }),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      answer({ kind: 'failed', message, isDocument: error instanceof ParseError });
    },
  );
});
// The names of a language are made ready with its first story, which takes longer than a document may.
for (const headline of ['Київ', 'Киев', 'Kyiv']) topics.tagger.tag({ language: 'und', headline });
answer({ kind: 'ready' });
