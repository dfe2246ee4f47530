import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Request, Router } from 'express';
import type { Access } from '../core/access.ts';
import type { View } from '../core/story.ts';
import type { TopicId, TopicRef } from '../core/topic.ts';
import { parseStoriesQuery } from './query.ts';

export interface StreamDeps {
  access(request: Request): Promise<Access>;
  resolveTopic(ref: TopicRef): TopicId;
  /**
   * The gateway's: answers over Server-Sent Events, or rejects before it has answered anything.
   * @param asked what is asked for, found out only when the client is let in: in a storm a refusal has to be cheap.
   */
  stream(
    request: IncomingMessage,
    response: ServerResponse,
    asked: () => Promise<{
      filter: string | undefined;
      after: string | undefined;
      view: View;
      access: Access;
    }>,
  ): Promise<void>;
}

/** `GET /v1/stream`: a browser that comes back says in Last-Event-ID how far it was, and that counts before `after`. */
export function streamRoutes({ access, resolveTopic, stream }: StreamDeps): Router {
  const router = Router();
  router.get('/v1/stream', async (request, response) => {
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    await stream(request, response, async () => {
      const granted = await access(request);
      const { expr, after, view } = parseStoriesQuery(request.query, resolveTopic);
      const resumed = request.get('last-event-id') || after;
      return { filter: expr.text || undefined, after: resumed, view, access: granted };
    });
  });
  return router;
}
