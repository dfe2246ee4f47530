import { describe, expect, jest, test } from '@jest/globals';
import type { Batch } from '../../src/gateway/batch.ts';
import { createFrame, type Frame } from '../../src/gateway/frame.ts';
import { createOutbox, createWaiting, type Outbox, type Waiting } from '../../src/gateway/outbox.ts';
import { entry } from '../support/stories.ts';

const frame = (n: number) => createFrame(entry(`s${n}`, n), 'epoch');
const ids = (batch: Batch) => batch.frames.map(({ frame: each }) => each.entry.sequence);

function client() {
  const writes: Batch[] = [];
  return { writes, waiting: createWaiting((batch) => void writes.push(batch)) };
}

function send(outbox: Outbox, sent: Frame, ...clients: { waiting: Waiting }[]): void {
  outbox.send(sent, (give) => {
    for (const { waiting } of clients) give(waiting, 'full');
  });
}

describe('the outbox', () => {
  test('lets a lone story leave at once, and sends what follows within the window in one write', () => {
    jest.useFakeTimers();
    const [a, b] = [client(), client()];
    const outbox = createOutbox(5);
    send(outbox, frame(1), a, b);
    expect(a.writes.map(ids)).toEqual([[1]]);
    send(outbox, frame(2), a, b);
    send(outbox, frame(3), a);
    expect(a.writes.map(ids)).toEqual([[1]]);
    jest.advanceTimersByTime(5);
    expect(a.writes.map(ids)).toEqual([[1], [2, 3]]);
    expect(b.writes.map(ids)).toEqual([[1], [2]]);
    send(outbox, frame(4), b);
    jest.advanceTimersByTime(10);
    send(outbox, frame(5), b);
    expect(b.writes.map(ids)).toEqual([[1], [2], [4], [5]]);
    jest.useRealTimers();
  });

  test('keeps what comes while a story is being sent for one write, however long that takes', () => {
    jest.useFakeTimers();
    const a = client();
    const outbox = createOutbox(5);
    outbox.send(frame(1), (give) => {
      give(a.waiting, 'full');
      jest.advanceTimersByTime(50);
    });
    send(outbox, frame(2), a);
    send(outbox, frame(3), a);
    jest.advanceTimersByTime(5);
    expect(a.writes.map(ids)).toEqual([[1], [2, 3]]);
    jest.useRealTimers();
  });

  test('gives clients that wait for the same stories the same bytes', () => {
    jest.useFakeTimers();
    const [a, b, c] = [client(), client(), client()];
    const outbox = createOutbox(5);
    send(outbox, frame(1), a, b, c);
    const [second, third] = [frame(2), frame(3)];
    send(outbox, second, a, b, c);
    send(outbox, third, a, b);
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
    send(outbox, frame(1), a);
    send(outbox, frame(2), a);
    a.waiting.story(frame(3), 'full');
    expect(a.writes.map(ids)).toEqual([[1], [2], [3]]);
    send(outbox, frame(4), a);
    outbox.close();
    expect(a.writes.map(ids)).toEqual([[1], [2], [3], [4]]);
    jest.advanceTimersByTime(100);
    expect(a.writes).toHaveLength(4);
    jest.useRealTimers();
  });
});
