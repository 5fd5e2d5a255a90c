/** The order of a report's rows as the address says it: `revenue` rising, `-revenue` falling, `name`. Pure. */
import type { ReportColumn, ReportRow } from '../../domain/report.ts';
import { rowName } from './values.ts';

/** How rows are sorted; undefined leaves the order of the API. */
export interface Sorting {
  by: string;
  isFalling: boolean;
}

/** The column of names, beside those of the report. */
export const NAME = 'name';

/** What the rows are of. */
export interface SortedBy {
  columns: readonly ReportColumn[];
  groupBy: string;
}

/** Reads the sorting of an address. Without one that is known days begin with the newest, all else as the API has it. */
export function sortingOf(text: string | undefined, { columns, groupBy }: SortedBy): Sorting | undefined {
  const isFalling = text?.startsWith('-') ?? false;
  const by = isFalling ? text?.slice(1) : text;
  if (by !== undefined && (by === NAME || columns.some((column) => column.id === by)))
    return { by, isFalling };
  return groupBy === 'day' ? { by: NAME, isFalling: true } : undefined;
}

/** What pressing a header leads to: numbers fall first, names rise first, then the other way, then as it came. */
export function nextSorting(now: Sorting | undefined, by: string): string | undefined {
  const firstFalls = by !== NAME;
  const spell = (isFalling: boolean) => (isFalling ? `-${by}` : by);
  if (now?.by !== by) return spell(firstFalls);
  return now.isFalling === firstFalls ? spell(!firstFalls) : undefined;
}

/** The rows in that order. What makes no sense comes last; amounts of one currency stay together. */
export function sortRows(
  rows: readonly ReportRow[],
  sorting: Sorting | undefined,
  of: SortedBy,
): readonly ReportRow[] {
  if (!sorting) return rows;
  const { by, isFalling } = sorting;
  const sign = isFalling ? -1 : 1;
  if (by === NAME) return rows.toSorted((a, b) => sign * compareNames(a, b, of.groupBy));
  const isMoney = of.columns.find((column) => column.id === by)?.kind === 'money';
  const currencies = [...new Set(rows.map((row) => row.currency))];
  return rows.toSorted((a, b) => {
    const apart = isMoney ? currencies.indexOf(a.currency) - currencies.indexOf(b.currency) : 0;
    return apart || compareNumbers(a.values[by] ?? null, b.values[by] ?? null, sign);
  });
}

function compareNames(a: ReportRow, b: ReportRow, groupBy: string): number {
  // Days are written so that their keys sort as they do.
  if (groupBy === 'day') return a.key < b.key ? -1 : Number(a.key > b.key);
  return rowName(groupBy, a).localeCompare(rowName(groupBy, b));
}

function compareNumbers(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * (a - b);
}

/**
 * The rows worth a look: with several currencies every day has a row for each, most of them empty in both periods. All
 * rows of a report in one currency are kept, since a day without orders is news too.
 */
export function rowsWithNews(rows: readonly ReportRow[]): readonly ReportRow[] {
  if (new Set(rows.map((row) => row.currency)).size < 2) return rows;
  return rows.filter(({ values, before }) =>
    [...Object.values(values), ...Object.values(before)].some((value) => value !== null && value !== 0),
  );
}
