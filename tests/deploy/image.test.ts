import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const lines = readFileSync(at('Dockerfile'), 'utf8').replaceAll('\\\n', '').split('\n');
const list = z.array(z.string());

/** The argument list of an instruction in exec form, such as ENTRYPOINT; the last one counts. */
function execForm(instruction: string): string[] {
  const found = lines.filter((line) => line.startsWith(`${instruction} `)).at(-1) ?? '';
  return list.parse(JSON.parse(found.slice(found.indexOf('['))));
}

describe('Dockerfile', () => {
  /** How the health check ends when /healthz answers with `status`, or when nobody listens. */
  async function health(status: number | 'nobody'): Promise<unknown> {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/healthz' ? Number(status) : 404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (status === 'nobody') server.close();
    const [command = '', ...args] = execForm('HEALTHCHECK');
    const child = spawn(command, args, { env: { PATH: process.env.PATH, PORT: String(port) } });
    const [code] = await once(child, 'exit');
    server.close();
    return code;
  }

  test('its health check passes on a 200 of /healthz and on nothing else', async () => {
    expect(await health(200)).toBe(0);
    expect(await health(503)).toBe(1);
    expect(await health('nobody')).toBe(1);
  });

  test('it runs the program itself, as nobody special, with its data in a volume of that user', () => {
    expect(execForm('ENTRYPOINT')).toEqual(['node', 'dist/cli.js']);
    expect(execForm('CMD')).toEqual(['serve']);
    expect(lines.filter((line) => line.startsWith('USER')).at(-1)).toBe('USER node');
    expect(lines).toContain('VOLUME /data');
    expect(lines).toContain('RUN install -d -o node -g node /data');
    expect(lines.join(' ')).toContain('HOST=0.0.0.0 PORT=3000 DATA_DIR=/data');
  });

  test('all that it copies is there and is sent to the builder', () => {
    const sent = readFileSync(at('.dockerignore'), 'utf8').split('\n');
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));

    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect(existsSync(at(path))).toBe(true);
      expect(sent).toContain(`!${path}`);
    }
  });
});
