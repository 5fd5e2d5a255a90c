/**
 * What a report is: which numbers it shows, how it can be grouped and what each number means. The reports themselves are
 * one file each in db/reports/; API, CSV, command line and console show whatever this form describes.
 */

/** What a column holds: money is minor units of the row's currency, seconds a duration, percent a share of 100. */
export type ColumnKind = 'count' | 'money' | 'seconds' | 'percent';

/** One number of a report; `definition` is one sentence that says exactly what is counted. */
export interface ReportColumn {
  id: string;
  title: string;
  kind: ColumnKind;
  definition: string;
  /** True when a rise is good news, false when it is bad, null when it is neither. */
  higherIsBetter: boolean | null;
}

/** A way to group a report. */
export interface ReportGrouping {
  id: string;
  title: string;
}

/** What a report can be narrowed by, in the order in which it is offered. */
export const REPORT_FILTERS = ['channel', 'country', 'currency'] as const;
export type ReportFilter = (typeof REPORT_FILTERS)[number];

/** One report as it is announced. */
export interface ReportForm {
  id: string;
  title: string;
  /** One sentence: what the report counts, by which day, in which time zone. */
  definition: string;
  groupings: readonly ReportGrouping[];
  columns: readonly ReportColumn[];
  /** The column that the chart draws, and how. */
  chart: { column: string; kind: 'line' | 'bar' };
  /** True when its rows have a currency each. */
  hasCurrency: boolean;
  /** What its numbers can be narrowed by; asking for another filter is refused, not ignored. */
  filters: readonly ReportFilter[];
}

/** What to report: days from `from` to `to`, both included, in the time zone of each channel. */
export interface ReportQuery {
  from: string;
  to: string;
  groupBy: string;
  channel: string | null;
  country: string | null;
  currency: string | null;
  /** How many rows are read at most; REPORT_ROWS_MAX or CSV_ROWS_MAX. */
  rowsMax: number;
}

/** Numbers by column id; null where a number makes no sense (an average of nothing). */
export type ReportValues = Record<string, number | null>;

/** One row: a day, channel, country, product, state, cause or reason. */
export interface ReportRow {
  key: string;
  label: string;
  /** Null when the row holds no amounts. */
  currency: string | null;
  values: ReportValues;
  /** The same of the period before: the day as far from its start, or the same key. */
  before: ReportValues;
}

/** The rows and, for each currency, the totals of both periods. */
export interface ReportResult {
  rows: ReportRow[];
  totals: Omit<ReportRow, 'key' | 'label'>[];
  /** True when there were more rows than were asked for. */
  truncated: boolean;
}

/** The rows a report shows at most. */
export const REPORT_ROWS_MAX = 1_000;
/** The rows a report has as CSV at most: one with more is refused, since a file cannot say that it was cut off. */
export const CSV_ROWS_MAX = 100_000;
/** The days a report looks at, at most: two years. */
export const REPORT_DAYS_MAX = 731;

const DAY_MILLIS = 86_400_000;

/** The day so many days later (or earlier, for a negative number), as ISO dates. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MILLIS).toISOString().slice(0, 10);
}

/** How many days a period has, both ends included; below 1 when it ends before it begins. */
export function dayCount(period: { from: string; to: string }): number {
  const millis = Date.parse(`${period.to}T00:00:00Z`) - Date.parse(`${period.from}T00:00:00Z`);
  return Math.round(millis / DAY_MILLIS) + 1;
}

/** The period of equal length that ends the day before this one begins. */
export function periodBefore(period: { from: string; to: string }): { from: string; to: string } {
  return { from: addDays(period.from, -dayCount(period)), to: addDays(period.from, -1) };
}

/** Every day of a period, in order. */
export function daysOf(period: { from: string; to: string }): string[] {
  return Array.from({ length: dayCount(period) }, (_, index) => addDays(period.from, index));
}
