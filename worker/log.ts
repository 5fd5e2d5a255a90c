/**
 * What of the Temporal SDK's own log stands in the worker's: levels as an operator needs them, and of an exception what says
 * why without quoting anybody's data.
 */

/** A line as the SDK gives it. */
export interface SdkEntry {
  level: string;
  message: string;
  meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A line as it is logged. */
export interface LogLine {
  level: 'error' | 'warn' | 'debug';
  fields: Record<string, unknown>;
  message: string;
}

/** The queues of outside systems have activities only, on purpose: no warning. */
const ON_PURPOSE = 'No workflows registered';

/** How a line of the SDK is logged: what is neither warning nor error at `debug`, exceptions described by name, code and message. */
export function lineOf({ level, message, meta = {} }: SdkEntry): LogLine {
  const fields = Object.fromEntries(
    Object.entries(meta).map(([name, value]) => [name, value instanceof Error ? describe(value) : value]),
  );
  if (level === 'ERROR') return { level: 'error', fields, message };
  const isWarning = level === 'WARN' && !message.startsWith(ON_PURPOSE);
  return { level: isWarning ? 'warn' : 'debug', fields, message };
}

/** SQLSTATE classes whose messages never quote a value: connection, resources, operator, locks, timeouts. */
const QUOTES_NOTHING = /^(08|40|53|55|57)/;

/** Of a database error's other members (detail, where) nothing is kept: they hold rows. */
function describe(error: Error): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined;
  const isDatabase = 'severity' in error;
  const isQuiet = isDatabase && !QUOTES_NOTHING.test(code ?? '');
  return {
    name: error.name,
    ...(type !== undefined && { type }),
    ...(code !== undefined && { code }),
    ...(isDatabase && 'constraint' in error && { constraint: error.constraint }),
    ...(!isQuiet && { message: error.message }),
    at: (error.stack ?? '')
      .split('\n')
      .filter((text) => text.trimStart().startsWith('at '))
      .slice(0, 8)
      .map((text) => text.trim()),
  };
}
