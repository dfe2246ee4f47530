import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Access } from './core/access.ts';
import { WireError } from './core/errors.ts';
import { EVERYTHING, parseFilter } from './core/filter.ts';
import type { TopicId, TopicRef } from './core/topic.ts';

export interface AuthOptions {
  mode: 'open' | 'token';
  secret?: string;
  jwksUrl?: string;
  resolveTopic?: (ref: TopicRef) => TopicId;
  /** Counts refusals by code. */
  failed?: (code: string) => void;
}

/** What speaks of the token; anything else speaks of the key set, which may be back in a moment. */
const BAD_TOKEN = [
  errors.JWTInvalid,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

const claims = z.object({
  sub: z.string().optional(),
  role: z.string().optional(),
  filter: z.unknown().optional(),
  exp: z.number().optional(),
});

/**
 * Who may read what. With `open`, anyone may read everything; otherwise a token must be signed by our secret (HS256) or
 * a key of the JWKS (RS256, ES256, EdDSA), and its `filter` claim, if any, is joined to whatever its bearer asks for.
 * The answer rejects with WireError `unauthorized`, or `unavailable` when the JWKS cannot be reached.
 */
export function createAuth({ mode, secret, jwksUrl, resolveTopic, failed }: AuthOptions) {
  const jwks = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl));
  const key = secret === undefined ? undefined : new TextEncoder().encode(secret);

  async function verify(token: string): Promise<JWTPayload> {
    if (key) {
      try {
        return (await jwtVerify(token, key, { algorithms: ['HS256'] })).payload;
      } catch (error) {
        if (!jwks) throw error;
      }
    }
    if (!jwks) throw new errors.JWTInvalid('no key');
    return (await jwtVerify(token, jwks, { algorithms: ['RS256', 'ES256', 'EdDSA'] })).payload;
  }

  function refuse(code: string, message: string, cause?: unknown): never {
    failed?.(code);
    throw new WireError(code === 'jwks' ? 'unavailable' : 'unauthorized', message, { cause });
  }

  return async (token: unknown): Promise<Access> => {
    if (mode === 'open') return { filter: EVERYTHING };
    if (typeof token !== 'string' || token === '') refuse('missing', 'A token is needed.');
    const payload = await verify(token).catch((error: unknown) => {
      if (error instanceof errors.JWTExpired)
        return refuse('expired', 'The token has ended; get a new one.', error);
      if (BAD_TOKEN.some((kind) => error instanceof kind))
        return refuse('invalid', 'The token is not valid.', error);
      return refuse('jwks', 'Tokens cannot be checked right now; try again in a moment.', error);
    });
    const { data } = claims.safeParse(payload);
    if (!data) refuse('invalid', 'The token is not valid.');
    try {
      return {
        filter: parseFilter(data.filter, resolveTopic),
        ...(data.sub === undefined ? {} : { subject: data.sub }),
        ...(data.role === undefined ? {} : { role: data.role }),
        ...(data.exp === undefined ? {} : { expires: data.exp * 1000 }),
      };
    } catch (error) {
      return refuse('invalid', 'The filter of the token is not valid.', error);
    }
  };
}

export interface TokenRequest {
  secret: string;
  subject: string;
  role?: string;
  /** Checked here: a token with a filter that nobody understands would lock its bearer out. */
  filter?: string;
  ttlMs: number;
  now: number;
}

/** @throws {WireError} `invalid_filter` */
export async function signToken({
  secret,
  subject,
  role,
  filter,
  ttlMs,
  now,
}: TokenRequest): Promise<string> {
  if (filter !== undefined) parseFilter(filter);
  return new SignJWT({ ...(role === undefined ? {} : { role }), ...(filter === undefined ? {} : { filter }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor((now + ttlMs) / 1000))
    .sign(new TextEncoder().encode(secret));
}
