import { EventEmitter, once } from 'node:events';
import { expect, test } from '@jest/globals';
import { compactListeners } from '../../src/gateway/connection.ts';

test('an emitter with compact listeners calls, adds and removes them as before', async () => {
  const emitter = new EventEmitter();
  const heard: string[] = [];
  emitter.on('data', () => heard.push('first'));
  emitter.once('data', () => heard.push('once'));
  compactListeners(emitter);
  const last = () => heard.push('last');
  emitter.on('data', last);
  emitter.emit('data');
  emitter.off('data', last);
  emitter.emit('data');
  expect(heard).toEqual(['first', 'once', 'last', 'first']);
  const ended = once(emitter, 'end');
  emitter.emit('end');
  await ended;
  expect(emitter.eventNames()).toEqual(['data']);
});

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'an emitter with compact listeners has none for an event that is called %s',
  (name) => {
    const emitter = new EventEmitter();
    compactListeners(emitter);
    expect(emitter.emit(name)).toBe(false);
    let calls = 0;
    emitter.on(name, () => {
      calls += 1;
    });
    expect(emitter.emit(name)).toBe(true);
    expect(calls).toBe(1);
  },
);
