/** The service of `stalled.ts`, on the embedded store in the folder WHERE. */
import { openEmbedded } from '../../src/store/embedded.ts';
import { startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';
import { serve } from './child.ts';
import { sampleDraft } from './sample.ts';

export type StalledApi = Awaited<ReturnType<typeof open>>['api'];

async function open() {
  const store = openEmbedded({ path: process.argv[2] ?? '', retention: { stories: 100_000, hours: 1 } });
  const service = await startService({ store });
  const backlogs = () => service.gateway.clients().map(({ sink }) => sink.backlog());
  return {
    api: {
      port: () => Number(new URL(service.url).port),
      async publish(number: number) {
        await store.append(sampleDraft(number));
      },
      /** A story of its own for those who asked for sport, of about so many bytes. */
      async fill(id: string, bytes: number) {
        await store.append(draft(id, { topics: ['sport'], body: 'x'.repeat(bytes) }));
      },
      memory() {
        globalThis.gc?.();
        const { rss, heapUsed, external } = process.memoryUsage();
        return { rss, heapUsed, external };
      },
      /** Bytes that clients have not taken: the most of one, and how many have any. */
      untaken: () => ({
        most: Math.max(0, ...backlogs()),
        clients: backlogs().filter((bytes) => bytes > 0).length,
      }),
    },
    async close() {
      await service.close();
      await store.close();
    },
  };
}

await serve(open);
