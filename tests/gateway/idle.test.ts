import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const CLIENTS = 20;
const script = fileURLToPath(new URL('./idle-process.ts', import.meta.url));

test.each(['websocket', 'polling'])(
  'a client over %s that waits for stories keeps nothing of the request that it came with',
  async (transport) => {
    const args = ['--import', 'tsx', script, transport, String(CLIENTS)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { clients, before, after } = JSON.parse(stdout) as Record<string, number>;
    expect(clients).toBe(CLIENTS + 1);
    expect(after).toBe(before);
  },
  // A process starts, and all of its memory is looked through twice.
  120_000,
);
