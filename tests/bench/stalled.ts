/**
 * What clients that stop reading cost: the memory of the service, and the time that a story takes to the others, once
 * without and once with them, in turns.
 *
 *     node --expose-gc --import tsx tests/bench/stalled.ts [--stalled 1000] [--clients 950] [--slow 50] [--rounds 5]
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { releaser } from '../../src/release.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startChild } from './child.ts';
import type { ClientsApi } from './clients-process.ts';
import { now } from './clock.ts';
import type { StalledApi } from './stalled-process.ts';
import { percentile } from './stats.ts';

const { values } = parseArgs({
  options: {
    stalled: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '950' },
    slow: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '5' },
  },
});
const MB = 2 ** 20;
const PER_ROUND = 60;
const EVERY_MS = 50;
/** As much as the kernel takes in for a socket that nobody reads, and the service's share besides. */
const FILL_BYTES = 12 * MB;
const FILL_STORY = 60_000;
const print = (line: string) => process.stdout.write(`${line}\n`);
const { onRelease, release } = releaser();
const stopping = new AbortController();

/** Clients of a topic that read their acknowledgement, and then nothing more. */
async function stall(port: number, count: number): Promise<void> {
  for (let done = 0; done < count; done += 25)
    await Promise.all(Array.from({ length: Math.min(25, count - done) }, () => stallOne(port)));
}

async function stallOne(port: number): Promise<void> {
  const path = '/socket.io/?EIO=4&transport=websocket';
  for (;;) {
    const socket: Socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bmV3c3dpcmUtYmVuY2gtMQ==\r\n\r\n',
    );
    const send = (text: string) =>
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]));
    const heard = async (word: string) => {
      let all = '';
      const reading = (async () => {
        while (!all.includes(word)) all += String((await once(socket, 'data'))[0]);
        return true;
      })();
      return Promise.race([reading, once(socket, 'close').then(() => false)]);
    };
    if (await heard('"sid"')) {
      send('40');
      await heard('40{');
      send('420["subscribe",{"filter":"sport"}]');
      await heard('"ready"');
      socket.pause();
      onRelease(async () => void socket.destroy());
      return;
    }
    await wait(1_000);
  }
}

async function run(): Promise<void> {
  const folder = temporaryFolder();
  onRelease(async () => folder.remove());
  const service = await startChild<StalledApi>('./stalled-process.ts', [folder.path], stopping.signal);
  onRelease(service.close);
  const port = await service.call('port');
  let number = 0;
  let filled = 0;
  const fill = async (bytes: number) => {
    for (let left = bytes; left > 0; left -= FILL_STORY) {
      await service.call('fill', `fill-${++filled}`, FILL_STORY);
      await wait(2);
    }
  };

  const clients = await startChild<ClientsApi>(
    './clients-process.ts',
    [String(port), values.clients],
    stopping.signal,
  );
  onRelease(clients.close);
  const round = async (between?: () => Promise<void>) => {
    const first = number + 1;
    const sent: number[] = [];
    for (let n = 0; n < PER_ROUND; n += 1) {
      number += 1;
      await between?.();
      sent.push(now());
      await service.call('publish', number);
      await wait(EVERY_MS);
    }
    const done = await clients.call('whenComplete', first, PER_ROUND);
    return done.map((at, index) => at - (sent[index] ?? at));
  };
  await round();
  const alone: number[] = [];
  for (let n = 0; n < Number(values.rounds); n += 1)
    alone.push(...(await round(() => service.call('fill', `q-${++filled}`, 500))));
  await stall(port, Number(values.slow));
  await fill(FILL_BYTES);
  const stalledNow = await service.call('untaken');
  const beside: number[] = [];
  for (let n = 0; n < Number(values.rounds); n += 1)
    beside.push(...(await round(() => service.call('fill', `q-${++filled}`, 500))));
  await clients.call('check');
  const show = (times: number[]) =>
    `p50 ${percentile(times, 50).toFixed(1)} ms, p99 ${percentile(times, 99).toFixed(1)} ms`;
  print(`last of ${values.clients} clients, ${alone.length} stories: ${show(alone)}`);
  print(`beside ${values.slow} that stopped reading (${stalledNow.clients} with a backlog): ${show(beside)}`);

  const before = await service.call('memory');
  await stall(port, Number(values.stalled));
  const idle = await service.call('memory');
  await fill(FILL_BYTES);
  const after = await service.call('memory');
  const { most, clients: behind } = await service.call('untaken');
  const mb = (bytes: number) => `${(bytes / MB).toFixed(0)} MB`;
  print(
    `${values.stalled} more that stop reading: rss ${mb(before.rss)} before, ${mb(idle.rss)} with them connected, ${mb(after.rss)} when they are behind ` +
      `(heap ${mb(idle.heapUsed)} and ${mb(after.heapUsed)}, outside ${mb(idle.external)} and ${mb(after.external)})`,
  );
  print(
    `${behind} clients have a backlog, the largest of ${(most / 1024).toFixed(0)} KB; their caps are ${mb(behind * 256 * 1024)}`,
  );
}

try {
  await run();
} finally {
  await release();
}
