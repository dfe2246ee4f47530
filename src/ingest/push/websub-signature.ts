import { createHmac, timingSafeEqual } from 'node:crypto';

const BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/**
 * Whether a body was signed by somebody who knows the secret (WebSub, section 7.1).
 *
 * @param header `X-Hub-Signature`: `METHOD=HEX`, with sha1, sha256, sha384 or sha512
 */
export function isSigned(body: Uint8Array, secret: string, header: string | undefined): boolean {
  const [, method = '', hex = ''] = /^\s*(sha\d{1,3})=([0-9a-f]{40,128})\s*$/i.exec(header ?? '') ?? [];
  const algorithm = method.toLowerCase();
  const given = Buffer.from(hex, 'hex');
  if (BYTES[algorithm] === undefined || BYTES[algorithm] !== given.byteLength) return false;
  return timingSafeEqual(createHmac(algorithm, secret).update(body).digest(), given);
}

/** Whether two words are the same, in a time that does not tell where they differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
