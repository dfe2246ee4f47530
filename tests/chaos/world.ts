import { cpSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type Fault, GATEWAYS, INGESTORS, REDIS } from './faults.ts';
import { createProgram, type Program } from './program.ts';
import { openProxy, type Wires } from './proxy.ts';
import type { Random } from './random.ts';
import { losesMessages } from './resp.ts';

export const PREFIX = 'chaos';
export const PUBLISH_TOKEN = 'chaos-publishes';
const RETENTION = { stories: 1_000_000, hours: 72 };
/** The part of what Redis publishes that never arrives. */
const LOST = 0.1;
/** So much of the end of the append-only file is lost at most, in bytes. */
const LONGEST_TAIL = 64 * 1024;
/** How long a path keeps to its gateway while it has no connection: the requests of a client that polls belong together. */
const STICKY_MS = 2_000;

/** A client's way to the service: to one of the gateways, and to another when that one is gone. */
export interface Path {
  readonly port: number;
  stopReading(): void;
  readOn(): void;
  /** Resets its connections; the next one goes to any gateway. */
  cut(): void;
}

export interface WorldOptions {
  random: Random;
  /** Its own; everything that it writes is in there. */
  folder: string;
  cli: string;
  /** What ingest reads: the content of its sources file. */
  sources: unknown;
}

/** Real processes of the service on a real Redis, and every wire between them in our hands. */
export interface World {
  /** Redis itself, without anything between. */
  readonly redisUrl: string;
  /** What no fault of ours explains, such as a process that ended by itself. */
  readonly surprises: readonly string[];
  lostMessages(): number;
  /** The folders that earlier lives of Redis had left when something of them was lost, the oldest first. */
  readonly lives: readonly string[];
  openPath(): Promise<Path>;
  /** Lets it happen; resolves when it is over, which `end` makes at once. False when the process is in trouble already. */
  apply(fault: Fault, end: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export async function openWorld({ random, folder, cli, sources }: WorldOptions): Promise<World> {
  const surprises: string[] = [];
  const lives: string[] = [];
  const troubled = new Set<string>();
  const unreachable = new Set<string>();
  const data = join(folder, 'redis');
  let lost = 0;
  let isClosing = false;
  const closers: (() => Promise<unknown>)[] = [];

  async function close(): Promise<void> {
    isClosing = true;
    for (const each of closers.splice(0).reverse()) await each();
  }

  try {
    mkdirSync(data);
    const sourcesFile = join(folder, 'sources.yaml');
    writeFileSync(sourcesFile, JSON.stringify(sources));
    // Redis writes before it answers, so that what it has acknowledged survives kill -9, and does not wait for the disk.
    const redis: RedisServer = await startRedis('--dir', data, '--appendfsync', 'no', '--loglevel', 'notice');
    closers.push(() => redis.close());
    const redisPort = Number(new URL(redis.url).port);

    const programs = new Map<string, Program>();
    const links = new Map<string, Wires>();
    for (const name of [...INGESTORS, ...GATEWAYS]) {
      const chance = random.of(`messages of ${name}`);
      const filter = () =>
        losesMessages(
          () => chance.chance(LOST),
          () => {
            lost += 1;
          },
        );
      const link = await openProxy({ target: () => redisPort, filter });
      closers.push(link.close);
      links.set(name, link);
      const program = createProgram({
        name,
        role: INGESTORS.includes(name) ? 'ingest' : 'gateway',
        cli,
        cwd: folder,
        log: join(folder, `${name}.log`),
        settings: {
          REDIS_URL: `redis://127.0.0.1:${link.port}`,
          REDIS_PREFIX: PREFIX,
          SOURCES: sourcesFile,
          DATA_DIR: join(folder, name),
          RETENTION_STORIES: String(RETENTION.stories),
          RETENTION_HOURS: String(RETENTION.hours),
          ALLOW_PRIVATE_NETWORKS: 'true',
          PUBLISH_TOKEN,
        },
        ended: (how) => {
          if (!isClosing) surprises.push(how);
        },
      });
      programs.set(name, program);
      closers.push(() => program.kill());
    }
    await Promise.all([...programs.values()].map((program) => program.start()));

    const paths = new Map<Wires, () => string | undefined>();
    const pathsTo = (gateway: string) =>
      [...paths].filter(([, current]) => current() === gateway).map(([proxy]) => proxy);

    async function openPath(): Promise<Path> {
      let chosen: string | undefined;
      let used = 0;
      const serves = (name: string) => programs.get(name)?.port !== undefined && !unreachable.has(name);
      const proxy: Wires = await openProxy({
        target() {
          const isKept = proxy.links() > 0 || Date.now() - used < STICKY_MS;
          if (chosen === undefined || !isKept || !serves(chosen)) {
            const serving = GATEWAYS.filter(serves);
            chosen = serving.length === 0 ? undefined : random.pick(serving);
          }
          used = Date.now();
          return chosen === undefined ? undefined : programs.get(chosen)?.port;
        },
      });
      paths.set(proxy, () => chosen);
      closers.push(proxy.close);
      return {
        port: proxy.port,
        stopReading: proxy.stopReading,
        readOn: proxy.readOn,
        cut() {
          chosen = undefined;
          proxy.cut();
        },
      };
    }

    async function pass(ms: number, end: AbortSignal): Promise<void> {
      await wait(ms, undefined, { signal: end }).catch(() => {});
    }

    async function restartRedis(kind: Fault['kind'], ms: number, end: AbortSignal): Promise<void> {
      await redis.kill('SIGKILL');
      if (kind !== 'redis-restart') {
        const life = join(folder, `redis-life-${lives.length + 1}`);
        cpSync(data, life, { recursive: true });
        lives.push(life);
        if (kind === 'redis-empty') empty(data);
        else loseTail(data, random.whole(1, LONGEST_TAIL));
      }
      await pass(ms, end);
      await redis.restart();
    }

    async function suffer({ kind, target, ms, resets }: Fault, end: AbortSignal): Promise<void> {
      const program = programs.get(target);
      switch (kind) {
        case 'kill':
          await program?.kill();
          await pass(ms, end);
          await program?.start();
          return;
        case 'freeze': {
          if (target === REDIS) process.kill(redis.pid, 'SIGSTOP');
          else program?.signal('SIGSTOP');
          await pass(ms, end);
          if (target === REDIS) process.kill(redis.pid, 'SIGCONT');
          else program?.signal('SIGCONT');
          return;
        }
        case 'split': {
          const link = links.get(target);
          link?.hold();
          await pass(ms, end);
          if (resets) link?.cut();
          link?.release();
          return;
        }
        case 'cut-off': {
          unreachable.add(target);
          const held = pathsTo(target);
          for (const path of held) path.hold();
          await pass(ms, end);
          unreachable.delete(target);
          for (const path of held) {
            if (resets) path.cut();
            path.release();
          }
          return;
        }
        default:
          await restartRedis(kind, ms, end);
      }
    }

    return {
      redisUrl: redis.url,
      surprises,
      lives,
      lostMessages: () => lost,
      openPath,
      async apply(fault, end) {
        if (troubled.has(fault.target)) return false;
        troubled.add(fault.target);
        try {
          await suffer(fault, end);
        } finally {
          troubled.delete(fault.target);
        }
        return true;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** As after a crash of the machine: what had not been flushed yet is gone. */
function loseTail(folder: string, bytes: number): void {
  const files = join(folder, 'appendonlydir');
  for (const name of readdirSync(files)) {
    if (!name.endsWith('.incr.aof')) continue;
    const file = join(files, name);
    truncateSync(file, Math.max(0, statSync(file).size - bytes));
  }
}
