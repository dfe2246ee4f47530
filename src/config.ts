import { existsSync } from 'node:fs';
import { z } from 'zod';

/** The settings of section 2 of the contract, checked. Nothing else reads the environment. */
export interface Config {
  port: number;
  host: string;
  sources: string;
  /** The user's own topics; without the setting `topics.yaml`, where there is one. */
  topics: string | undefined;
  redisUrl: string | undefined;
  redisPrefix: string;
  dataDir: string;
  retention: { stories: number; hours: number };
  allowPrivateNetworks: boolean;
  auth: 'open' | 'token';
  authSecret: string | undefined;
  authJwksUrl: string | undefined;
  publishToken: string | undefined;
  /** Besides the page's own origin. */
  origins: string[];
  publicUrl: string | undefined;
  logLevel: string;
  logPretty: boolean;
  drainSeconds: number;
}

/** A setting, a file or a command line that cannot be used; the message is one line that says which and why. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

const OWN_TOPICS = 'topics.yaml';

const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const number = (min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]+(\.[0-9]+)?$/, 'expected a number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const whole = (min: number, max: number) => number(min, max).pipe(z.int('expected a whole number'));
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https address' });
const redisUrl = z
  .string()
  .regex(
    /^(redis|rediss|redis\+sentinel|redis\+cluster):\/\/[^/]+/,
    'expected redis://, rediss://, redis+sentinel:// or redis+cluster://',
  );

const settings = z
  .object({
    PORT: whole(0, 65_535).default(3000),
    HOST: z.string().default('127.0.0.1'),
    SOURCES: z.string().default('sources.yaml'),
    TOPICS: z.string().optional(),
    REDIS_URL: redisUrl.optional(),
    REDIS_PREFIX: z
      .string()
      .regex(/^[A-Za-z0-9:_-]{1,64}$/, 'expected letters, digits, ":", "_" and "-"')
      .default('newswire'),
    DATA_DIR: z.string().default('data'),
    RETENTION_STORIES: whole(1, 100_000_000).default(200_000),
    RETENTION_HOURS: number(0.01, 24 * 3660).default(72),
    ALLOW_PRIVATE_NETWORKS: flag.default(false),
    AUTH: z.enum(['open', 'token'], 'expected open or token').default('open'),
    AUTH_SECRET: z.string().min(16, 'expected at least 16 characters').optional(),
    AUTH_JWKS_URL: httpUrl.optional(),
    PUBLISH_TOKEN: z.string().min(8, 'expected at least 8 characters').optional(),
    ORIGINS: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((origin) => origin.trim())
          .filter(Boolean),
      )
      .pipe(z.array(httpUrl.transform((url) => new URL(url).origin)))
      .default([]),
    PUBLIC_URL: httpUrl.optional(),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    LOG_PRETTY: flag.default(false),
    DRAIN_SECONDS: number(0, 3600).default(30),
  })
  .refine((all) => all.AUTH === 'open' || all.AUTH_SECRET !== undefined || all.AUTH_JWKS_URL !== undefined, {
    path: ['AUTH'],
    error: 'token needs AUTH_SECRET or AUTH_JWKS_URL',
  });

/** @throws {SettingError} that names the setting. An empty value counts as unset. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const { data, error } = settings.safeParse(given);
  if (!data) {
    const issue = error.issues[0];
    const name = String(issue?.path[0] ?? 'settings');
    // A secret is not repeated, not even a bad one.
    const shown = /SECRET|TOKEN|REDIS_URL/.test(name) ? '' : ` (it is ${JSON.stringify(given[name])})`;
    throw new SettingError(`${name}: ${issue?.message ?? 'not understood'}${shown}`);
  }
  return {
    port: data.PORT,
    host: data.HOST,
    sources: data.SOURCES,
    topics: data.TOPICS ?? (existsSync(OWN_TOPICS) ? OWN_TOPICS : undefined),
    redisUrl: data.REDIS_URL,
    redisPrefix: data.REDIS_PREFIX,
    dataDir: data.DATA_DIR,
    retention: { stories: data.RETENTION_STORIES, hours: data.RETENTION_HOURS },
    allowPrivateNetworks: data.ALLOW_PRIVATE_NETWORKS,
    auth: data.AUTH,
    authSecret: data.AUTH_SECRET,
    authJwksUrl: data.AUTH_JWKS_URL,
    publishToken: data.PUBLISH_TOKEN,
    origins: data.ORIGINS,
    publicUrl: data.PUBLIC_URL,
    logLevel: data.LOG_LEVEL,
    logPretty: data.LOG_PRETTY,
    drainSeconds: data.DRAIN_SECONDS,
  };
}
