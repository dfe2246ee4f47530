/** What a server gave to recognise a version of its document by; sent back byte for byte. */
export interface Validators {
  etag?: string;
  lastModified?: string;
}

const MAX_LENGTH = 1024;

/** What could not be sent back byte for byte, or would make the next request invalid, is not kept. */
export function validatorsOf(etag: string | undefined, lastModified: string | undefined): Validators {
  return {
    ...(isUsable(etag) ? { etag } : {}),
    ...(isUsable(lastModified) ? { lastModified } : {}),
  };
}

function isUsable(value: string | undefined): value is string {
  return value !== undefined && value.length <= MAX_LENGTH && /^[\t\x20-\x7e\x80-\xff]+$/.test(value);
}
