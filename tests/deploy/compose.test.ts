import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).default([]),
  build: z.string().optional(),
  restart: z.string(),
  stop_grace_period: z.string().optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.record(z.string(), z.object({ aliases: z.array(z.string()) })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
});
const compose = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.unknown()),
});

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docker-compose.yml', () => {
  const { services, volumes } = compose.parse(parse(read('docker-compose.yml'), { merge: true }));
  const named = (name: string) => service.parse(services[name]);
  const ours = Object.entries(services).filter(([, each]) => each.build !== undefined);
  const gateways = ours.filter(([, each]) => each.command[0] === 'gateway');

  test('Redis appends every entry to a file that outlives the container', () => {
    const { command, volumes: mounts } = named('redis');
    const option = (name: string) => command[command.indexOf(name) + 1];

    expect(option('--appendonly')).toBe('yes');
    expect(option('--appendfsync')).toBe('everysec');
    expect(option('--maxmemory-policy')).toBe('noeviction');
    expect(mounts).toEqual(['redis:/data']);
    expect(Object.keys(volumes)).toContain('redis');
  });

  test('what cannot be written to Redis is kept in a volume', () => {
    for (const [, each] of ours) expect(each.volumes).toContain('kept:/data');
    expect(Object.keys(volumes)).toContain('kept');
  });

  test('there are one ingestor and two gateways, on Redis, and they start when it is ready', () => {
    expect(gateways).toHaveLength(2);
    expect(ours.filter(([, each]) => each.command[0] === 'ingest')).toHaveLength(1);
    for (const [, each] of ours) {
      expect(each.environment.REDIS_URL).toBe('redis://redis:6379');
      expect(each.depends_on.redis).toEqual({ condition: 'service_healthy' });
    }
    expect(named('redis').healthcheck).toBeDefined();
  });

  test('one address is published, that of the front, which finds every gateway under one name', () => {
    const published = Object.entries(services).filter(([, each]) => each.ports.length > 0);
    expect(published.map(([name]) => name)).toEqual(['front']);

    const front = named('front');
    expect(front.volumes).toContain('./deploy/nginx.conf:/etc/nginx/nginx.conf:ro');
    const [, alias] = /server ([a-z]+):3000 resolve/.exec(read('deploy/nginx.conf')) ?? [];
    for (const [name, each] of gateways) {
      expect(each.networks.default?.aliases).toEqual([alias]);
      expect(front.depends_on[name]).toEqual({ condition: 'service_healthy' });
    }
  });

  test('a process is given longer to stop than it takes to hand its clients away', () => {
    const drain = Number(/^#DRAIN_SECONDS=(\d+)$/m.exec(read('.env.example'))?.[1]);
    for (const [, each] of ours) {
      expect(Number.parseInt(each.stop_grace_period ?? '', 10)).toBeGreaterThan(drain);
    }
  });

  test('what is down comes up again', () => {
    for (const each of Object.values(services)) expect(each.restart).toBe('unless-stopped');
  });

  test('every setting of .env.example reaches the program, but those that the image decides', () => {
    const settings = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
    const decided = ['PORT', 'HOST', 'SOURCES', 'DATA_DIR'];

    for (const [, each] of ours) {
      expect([...Object.keys(each.environment), ...decided].sort()).toEqual([...settings].sort());
    }
  });
});
