/** The totals of a report as tiles: one for each number, a line for each currency. Pure. */
import type { ReportColumn, ReportResult, ReportValues } from '../../domain/report.ts';

/** One total with that of the period before. */
export interface TileLine {
  currency: string | null;
  now: number | null;
  before: number | null;
}

/** One number of the report. */
export interface Tile {
  column: ReportColumn;
  lines: TileLine[];
}

type Totals = ReportResult['totals'];

/**
 * The tiles of a report. Counts of all currencies are one number, since an order has one currency; amounts, shares and
 * durations are never added up. A number that makes no sense for the whole period has no tile.
 */
export function tilesOf(columns: readonly ReportColumn[], totals: Totals): Tile[] {
  return columns.flatMap((column) => {
    const lines =
      column.kind === 'count'
        ? [{ currency: null, now: sum(totals, 'values', column), before: sum(totals, 'before', column) }]
        : totals.map(({ currency, values, before }) => ({
            currency,
            now: values[column.id] ?? null,
            before: before[column.id] ?? null,
          }));
    const said = lines.filter((line) => line.now !== null || line.before !== null);
    return said.length === 0 ? [] : [{ column, lines: said }];
  });
}

function sum(totals: Totals, period: 'values' | 'before', { id }: ReportColumn): number {
  return totals.reduce((all, one) => all + (numbersOf(one, period)[id] ?? 0), 0);
}

function numbersOf(total: Totals[number], period: 'values' | 'before'): ReportValues {
  return total[period];
}

/** True when nothing was counted in either period. */
export function isEmpty({ totals, rows }: Pick<ReportResult, 'totals' | 'rows'>): boolean {
  const all = [...totals, ...rows].flatMap(({ values, before }) => [
    ...Object.values(values),
    ...Object.values(before),
  ]);
  return all.every((value) => value === null || value === 0);
}
