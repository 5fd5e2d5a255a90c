/**
 * The fold of the reports: takes rows that were written with each change (report_deltas) away and adds them to the days
 * (report_days), in one statement. A report reads both tables in one statement too, so it sees every row once, folded or
 * not. Several may fold at once: each takes rows that no other holds, and adds in one fixed order.
 */
import type pg from 'pg';

// The ids as an array: joined as a set, they were met by a nested loop over the whole table while it had no statistics.
const FOLD = `
with taken as (
  delete from report_deltas where id = any (array(select id from report_deltas order by id limit $1 for update skip locked))
  returning report, day, channel, country, currency, key, n, units, amount_minor
), added as (
  insert into report_days as d (report, day, channel, country, currency, key, n, units, amount_minor)
  select report, day, channel, country, currency, key, sum(n)::bigint, sum(units)::bigint, sum(amount_minor)::bigint
  from taken group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
  on conflict (report, day, channel, country, currency, key) do update
  set n = d.n + excluded.n, units = d.units + excluded.units, amount_minor = d.amount_minor + excluded.amount_minor
)
select count(*)::int as taken from taken`;

/** How much one call folds: rows a statement, and statements. */
export interface FoldBounds {
  rowsMax: number;
  roundsMax: number;
}

/** Few enough rows for a statement of some 100 ms, enough rounds to catch up with an import. */
const BOUNDS: FoldBounds = Object.freeze({ rowsMax: 2_000, roundsMax: 10 });

/**
 * Folds the oldest rows, round by round, until there are none or the bound is reached; returns how many. Running it
 * twice or side by side is harmless; when it dies, nothing or a whole round was folded.
 */
export async function foldReports(pool: pg.Pool, bounds: FoldBounds = BOUNDS): Promise<number> {
  let folded = 0;
  for (let round = 0; round < bounds.roundsMax; round += 1) {
    const { rows } = await pool.query<{ taken: number }>({
      name: 'report_fold',
      text: FOLD,
      values: [bounds.rowsMax],
    });
    const taken = rows[0]?.taken ?? 0;
    folded += taken;
    if (taken < bounds.rowsMax) break;
  }
  return folded;
}
