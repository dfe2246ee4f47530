import { Router } from 'express';

/** What ingest remembers of a source, as far as users may see it. */
export interface SourceStatus {
  id: string;
  [field: string]: unknown;
}

/** `GET /v1/sources`: each source with its health. */
export function sourcesRoutes(sources: () => Promise<SourceStatus[]>): Router {
  const router = Router();
  router.get('/v1/sources', async (_request, response) => {
    response.set('cache-control', 'no-cache').json({ sources: await sources() });
  });
  return router;
}
