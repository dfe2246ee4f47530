import { type DestinationStream, type Logger, pino } from 'pino';
import { pinoHttp } from 'pino-http';

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

/** One line for each HTTP request that is not routine. */
export function createHttpLog(log: Logger) {
  return pinoHttp({
    logger: log,
    customLogLevel: (_request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      return response.statusCode >= 400 ? 'info' : 'debug';
    },
    serializers: {
      req: ({ method, url }: { method: string; url: string }) => ({ method, url: url.split('?')[0] }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  });
}
