import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Story } from '../../src/core/story.ts';
import { until } from '../support/events.ts';
import { openFeedServer } from '../support/feed-server.ts';
import { item, rss } from '../support/feeds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openHub } from '../support/hub.ts';
import { startProgram } from '../support/program.ts';
import { freePort } from '../support/redis-server.ts';

async function headlines(url: string): Promise<string[]> {
  const response = await fetch(`${url}/v1/stories`);
  const { stories } = (await response.json()) as { stories: Pick<Story, 'headline'>[] };
  return stories.map(({ headline }) => headline);
}

test('what a hub pushes is on the wire at once, also after a kill -9, and a ping brings a poll', async () => {
  const folder = temporaryFolder();
  const feeds = await openFeedServer();
  const hub = await openHub();
  const topic = `${feeds.origin}/feed`;
  const headers = { link: `<${hub.url}>; rel="hub", <${topic}>; rel="self"` };
  feeds.answer('/feed', { body: rss(item('polled')), headers });
  const sources = [{ id: 'news', url: topic, every: '1s' }];
  writeFileSync(join(folder.path, 'sources.yaml'), JSON.stringify({ sources }));
  const port = await freePort();
  const settings = {
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ALLOW_PRIVATE_NETWORKS: 'true',
  };

  let program = await startProgram('serve', settings, folder.path);
  try {
    const subscribed = await hub.subscribed();
    expect(await hub.push(subscribed, { body: rss(item('pushed')) })).toBe(202);
    await until(async () => (await headlines(program.url)).length === 2, 'the pushed story');

    await program.kill();
    program = await startProgram('serve', settings, folder.path);
    expect(await hub.push(subscribed, { body: rss(item('again')) })).toBe(202);
    await until(async () => (await headlines(program.url)).length === 3, 'the second pushed story');

    // Its hub is relied on now, and the source is polled every 12 s.
    await until(async () => {
      const response = await fetch(`${program.url}/v1/sources`);
      const rows = (await response.json()) as { sources: { lastPoll: string; nextPoll: string }[] };
      const [row] = rows.sources;
      return row && Date.parse(row.nextPoll) - Date.parse(row.lastPoll) > 5000;
    }, 'the source is polled less often');
    feeds.answer('/feed', { body: rss(item('pinged'), item('polled')), headers });
    expect(await hub.push(subscribed, {})).toBe(202);
    await until(async () => (await headlines(program.url)).length === 4, 'the story of the ping', 4000);

    expect((await headlines(program.url)).toSorted()).toEqual(
      ['again', 'pinged', 'polled', 'pushed'].map((name) => `Headline of ${name}`),
    );
    expect(hub.requests).toHaveLength(1);
    // A callback's address is nobody's business.
    expect(JSON.stringify(program.log)).not.toContain(subscribed.callback.slice(-43));
  } finally {
    await program.stop();
    await hub.close();
    await feeds.close();
    folder.remove();
  }
});
