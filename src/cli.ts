#!/usr/bin/env node
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { App, Role } from './app.ts';
import { USAGE } from './commands/usage.ts';
import { readConfig, SettingError } from './config.ts';
import { createLog } from './log.ts';
import { version } from './version.ts';

/**
 * The only file that touches the process: arguments, environment, signals, output, exit codes. Each command is loaded
 * when it is called, so that a small one starts at once.
 */

const ROLES = ['serve', 'ingest', 'gateway', 'demo'] as const;

/** The first SIGTERM or SIGINT; a second one does not wait for anything. */
function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(1);
      stopping.abort();
    });
  }
  return stopping.signal;
}

async function serve(role: Role): Promise<number> {
  const stop = untilStopped();
  // A sample newsroom is new each time; what an earlier one wrote would only lead to pages that are gone.
  const temporary =
    role === 'demo' && !process.env.DATA_DIR ? mkdtempSync(join(tmpdir(), 'newswire-demo-')) : undefined;
  const pretty =
    role === 'demo' && process.stdout.isTTY && !process.env.LOG_PRETTY ? { LOG_PRETTY: 'true' } : {};
  let app: App | undefined;
  try {
    const config = readConfig({ ...process.env, ...pretty, ...(temporary ? { DATA_DIR: temporary } : {}) });
    const log = createLog({ level: config.logLevel, pretty: config.logPretty, role });
    process.on('unhandledRejection', (err) => {
      log.fatal({ err }, 'a rejection that nobody handled: this is a bug');
      process.exit(70);
    });
    const { startApp } = await import('./app.ts');
    app = await startApp(role, config, log);
    if (!stop.aborted)
      await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
    log.info('stopping');
    await app.close();
    log.info('stopped');
    return 0;
  } finally {
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  }
}

async function run([command, ...rest]: string[]): Promise<number> {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const warn = (line: string) => void process.stderr.write(`${line}\n`);
  const role = ROLES.find((each) => each === command);
  if (role) {
    if (rest.length > 0)
      throw new SettingError(`newswire ${role} takes no arguments; its settings are environment variables`);
    return serve(role);
  }
  switch (command) {
    case 'tail': {
      const { tail } = await import('./commands/tail.ts');
      return tail(rest, { print, warn, stop: untilStopped() });
    }
    case 'check': {
      const { check } = await import('./commands/check.ts');
      const { allowPrivateNetworks, topics } = readConfig(process.env);
      return check(rest, { print, warn, allowPrivateNetworks, topics });
    }
    case 'sources': {
      const { sources } = await import('./commands/sources.ts');
      return sources(rest, { print, warn, topics: readConfig(process.env).topics });
    }
    case 'topics': {
      const { topics } = await import('./commands/topics.ts');
      return topics(rest, {
        print,
        warn,
        input: () => text(process.stdin),
        own: readConfig(process.env).topics,
      });
    }
    case 'token': {
      const { token } = await import('./commands/token.ts');
      return token(rest, { print, secret: process.env.AUTH_SECRET });
    }
    case 'help':
    case '--help':
    case '-h':
      print(USAGE);
      return 0;
    case '--version':
    case '-v':
      print(version);
      return 0;
    default:
      throw new SettingError(
        command === undefined
          ? 'a command is needed; see newswire --help'
          : `unknown command ${JSON.stringify(command)}; see newswire --help`,
      );
  }
}

try {
  process.loadEnvFile();
} catch {
  // There need not be a .env file.
}

// A reader that has gone, as in `newswire tail | head`, is the end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const bad = error instanceof SettingError;
  process.stderr.write(
    `newswire: ${bad ? error.message.replaceAll('\n', ' ') : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = bad ? 2 : 1;
}
