/**
 * Dates of files: read by a stated format in a stated time zone, never guessed. Formats are made of
 * yyyy MM dd HH mm ss (M d H without leading zero); "iso" takes ISO 8601 as it is.
 */

const TOKENS: Record<string, string> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
};
const patterns = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  const known = patterns.get(format);
  if (known) return known;
  const source = format.replaceAll(
    /yyyy|MM|M|dd|d|HH|H|mm|ss|[^A-Za-z]|[A-Za-z]/g,
    (part) => TOKENS[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  const pattern = new RegExp(`^${source}$`);
  patterns.set(format, pattern);
  return pattern;
}

/** The instant as ISO text in UTC; undefined when the text doesn't fit the format or names no real day. */
export function parseDate(text: string, format: string, timeZone: string): string | undefined {
  if (format === 'iso') return parseIso(text.trim(), timeZone);
  const found = patternOf(format).exec(text.trim())?.groups;
  if (!found) return undefined;
  const part = (name: string, fallback: number) => Number(found[name] ?? fallback);
  const [year, month, day] = [part('year', 1970), part('month', 1), part('day', 1)];
  const [hour, minute, second] = [part('hour', 0), part('minute', 0), part('second', 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(wall);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return undefined;
  return new Date(wall - offsetMillis(wall, timeZone)).toISOString();
}

function parseIso(text: string, timeZone: string): string | undefined {
  if (/(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) {
    const instant = new Date(text);
    return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
  }
  const withTime = /^\d{4}-\d{2}-\d{2}[T ]/.test(text);
  const plain = text.replace('T', ' ').replace(/\.\d+$/, '');
  return parseDate(plain, withTime ? 'yyyy-MM-dd HH:mm:ss' : 'yyyy-MM-dd', timeZone);
}

const DAY_MILLIS = 24 * 3600 * 1000;

/**
 * How far the zone's clocks are ahead of UTC at a wall time. In the hour that a clock change repeats the first one
 * counts; a time that the change skips is read with the clock as it was before.
 */
function offsetMillis(wallMillis: number, timeZone: string): number {
  const before = offsetAt(wallMillis - DAY_MILLIS, timeZone);
  const after = offsetAt(wallMillis + DAY_MILLIS, timeZone);
  if (before === after) return before;
  const real = [before, after].filter((offset) => offsetAt(wallMillis - offset, timeZone) === offset);
  return real.length === 0 ? before : Math.max(...real);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function offsetAt(utcMillis: number, timeZone: string): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  const parts = Object.fromEntries(
    formatter.formatToParts(utcMillis).map((part) => [part.type, Number(part.value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return (
    Date.UTC(year, month - 1, day, hour, minute, second) - (utcMillis - (((utcMillis % 1000) + 1000) % 1000))
  );
}
