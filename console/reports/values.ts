/** A report's numbers, days and places as people read them, in the reader's own language. Pure. */
import { minorDigits } from '../../domain/money.ts';
import type { ColumnKind, ReportRow } from '../../domain/report.ts';
import { formatCount, formatMoney, formatSeconds } from '../format.ts';

/** A number with so many digits after the point. */
export function formatDecimal(value: number, digits: number): string {
  return new Intl.NumberFormat(undefined, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A number of a report; a dash where it makes no sense. Money is minor units of the currency. */
export function formatValue(
  kind: ColumnKind,
  value: number | null | undefined,
  currency: string | null,
): string {
  if (value === null || value === undefined) return '–';
  switch (kind) {
    case 'count':
      return formatCount(value);
    case 'money':
      return currency === null ? formatCount(value) : formatMoney(value, currency);
    case 'seconds':
      return formatSeconds(value);
    case 'percent':
      return `${formatDecimal(value, 1)} %`;
  }
}

/** A number of a table whose currency stands in a column of its own: the amount alone. */
export function formatCell(
  kind: ColumnKind,
  value: number | null | undefined,
  currency: string | null,
): string {
  if (kind !== 'money' || value === null || value === undefined || currency === null)
    return formatValue(kind, value, currency);
  const digits = minorDigits(currency);
  return formatDecimal(value / 10 ** digits, digits);
}

const DAY = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const DAY_SHORT = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** A day in words: "Sat, Mar 14, 2026". */
export function formatDay(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}

/** A day without its year: "Mar 14". */
export function formatDayShort(day: string): string {
  return DAY_SHORT.format(new Date(`${day}T00:00:00Z`));
}

const COUNTRY = /^[A-Z]{2}$/;

/** A country's name; the code itself when it is none. */
export function countryName(code: string): string {
  if (!COUNTRY.test(code)) return code === '' ? 'Unknown' : code;
  return new Intl.DisplayNames(undefined, { type: 'region' }).of(code) ?? code;
}

/** What a row of a report is called. */
export function rowName(groupBy: string, row: Pick<ReportRow, 'key' | 'label'>): string {
  if (groupBy === 'day') return formatDay(row.key);
  if (groupBy === 'country') return COUNTRY.test(row.key) ? countryName(row.key) : countryName(row.label);
  return row.label;
}
