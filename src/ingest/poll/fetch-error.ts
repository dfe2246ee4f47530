/** `http_STATUS` for an answer that is neither the document nor that it has not changed. */
export type FetchReason =
  | 'timeout'
  | 'too_large'
  | 'private_address'
  | 'too_many_redirects'
  | 'bad_redirect'
  | 'bad_url'
  | 'bad_encoding'
  | 'dns'
  | 'tls'
  | 'network'
  | 'aborted'
  | `http_${number}`;

/** Why there is no document. The reason is stable; the message says on which host, and never the whole address. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly reason: FetchReason;
  /** How long the server asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: FetchReason, message: string, options: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options);
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The same for whatever the network, TLS or DNS threw. */
export function fetchErrorOf(error: unknown, host: string): FetchError {
  if (error instanceof FetchError) return error;
  const code = codeOf(error);
  const reason = reasonOf(code);
  return new FetchError(reason, `${host}: ${WORDS[reason] ?? 'the connection failed'} (${code})`, {
    cause: error,
  });
}

const WORDS: Partial<Record<FetchReason, string>> = {
  timeout: 'no connection in time',
  private_address: 'the address is not a public one; ALLOW_PRIVATE_NETWORKS=true would allow it',
  too_large: 'the headers are larger than allowed',
  dns: 'no such host',
  tls: 'the certificate or the TLS handshake is not valid',
};

function reasonOf(code: string): FetchReason {
  if (code === 'ERR_PRIVATE_ADDRESS') return 'private_address';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too_large';
  if (/^(?:ENOTFOUND|EAI_|ENODATA)/.test(code)) return 'dns';
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout';
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_/.test(code)) return 'tls';
  return 'network';
}

/** Node's code of an error, or of what caused it. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string' && error.code !== 'UND_ERR_CONNECT')
    return error.code;
  return 'cause' in error && error.cause !== error ? codeOf(error.cause) : 'unknown';
}
