import type { Chance } from '../../src/demo/chance.ts';
import { frame, OPCODE } from '../support/raw-websocket.ts';

/** What a client sends in earnest; everything hostile is made of it. */
const REQUESTS: [event: string, argument: unknown][] = [
  ['subscribe', { id: 'a', filter: 'politics', last: 3 }],
  ['subscribe', ['politics', 'sport']],
  ['subscribe', { filter: { any: ['politics', { not: { language: ['uk'] } }] }, view: 'compact' }],
  ['subscribe', { filter: '(politics OR sport) AND NOT lang:uk AND "peace talks"', after: 'k3f9.12' }],
  ['unsubscribe', { id: 'a' }],
  ['view', { id: 'test:1' }],
];

const EVENTS = [
  'subscribe',
  'unsubscribe',
  'view',
  'error',
  'story',
  '__proto__',
  'constructor',
  'toString',
  '',
];

const VALUES: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  'x'.repeat(5_000),
  'k3f9.99999999999999999999',
  'a.b.c',
  '.'.repeat(64),
  [],
  {},
  [[[[[[]]]]]],
  { any: [] },
  { not: { not: { not: { not: { not: { not: { not: 'a' } } } } } } },
  { any: Array.from({ length: 100 }, (_, n) => `t${n}`) },
  { _placeholder: true, num: 0 },
  { length: 5, 0: 'politics' },
  { toString: 1, valueOf: 2, toJSON: 3 },
];

/** JSON that `JSON.stringify` would not write. */
const TEXTS = [
  '{"__proto__":{"ok":true,"filter":"politics"}}',
  '{"id":"a","__proto__":{"last":5}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
  `${'{"not":'.repeat(1_000)}"a"${'}'.repeat(1_000)}`,
  '{"filter":"a","filter":"b"}',
  '1e999',
  '"\\ud800\\udfff"',
];

/** Packets that are none of an event of this namespace. */
const ODDITIES = [
  '40',
  '40{"token":"x"}',
  '40{"__proto__":{"token":"x"}}',
  '40/admin,',
  '40/admin,{"token":1}',
  '41',
  '430[]',
  '43999999999999["x"]',
  '44{"message":"x"}',
  '3',
  '3probe',
  '5',
  '6',
  '451-["subscribe",{"_placeholder":true,"num":0}]',
  '4510-["view"]',
  '461-1[{"_placeholder":true,"num":9}]',
  '42["disconnect"]',
  '42["connect_error",{}]',
  '42[]',
  '42{}',
  '42',
  '4',
  '',
  'b4AAAA',
  '2probe',
  '1',
];

/** A request whose parts are wrong, in a packet that can be read: the connection lives on. */
export function wrongRequest(chance: Chance): Buffer {
  const [event, argument] = chance.pick(REQUESTS);
  const name = chance.happens(0.15) ? chance.pick(EVENTS) : event;
  const id = chance.happens(0.7) ? String(chance.between(0, 99_999)) : '';
  const made = chance.happens(0.15) ? chance.pick(TEXTS) : JSON.stringify(changed(argument, chance));
  const more = chance.happens(0.1) ? `,${JSON.stringify(chance.pick(VALUES))}` : '';
  return frame(`42${id}[${JSON.stringify(name)},${made ?? 'null'}${more}]`);
}

function changed(value: unknown, chance: Chance): unknown {
  if (chance.happens(0.3) || typeof value !== 'object' || value === null) return chance.pick(VALUES);
  if (Array.isArray(value)) return [...value, chance.pick(VALUES)];
  const entries: [string, unknown][] = Object.entries(value);
  const at = chance.between(0, entries.length);
  const [key, old] = entries[at] ?? [chance.pick(EVENTS), undefined];
  entries[at] = [key, changed(old, chance)];
  return Object.fromEntries(entries);
}

/** What is no packet, or no frame: most of them end the connection. */
export function wrongFrame(chance: Chance): Buffer {
  const whole = chance.happens(0.4) ? frame(chance.pick(ODDITIES)) : wrongRequest(chance);
  const kind = chance.between(0, 7);
  if (kind === 0) return whole;
  if (kind === 1) return scrambled(whole, chance, 6);
  if (kind === 2) return scrambled(whole, chance, 0);
  if (kind === 3) return whole.subarray(0, chance.between(0, whole.length));
  if (kind === 4) return frame(scrambled(whole.subarray(6), chance, 0), OPCODE.binary);
  if (kind === 5) return frame(whole.subarray(0, 125), chance.between(0, 15), chance.happens(0.5));
  if (kind === 6) return frame('4'.padEnd(chance.between(60_000, 80_000), 'x'));
  return Buffer.concat([frame('42["sub', OPCODE.text, false), frame('x', OPCODE.ping), whole]);
}

function scrambled(bytes: Buffer, chance: Chance, from: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = chance.between(1, 4); count > 0 && copy.length > from; count -= 1)
    copy[chance.between(from, copy.length - 1)] = chance.between(0, 255);
  return copy;
}
