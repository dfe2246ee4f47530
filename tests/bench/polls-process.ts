/** Ingest as a process has it, alone on one thread: `polls-process.ts FOLDER ORIGIN COUNT EVERY_MS`. */
import { pino } from 'pino';
import Parser from 'rss-parser';
import { decode } from '../../src/ingest/document/decode.ts';
import { type Document, readDocument } from '../../src/ingest/document/document.ts';
import { parseFeed } from '../../src/ingest/document/parse.ts';
import { createFetcher } from '../../src/ingest/poll/fetch.ts';
import { recordOf } from '../../src/ingest/poll/health.ts';
import { createHosts } from '../../src/ingest/poll/hosts.ts';
import { createPipeline } from '../../src/ingest/poll/pipeline.ts';
import { createSchedule } from '../../src/ingest/poll/schedule.ts';
import { parseSources, type Source } from '../../src/ingest/sources.ts';
import { loadTopics } from '../../src/topics/topics.ts';
import { openStore } from '../support/open-store.ts';
import { serve } from './child.ts';
import { sampleFeed } from './sample-feed.ts';
import { percentile } from './stats.ts';

export type PollsApi = Awaited<ReturnType<typeof open>>['api'];

/** What happened between two moments; times are milliseconds. */
export interface Span {
  polls: number;
  unchanged: number;
  failed: number;
  stories: number;
  lateP50: number;
  lateP99: number;
  lateMost: number;
  cpuMs: number;
  wallMs: number;
}

const ETAG = '"0"';

async function open() {
  const [folder = '', origin = '', count = '0', every = '0'] = process.argv.slice(2);
  const sources = parseSources(
    JSON.stringify({
      sources: Array.from({ length: Number(count) }, (_, n) => ({
        id: `source-${n}`,
        url: `${origin}/${n}`,
        every: `${every}ms`,
      })),
    }),
    'the bench',
  );
  const store = openStore(folder);
  const topics = await loadTopics();
  const log = pino({ level: 'silent' });
  const now = Date.now;
  const fetcher = createFetcher({ allowPrivateNetworks: true, userAgent: 'bench' });
  const read = (document: Document, source: Source) => readDocument(document, source, { topics, now });
  let span = begin();

  function begin() {
    return {
      at: performance.now(),
      cpu: process.cpuUsage(),
      late: [] as number[],
      unchanged: 0,
      failed: 0,
      stories: 0,
    };
  }

  const pipeline = createPipeline({
    fetcher,
    read,
    store,
    now,
    log,
    metrics: {
      story() {
        span.stories += 1;
      },
      fetch(_source, outcome) {
        if (outcome === 'unchanged') span.unchanged += 1;
        else if (outcome !== 'fetched') span.failed += 1;
      },
      lag() {},
    },
  });
  const schedule = createSchedule({
    sources,
    pipeline,
    hosts: createHosts({ now }),
    store,
    member: 'bench',
    now,
    log,
    random: Math.random,
    late: (ms) => span.late.push(ms),
  });

  /** As after a restart: every source has been read, and each is due at its own moment of the interval. */
  async function remember(): Promise<void> {
    const at = now();
    await Promise.all(
      sources.map(({ id, name, url }, index) => {
        const nextPoll = new Date(at + 500 + (index / sources.length) * Number(every)).toISOString();
        const memory = {
          validators: { etag: ETAG },
          bodyHash: '',
          lagsMs: [],
          lastWhole: new Date(at).toISOString(),
        };
        return store.saveSource(id, recordOf({ id, name, url, failures: 0, nextPoll }, memory));
      }),
    );
  }

  return {
    api: {
      async start() {
        await remember();
        schedule.start();
      },
      begin() {
        span = begin();
      },
      end(): Span {
        const { user, system } = process.cpuUsage(span.cpu);
        const { late, unchanged, failed, stories } = span;
        return {
          polls: late.length,
          unchanged,
          failed,
          stories,
          lateP50: percentile(late, 50),
          lateP99: percentile(late, 99),
          lateMost: percentile(late, 100),
          cpuMs: (user + system) / 1000,
          wallMs: performance.now() - span.at,
        };
      },
      /** CPU milliseconds to read, to parse alone, and for the bare parser to parse so many documents, in turns; and how many items those have. */
      async parse(documents: number, items: number) {
        const parser = new Parser();
        const [source] = parseSources(
          JSON.stringify({ sources: [{ id: 'parse', url: `${origin}/` }] }),
          'the bench',
        );
        if (!source) throw new Error('unreachable: one source was given');
        const spent = { read: 0, parsed: 0, bare: 0 };
        const timed = async (who: keyof typeof spent, act: () => Promise<unknown>) => {
          const before = process.cpuUsage();
          await act();
          const { user, system } = process.cpuUsage(before);
          spent[who] += (user + system) / 1000;
        };
        for (let n = 0; n < documents; n++) {
          // The first tenth warms up.
          if (n === Math.floor(documents / 10)) Object.assign(spent, { read: 0, parsed: 0, bare: 0 });
          const xml = sampleFeed(n, items);
          const bytes = Buffer.from(xml);
          await timed('read', () => read({ bytes, url: source.url }, source));
          await timed('parsed', () => parseFeed(decode(bytes, 'application/rss+xml').text));
          await timed('bare', () => parser.parseString(xml));
        }
        return { ...spent, items: items * (documents - Math.floor(documents / 10)) };
      },
    },
    async close() {
      await schedule.close();
      await fetcher.close();
      await store.close();
    },
  };
}

await serve(open);
