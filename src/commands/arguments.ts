import { type ParseArgsConfig, parseArgs } from 'node:util';
import { SettingError } from '../config.ts';
import { durationMs } from '../core/duration.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: boolean; strict: true }>
>;

/** The options of a command. @throws {SettingError} that names the option. */
export function readArguments<T extends Options>(
  command: string,
  args: string[],
  options: T,
  allowPositionals = false,
): Parsed<T> {
  try {
    return parseArgs({ args, options, allowPositionals, strict: true });
  } catch (error) {
    throw new SettingError(`newswire ${command}: ${(error as Error).message}`);
  }
}

/** What a feed wrote must not steer the terminal. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

/** `90s`, `15m`, `1h`, `30d` in milliseconds. @throws {SettingError} */
export function parseDuration(text: string, name: string): number {
  const ms = durationMs(text);
  if (ms === undefined)
    throw new SettingError(`${name}: ${JSON.stringify(text)} is not a time such as 90s, 15m or 1h`);
  return ms;
}
