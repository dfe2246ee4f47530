import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DestinationStream, type Logger, pino } from 'pino';

export interface LogOptions {
  level: string;
  /** For people instead of machines. */
  pretty: boolean;
  role: string;
  destination?: DestinationStream;
}

/** JSON lines on stdout (section 10 of the contract). Tokens never get into them, whatever is logged. */
export function createLog({ level, pretty, role, destination }: LogOptions): Logger {
  const options = {
    level,
    base: { role },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: [
      'token',
      '*.token',
      'authorization',
      '*.authorization',
      'req.headers.authorization',
      'req.headers.cookie',
    ],
  };
  if (destination) return pino(options, destination);
  if (!pretty) return pino(options);
  const transport = {
    target: 'pino-pretty',
    options: { ignore: 'pid,hostname,role', translateTime: 'HH:MM:ss' },
  };
  return pino({ ...options, formatters: {}, transport });
}

/** One line for each HTTP request that is not routine; of one that is, at `debug`. No query: a token may stand in it. */
export function createHttpLog(log: Logger) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const from = performance.now();
    const { method, url = '' } = request;
    const line = (statusCode: number, err?: Error) => ({
      req: { method, url: url.split('?', 1)[0] },
      res: { statusCode },
      durationMs: Math.round(performance.now() - from),
      ...(err ? { err } : {}),
    });
    response.on('error', (err) => log.error(line(response.statusCode, err), 'request errored'));
    response.on('close', () => {
      const { statusCode } = response;
      if (statusCode >= 500) log.error(line(statusCode), 'request errored');
      else if (statusCode >= 400) log.info(line(statusCode), 'request completed');
      else if (log.isLevelEnabled('debug')) log.debug(line(statusCode), 'request completed');
    });
    next();
  };
}
