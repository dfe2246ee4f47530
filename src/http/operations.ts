import { Router } from 'express';

export interface OperationsDeps {
  /** Whether this process should be sent clients or, for an ingestor, does its work. */
  isReady(): boolean;
  metrics: { contentType: string; text(): Promise<string> };
}

/** For those who run the service: liveness, readiness, Prometheus. */
export function operationsRoutes({ isReady, metrics }: OperationsDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', (_request, response) => {
    const ready = isReady();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  return router;
}
