import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SettingError } from '../config.ts';
import type { Content } from '../core/story.ts';
import { type Document, readDocument } from '../ingest/document/document.ts';
import { createFetcher } from '../ingest/poll/fetch.ts';
import { parseSources, type Source } from '../ingest/sources.ts';
import type { Draft } from '../store/store.ts';
import { userAgent } from '../version.ts';
import { plain, readArguments } from './arguments.ts';
import { loadOwnTopics } from './own-topics.ts';

const OPTIONS = { json: { type: 'boolean', default: false } } as const;

export interface CheckDeps {
  print(line: string): void;
  warn(line: string): void;
  allowPrivateNetworks: boolean;
  /** The user's own file of topics. */
  topics: string | undefined;
}

/** `newswire check`: reads one feed as ingest would and prints its stories. Answers the exit code. */
export async function check(
  args: string[],
  { print, warn, allowPrivateNetworks, topics: own }: CheckDeps,
): Promise<number> {
  const { values, positionals } = readArguments('check', args, OPTIONS, true);
  const [place] = positionals;
  if (place === undefined || positionals.length > 1)
    throw new SettingError('newswire check: expected one URL or FILE');
  const topics = await loadOwnTopics(own);
  try {
    const document = await open(place, allowPrivateNetworks);
    const { drafts, guids, truncated } = await readDocument(document, sourceOf(place), {
      topics,
      now: Date.now,
    });
    const at = new Date().toISOString();
    for (const draft of drafts) print(values.json ? JSON.stringify(asStory(draft, at, guids)) : line(draft));
    if (truncated) warn('newswire: the document breaks off after these stories');
    if (!values.json) warn(`newswire: ${drafts.length} stories`);
    return 0;
  } catch (error) {
    warn(`newswire: ${place}: ${plain((error as Error).message)}`);
    return 1;
  }
}

async function open(place: string, allowPrivateNetworks: boolean): Promise<Document> {
  if (!/^https?:\/\//i.test(place)) {
    if ((await stat(place)).isDirectory()) throw new Error('is a folder, not a feed');
    return { bytes: await readFile(place) };
  }
  const fetcher = createFetcher({ allowPrivateNetworks, userAgent: userAgent(undefined) });
  try {
    const fetched = await fetcher.fetch(place, {});
    if (fetched.outcome === 'unchanged')
      throw new Error('the server says that nothing has changed, to a first request');
    return { bytes: fetched.body, contentType: fetched.contentType, url: fetched.finalUrl };
  } finally {
    await fetcher.close();
  }
}

/** The source that nobody configured: everything as it is by default. */
function sourceOf(place: string): Source {
  const isUrl = /^https?:\/\//i.test(place);
  const name = isUrl ? new URL(place).host : basename(place);
  const url = isUrl ? place : 'https://check.invalid/';
  const [source] = parseSources(
    JSON.stringify({ sources: [{ id: 'check', name: name.slice(0, 200), url }] }),
    'check',
  );
  if (!source) throw new Error('unreachable: one source was given');
  return source;
}

/** A Story as far as it can be one that has no place in a log, and what its source calls it. */
function asStory(draft: Draft, at: string, guids: ReadonlyMap<string, string>): Record<string, unknown> {
  if (draft.kind === 'withdrawal') return { id: draft.id, status: 'canceled', change: 'cancel' };
  const guid = guids.get(draft.content.id);
  return {
    ...draft.content,
    ...(guid === undefined ? {} : { altIds: [{ role: 'guid', value: guid }] }),
    version: 1,
    status: 'usable',
    change: 'new',
    firstCreated: at,
    versionCreated: at,
  };
}

function line(draft: Draft): string {
  if (draft.kind === 'withdrawal') return `withdrawn  ${draft.id}`;
  const { published, language, headline, topics }: Content = draft.content;
  return plain(
    `${published ?? 'no date'}  ${language}  ${headline}  ${topics.map((topic) => `#${topic}`).join(' ')}`,
  );
}
