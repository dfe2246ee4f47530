/** The stable codes of section 8 of the contract; `docs/protocol.md` has a paragraph for each. */
export const CODES = [
  'invalid_request',
  'invalid_filter',
  'invalid_cursor',
  'unauthorized',
  'forbidden',
  'not_found',
  'too_many_subscriptions',
  'rate_limited',
  'payload_too_large',
  'unavailable',
  'draining',
] as const;

export type Code = (typeof CODES)[number];

/** What a user of the service did wrong or has to wait for. The message says what failed, on what, and what to do. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The code and message that may be shown to a stranger: anything but a WireError is `unavailable`, without its text. */
export function publicError(error: unknown): { code: Code; message: string } {
  if (error instanceof WireError) return { code: error.code, message: error.message };
  return { code: 'unavailable', message: 'The service could not answer; try again in a moment.' };
}
