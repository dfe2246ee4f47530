import type { IncomingMessage, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';

/** As much of a story as a server without a log looks at. */
interface PostedStory {
  topics: string[];
}

/** A peer's end of `POST /v1/stories`, by which stories reach all servers alike: no check, no log, no token. */
export function takeStories(publish: (story: PostedStory) => void): RequestListener {
  return async (request: IncomingMessage, response) => {
    const story: PostedStory = JSON.parse(await text(request));
    publish(story);
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(story));
  };
}
