import { describe, expect, jest, test } from '@jest/globals';
import type { Batch } from '../../src/gateway/batch.ts';
import { createFrame } from '../../src/gateway/frame.ts';
import { createOutbox, createWaiting, type Waiting } from '../../src/gateway/outbox.ts';
import { entry } from '../support/stories.ts';

const frame = (n: number) => createFrame(entry(`s${n}`, n), 'epoch');
const ids = (batch: Batch) => batch.frames.map(({ frame: each }) => each.entry.sequence);

function client() {
  const writes: Batch[] = [];
  return { writes, waiting: createWaiting((batch) => void writes.push(batch)) };
}

const to = (...clients: { waiting: Waiting }[]) =>
  new Map(clients.map(({ waiting }) => [waiting, 'full' as const]));

describe('the outbox', () => {
  test('lets a lone story leave at once, and sends what follows within the window in one write', () => {
    jest.useFakeTimers();
    const [a, b] = [client(), client()];
    const outbox = createOutbox(5);
    outbox.send(frame(1), to(a, b));
    expect(a.writes.map(ids)).toEqual([[1]]);
    outbox.send(frame(2), to(a, b));
    outbox.send(frame(3), to(a));
    expect(a.writes.map(ids)).toEqual([[1]]);
    jest.advanceTimersByTime(5);
    expect(a.writes.map(ids)).toEqual([[1], [2, 3]]);
    expect(b.writes.map(ids)).toEqual([[1], [2]]);
    outbox.send(frame(4), to(b));
    jest.advanceTimersByTime(10);
    outbox.send(frame(5), to(b));
    expect(b.writes.map(ids)).toEqual([[1], [2], [4], [5]]);
    jest.useRealTimers();
  });

  test('gives clients that wait for the same stories the same bytes', () => {
    jest.useFakeTimers();
    const [a, b, c] = [client(), client(), client()];
    const outbox = createOutbox(5);
    outbox.send(frame(1), to(a, b, c));
    const [second, third] = [frame(2), frame(3)];
    outbox.send(second, to(a, b, c));
    outbox.send(third, to(a, b));
    jest.advanceTimersByTime(5);
    expect(a.writes[1]?.webSocket()).toBe(b.writes[1]?.webSocket());
    expect(a.writes[0]?.webSocket()).toBe(c.writes[0]?.webSocket());
    expect(c.writes[1]?.webSocket()).toBe(second.webSocket('full'));
    expect(a.writes[1]?.webSocket()).toEqual(
      Buffer.concat([second.webSocket('full'), third.webSocket('full')]),
    );
    jest.useRealTimers();
  });

  test('sends what waits before anything else, and when it is closed', () => {
    jest.useFakeTimers();
    const a = client();
    const outbox = createOutbox(5);
    outbox.send(frame(1), to(a));
    outbox.send(frame(2), to(a));
    a.waiting.story(frame(3), 'full');
    expect(a.writes.map(ids)).toEqual([[1], [2], [3]]);
    outbox.send(frame(4), to(a));
    outbox.close();
    expect(a.writes.map(ids)).toEqual([[1], [2], [3], [4]]);
    jest.advanceTimersByTime(100);
    expect(a.writes).toHaveLength(4);
    jest.useRealTimers();
  });
});
