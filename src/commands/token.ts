import { signToken } from '../auth.ts';
import { SettingError } from '../config.ts';
import { WireError } from '../core/errors.ts';
import { parseDuration, readArguments } from './arguments.ts';

const OPTIONS = {
  sub: { type: 'string' },
  role: { type: 'string' },
  filter: { type: 'string' },
  ttl: { type: 'string', default: '1h' },
} as const;

/** `newswire token`: prints a token for a reader. */
export async function token(
  args: string[],
  { print, secret }: { print: (line: string) => void; secret: string | undefined },
): Promise<number> {
  const { values } = readArguments('token', args, OPTIONS);
  if (!values.sub) throw new SettingError('newswire token: --sub NAME is needed');
  if (!secret) throw new SettingError('AUTH_SECRET: newswire token signs with it');
  const ttlMs = parseDuration(values.ttl, '--ttl');
  try {
    print(
      await signToken({
        secret,
        subject: values.sub,
        role: values.role,
        filter: values.filter,
        ttlMs,
        now: Date.now(),
      }),
    );
  } catch (error) {
    if (error instanceof WireError) throw new SettingError(`newswire token --filter: ${error.message}`);
    throw error;
  }
  return 0;
}
