/** A report as it stands in this folder: what it is, and how its numbers are read. */
import {
  addDays,
  dayCount,
  daysOf,
  type ReportForm,
  type ReportQuery,
  type ReportResult,
  type ReportRow,
  type ReportValues,
} from '../../domain/report.ts';
import type { Db } from '../connect.ts';

/** One report. Its file exports one of these, and db/reports/index.ts lists it; everything else follows from there. */
export interface Report {
  form: ReportForm;
  /** Reads the numbers. The query was checked: a grouping of the form, a period within its bounds. */
  read(db: Pick<Db, 'pool'>, query: ReportQuery): Promise<ReportResult>;
}

/** Groups by the day as the report counts it; every report by day uses this one. */
export const BY_DAY = Object.freeze({ id: 'day', title: 'Day' });

/** The day that a row of either period belongs to: days of the period before count as far from the start. */
export const DAY_KEY = `to_char(case when day < $2 then day + ($3::date - $2::date + 1) else day end, 'YYYY-MM-DD')`;

/** The parameters that every report's statement begins with: first day of the period before, from, to, channel. */
export function periodParameters(query: ReportQuery): [string, string, string, string | null] {
  return [addDays(query.from, -dayCount(query)), query.from, query.to, query.channel];
}

/** A row for every day and currency, in order, with `nothing` where nothing was counted. */
export function everyDay(
  rows: readonly ReportRow[],
  query: ReportQuery,
  given: { currencies: readonly (string | null)[]; nothing: ReportValues },
): ReportRow[] {
  const counted = new Map(rows.map((row) => [`${row.key} ${row.currency}`, row]));
  return daysOf(query).flatMap((day) =>
    given.currencies.map(
      (currency): ReportRow =>
        counted.get(`${day} ${currency}`) ?? {
          key: day,
          label: day,
          currency,
          values: { ...given.nothing },
          before: { ...given.nothing },
        },
    ),
  );
}

/**
 * No more rows than are asked for: of days the latest, of everything else the first. Every currency keeps as many as the
 * others, or all it has, so that none is taken out by the rows of another.
 */
export function bounded(
  rows: readonly ReportRow[],
  query: Pick<ReportQuery, 'groupBy' | 'rowsMax'>,
): Pick<ReportResult, 'rows' | 'truncated'> {
  if (rows.length <= query.rowsMax) return { rows: [...rows], truncated: false };
  const isByDay = query.groupBy === BY_DAY.id;
  const left = shares(rows, query.rowsMax);
  const kept = (isByDay ? rows.toReversed() : rows).filter(({ currency }) => {
    const places = left.get(currency) ?? 0;
    left.set(currency, places - 1);
    return places > 0;
  });
  return { rows: isByDay ? kept.toReversed() : kept, truncated: true };
}

/** How many of `max` places each currency gets; what one does not need is shared by those that come after it. */
function shares(rows: readonly ReportRow[], max: number): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const { currency } of rows) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  // The smallest first, and of equal ones the one that is shown first last: the odd place is its.
  const given = [...counts].toReversed().toSorted(([, a], [, b]) => a - b);
  let left = max;
  for (const [index, [currency, count]] of given.entries()) {
    const share = Math.min(count, Math.floor(left / (given.length - index)));
    counts.set(currency, share);
    left -= share;
  }
  return counts;
}

/** The day it is by now where the channel is; without one the latest day of all channels, so that no order is left out. */
export async function readToday(db: Pick<Db, 'pool'>, channel: string | null): Promise<string> {
  const { rows } = await db.pool.query<{ day: string }>(
    `select to_char(coalesce(max(now() at time zone time_zone), now() at time zone 'UTC'), 'YYYY-MM-DD') as day
     from channels where $1::text is null or id = $1`,
    [channel],
  );
  const [row] = rows;
  if (!row) throw new Error('an aggregate gave no row');
  return row.day;
}
