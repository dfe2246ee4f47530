import { describe, expect, test } from '@jest/globals';
import { signToken } from '../../src/auth.ts';
import type { Beacon, Notice } from '../../src/gateway/protocol.ts';
import { openRedis } from '../../src/store/redis.ts';
import { until } from '../support/events.ts';
import { listen } from '../support/listener.ts';
import { describeRedis, startRedis } from '../support/redis.ts';
import { startService } from '../support/service.ts';
import { draft } from '../support/stories.ts';

const codes = (notices: Notice[]) => notices.map(({ code }) => code);

describeRedis('a client of a gateway whose Redis goes away', () => {
  test('is told so, and gets what was appended when it is back', async () => {
    const redis = await startRedis();
    const retention = { stories: 1000, hours: 1 };
    const store = openRedis({ url: redis.url, prefix: 'notices', retention, checkMs: 100 });
    const service = await startService({ store });
    const client = await listen(service.url);
    await client.subscribe({});
    await client.ready();

    await redis.kill('SIGKILL');
    await until(() => codes(client.notices).includes('degraded'), 'the notice of the loss');
    const late = await listen(service.url);
    await until(() => codes(late.notices).includes('degraded'), 'the notice to who comes meanwhile');
    await redis.restart();
    await until(() => codes(client.notices).includes('restored'), 'the notice of the return');
    await until(() => store.append(draft('a')).catch(() => undefined), 'an append');
    await client.received(1);

    expect(codes(client.notices)).toEqual(['degraded', 'restored']);
    client.close();
    late.close();
    await service.close();
    await store.close();
    await redis.close();
  });
});

describe('a connected client', () => {
  test('is told every 15 s how far it has come, until its token ends', async () => {
    const secret = 'a secret of more than thirty-two characters';
    const service = await startService({ auth: { mode: 'token', secret } });
    const token = (ttlMs: number) => signToken({ secret, subject: 'desk', ttlMs, now: Date.now() });
    const [lasting, ending] = await Promise.all([token(600_000), token(3_000)]);
    const stays = await listen(service.url, { token: lasting });
    const leaves = await listen(service.url, { token: ending });
    const beacons: Beacon[] = [];
    stays.socket.on('cursor', (beacon) => beacons.push(beacon));
    await stays.subscribe({});
    await service.store.append(draft('a'));
    const { epoch } = await service.store.head();

    await until(() => beacons.length > 0, 'the beacon', 25_000);
    await until(() => !leaves.socket.connected, 'the end of the other');
    expect(beacons[0]).toEqual({ cursor: `${epoch}.1`, at: expect.any(String) });
    expect(codes(leaves.notices)).toEqual(['revoked']);
    expect(codes(stays.notices)).toEqual([]);
    stays.close();
    await service.close();
  }, 60_000);
});
