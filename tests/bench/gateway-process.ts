/** The gateway in a process of its own, on the store at WHERE (a folder, or a Redis address and a prefix). */
import { openStore } from '../support/open-store.ts';
import { startService } from '../support/service.ts';
import { serve } from './child.ts';
import { sampleDraft } from './sample.ts';

export type GatewayApi = Awaited<ReturnType<typeof open>>['api'];

async function open() {
  const store = openStore(process.argv[2] ?? '');
  const service = await startService({ store });
  return {
    api: {
      port: () => Number(new URL(service.url).port),
      /** For the embedded store, whose ingest is in the gateway's process. */
      async publish(number: number) {
        await store.append(sampleDraft(number));
      },
    },
    async close() {
      await service.close();
      await store.close();
    },
  };
}

await serve(open);
