import { readFileSync } from 'node:fs';

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '0';
}

export const version = readVersion();

/** How we introduce ourselves to publishers; with an address of ours they can ask us to read more slowly. */
export function userAgent(contact: string | undefined): string {
  return `Newswire/${version}${contact === undefined ? '' : ` (+${contact})`}`;
}
