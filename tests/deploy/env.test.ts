import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('.env.example', () => {
  const shown = [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)];

  test('names every setting that the program reads, and no other', () => {
    const known = [...read('src/config.ts').matchAll(/^ {4}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(10);
    expect(shown.map(([, name]) => name).sort()).toEqual(known.sort());
  });

  test('shows the defaults', () => {
    const environment = Object.fromEntries(shown.map(([, name, value]) => [name, value]));
    expect(readConfig(environment)).toEqual(readConfig({}));
  });
});
