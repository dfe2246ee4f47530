import { connect, type WireStory } from '../client/wire.ts';
import { SettingError } from '../config.ts';
import { parseCursor } from '../core/cursor.ts';
import { WireError } from '../core/errors.ts';
import { both, EVERYTHING, parseFilter } from '../core/filter.ts';
import { plain, readArguments } from './arguments.ts';

const OPTIONS = {
  topics: { type: 'string' },
  filter: { type: 'string' },
  url: { type: 'string', default: 'http://127.0.0.1:3000' },
  after: { type: 'string' },
  last: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export interface TailDeps {
  print(line: string): void;
  warn(line: string): void;
  /** Aborted when it is time to stop. */
  stop: AbortSignal;
}

/** `newswire tail`: live stories in a terminal, until it is stopped. Answers the exit code. */
export function tail(args: string[], { print, warn, stop }: TailDeps): Promise<number> {
  const { values } = readArguments('tail', args, OPTIONS);
  const filter = readFilter(values.topics, values.filter);
  const last = values.last === undefined ? undefined : Number(values.last);
  if (!URL.canParse(values.url))
    throw new SettingError(`newswire tail --url: ${JSON.stringify(values.url)} is not an address`);
  if (values.after !== undefined) checked('--after', () => parseCursor(values.after));

  return new Promise((resolve) => {
    const wire = connect(values.url, values.token === undefined ? {} : { token: values.token });
    const headlines = new Map<string, string>();
    const end = (code: number) => {
      wire.close();
      resolve(code);
    };
    if (stop.aborted) end(0);
    stop.addEventListener('abort', () => end(0), { once: true });
    wire.on('state', (state) => {
      if (state === 'offline') warn(`newswire: no connection to ${values.url}; trying again`);
    });
    wire.on('notice', ({ message }) => warn(`newswire: ${message}`));
    wire.on('error', ({ message }) => {
      warn(`newswire: ${message}`);
      end(1);
    });
    const request = { filter: filter === '' ? undefined : filter, after: values.after, last };
    wire.subscribe(
      request,
      (story) => {
        print(values.json ? JSON.stringify(story) : line(story, headlines));
        headlines.set(story.id, story.headline);
      },
      {
        ready: ({ gap, unknown }) => {
          if (gap) warn('newswire: the log no longer reaches back to that cursor; some stories are missing');
          for (const topic of unknown) warn(`newswire: no story has had the topic ${topic} so far`);
        },
        error: ({ message }) => {
          warn(`newswire: ${message}`);
          end(1);
        },
      },
    );
  });
}

function readFilter(topics: string | undefined, filter: string | undefined): string {
  const named = checked('--topics', () =>
    topics === undefined ? EVERYTHING : parseFilter(topics.split(',')),
  );
  const asked = checked('--filter', () => (filter === undefined ? EVERYTHING : parseFilter(filter)));
  return both(named, asked).text;
}

function checked<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw new SettingError(`newswire tail ${option}: ${error.message}`);
    throw error;
  }
}

function line(story: WireStory, headlines: ReadonlyMap<string, string>): string {
  const at = 'versionCreated' in story ? story.versionCreated : new Date().toISOString();
  const time = new Date(at).toTimeString().slice(0, 8);
  const change = 'change' in story ? story.change : 'new';
  const mark = { new: '', update: '[update] ', correction: '[correction] ', cancel: '[withdrawn] ' }[change];
  const headline = story.headline || headlines.get(story.id) || story.id;
  const topics = story.topics.length > 0 ? `  #${story.topics.join(' #')}` : '';
  return plain(`${time}  ${story.source.id}  ${mark}${headline}${topics}`);
}
