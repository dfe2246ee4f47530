import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readDocument } from '../../src/ingest/document/document.ts';
import { ParseError } from '../../src/ingest/document/feed.ts';
import { createReader, type Reader, type ReaderOptions } from '../../src/ingest/reader.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { item, rss, source } from '../support/feeds.ts';

const opened: Reader[] = [];
const open = (options: ReaderOptions = {}) => {
  const reader = createReader(options);
  opened.push(reader);
  return reader;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((reader) => reader.close()));
});

const feed = (stories: number) =>
  rss(Array.from({ length: stories }, (_, index) => item(`n${index}`)).join(''));
const document = (text: string) => ({ bytes: Buffer.from(text), contentType: 'text/xml' });
const headlines = (reading: Awaited<ReturnType<Reader['read']>>) =>
  reading.drafts.flatMap((draft) => (draft.kind === 'content' ? [draft.content.headline] : []));

describe('a reader', () => {
  test('reads in another thread what would be read in this one', async () => {
    const reader = open();
    const dependencies = { topics: await loadTopics(), now: Date.now };
    for (const text of [feed(1), feed(300), rss('<item><title>Cut</title></item><item><title>Torn')]) {
      const there = await reader.read(document(text), source());
      expect(there).toEqual(await readDocument(document(text), source(), dependencies));
    }
  });

  test('leaves this thread to others meanwhile', async () => {
    const reader = open();
    await reader.read(document(feed(1)), source());
    let reading = true;
    let turns = 0;
    const read = reader.read(document(feed(2000)), source()).finally(() => {
      reading = false;
    });
    while (reading) {
      turns += 1;
      await turn();
    }
    expect(headlines(await read)).toHaveLength(2000);
    // In this thread there would be one turn for every twenty stories.
    expect(turns).toBeGreaterThan(500);
  });

  test('refuses what is no feed, in the same words', async () => {
    const reader = open();
    const dependencies = { topics: await loadTopics(), now: Date.now };
    for (const text of [
      '',
      '<html><body>Not found</body></html>',
      '{"error":"no"}',
      '<rss><channel><item>',
    ]) {
      const here = await readDocument(document(text), source(), dependencies).catch((error: Error) => error);
      const there = await reader.read(document(text), source()).catch((error: Error) => error);
      expect(there).toBeInstanceOf(ParseError);
      expect(there).toHaveProperty('message', (here as Error).message);
    }
  });

  test('gives up a document that takes too long, and no other', async () => {
    const reader = open({ timeoutMs: 1_500 });
    await reader.read(document(feed(1)), source());
    const body = `<content:encoded><![CDATA[${'<p>a <b>word</b> &amp; more</p>'.repeat(200)}]]></content:encoded>`;
    const huge = document(rss(Array.from({ length: 2000 }, (_, index) => item(`h${index}`, body)).join('')));
    const answers = await Promise.allSettled(
      [document(feed(1)), huge, document(feed(2)), document(feed(3))].map((each) =>
        reader.read(each, source()),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    const [, late] = answers;
    expect(late?.status === 'rejected' && late.reason).toBeInstanceOf(ParseError);
    expect(late).toHaveProperty('reason.message', 'reading the document took longer than 1500 ms');
  });

  test('outlives a document that fills the memory of its thread', async () => {
    const reader = open({ timeoutMs: 60_000, memoryMb: 125 });
    const bomb = document(
      rss(...Array.from({ length: 1_900 }, (_, index) => item(`bomb${index}`, '<b c="d"/>'.repeat(95)))),
    );
    const answers = await Promise.allSettled([
      reader.read(bomb, source()),
      reader.read(document(feed(2)), source()),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    const [refused] = answers;
    expect(refused?.status === 'rejected' && refused.reason).toBeInstanceOf(ParseError);
  });

  test('does not touch bytes that share their memory with others', async () => {
    const shared = Buffer.from(`before${feed(1)}after`);
    const bytes = shared.subarray(6, -5);
    expect(headlines(await open().read({ bytes }, source()))).toEqual(['Headline of n0']);
    expect(shared.toString('utf8', 0, 6)).toBe('before');
  });

  test('reads as many at a time as it has threads, lets the others wait, and refuses more than may wait', async () => {
    const reader = open({ workers: 2, maxQueue: 3 });
    const answers = await Promise.allSettled(
      Array.from({ length: 7 }, (_, index) => reader.read(document(feed(index + 1)), source())),
    );
    const states = answers.map((each) =>
      each.status === 'fulfilled' ? each.value.drafts.length : 'refused',
    );
    expect(states).toEqual([1, 2, 3, 4, 5, 'refused', 'refused']);
    expect(answers[6]).toHaveProperty('reason.message', '3 documents wait to be read already');
  });

  test('lets go of everything when it is closed', async () => {
    const reader = open();
    const reads = Promise.allSettled([1, 2].map((count) => reader.read(document(feed(count)), source())));
    await reader.close();
    expect((await reads).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(reader.read(document(feed(1)), source())).rejects.toThrow('closed');
  });
});
