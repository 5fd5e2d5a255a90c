/** What the chart of a report draws: points in the order of the rows, this period beside the one before. Pure. */
import type { Report } from '../../api/schemas/reports.ts';
import type { ReportColumn, ReportRow } from '../../domain/report.ts';
import { formatDayShort, rowName } from './values.ts';

/** One place on the axis. */
export interface ChartPoint {
  label: string;
  now: number | null;
  before: number | null;
}

/** What is drawn. */
export interface Drawing {
  /** Lines and upright bars for days; lying bars for everything that has a name. */
  kind: 'line' | 'bar' | 'lying';
  column: ReportColumn;
  /** The currency of the amounts; null when they are none. */
  currency: string | null;
  points: ChartPoint[];
  /** How many rows there are that the chart leaves to the table. */
  left: number;
}

/** Bars that can be told apart; the table has the rest. */
const BARS_MAX = 12;
/** More days than these are drawn as a line: bars would be hairs. */
const DAY_BARS_MAX = 31;

/** The drawing of a report; undefined when its column is not there or nothing in it can be drawn. */
export function drawingOf(report: Report): Drawing | undefined {
  const column = report.columns.find((one) => one.id === report.chart.column);
  if (!column) return undefined;
  const isCount = column.kind === 'count';
  // Rows come with the currency of most orders first; amounts of two currencies never share an axis.
  const currency = isCount ? null : (report.totals[0]?.currency ?? report.rows[0]?.currency ?? null);
  const rows = isCount
    ? merged(report.rows, column.id)
    : report.rows.filter((row) => row.currency === currency);
  const byDay = report.groupBy === 'day';
  const shown = byDay ? rows : rows.slice(0, BARS_MAX);
  const points = shown.map((row) => ({
    label: byDay ? formatDayShort(row.key) : rowName(report.groupBy, row),
    now: row.values[column.id] ?? null,
    before: row.before[column.id] ?? null,
  }));
  if (points.every((point) => point.now === null && point.before === null)) return undefined;
  const isLine = report.chart.kind === 'line' || points.length > DAY_BARS_MAX;
  return {
    kind: byDay ? (isLine ? 'line' : 'bar') : 'lying',
    column,
    currency,
    points,
    left: rows.length - shown.length,
  };
}

/** Counts of the same key in several currencies are one; the largest first, unless the keys are days in order. */
function merged(rows: readonly ReportRow[], id: string): ReportRow[] {
  const byKey = new Map<string, ReportRow>();
  for (const row of rows) {
    const known = byKey.get(row.key);
    byKey.set(row.key, {
      ...row,
      currency: null,
      values: { [id]: (known?.values[id] ?? 0) + (row.values[id] ?? 0) },
      before: { [id]: (known?.before[id] ?? 0) + (row.before[id] ?? 0) },
    });
  }
  const all = [...byKey.values()];
  const hadSeveral = all.length < rows.length;
  if (!hadSeveral || all.some((row) => /^\d{4}-\d{2}-\d{2}$/.test(row.key))) return all;
  return all.toSorted((a, b) => (b.values[id] ?? 0) - (a.values[id] ?? 0));
}

const LYING_HEIGHT = 34;
const AXIS_HEIGHT = 40;
const HEIGHT = 240;

/** How high a drawing stands in pixels, so that its place can be kept free while the charts are loaded. */
export function heightOf({ kind, points }: Pick<Drawing, 'kind' | 'points'>): number {
  return kind === 'lying' ? points.length * LYING_HEIGHT + AXIS_HEIGHT : HEIGHT;
}
