/**
 * Counts that were written with each change: folded days plus the tail that is not folded yet, read in one statement
 * and therefore of one moment. Grouped in the database; amounts of two currencies never meet.
 */
import type { ReportQuery } from '../../domain/report.ts';
import type { Db } from '../connect.ts';
import { DAY_KEY, periodParameters } from './report.ts';

function counts(table: 'report_days' | 'report_deltas'): string {
  return `select report, day, channel, country, currency, key, n, units, amount_minor from ${table}
  where report = any ($7::text[]) and day between $1 and $3 and ($4::text is null or channel = $4)
    and ($5::text is null or country = $5) and ($6::text is null or currency = $6)`;
}

/** The common beginning of statements over counts: the rows of both periods, as `counted`; parameters $1 to $7. */
export const COUNTED = `with counted as (
  ${counts('report_days')} union all ${counts('report_deltas')}
)`;

/** The parameters of COUNTED. */
export function countedParameters(query: ReportQuery, reports: readonly string[]): unknown[] {
  return [...periodParameters(query), query.country, query.currency, reports];
}

/** What can be the key of a group, and where its name is read. */
const KEYS = {
  day: { key: DAY_KEY, label: 'key' },
  channel: { key: 'channel', label: '(select c.name from channels c where c.id = placed.key)' },
  country: { key: 'country', label: 'key' },
  product: {
    key: 'key',
    label: `(select concat_ws(', ', i.name, i.variant) from items i where i.sku = placed.key)`,
  },
  reason: { key: 'key', label: 'key' },
  method: { key: 'key', label: 'key' },
} as const;
/** What counts can be grouped by. */
export type CountedKey = keyof typeof KEYS;

/** Sums of one period. */
export interface Sums {
  n: number;
  units: number;
  amountMinor: number;
}

/** The sums of one kind of count, key and currency, or (key null) of all keys together, in both periods. */
export interface Group {
  report: string;
  key: string | null;
  label: string;
  currency: string;
  now: Sums;
  before: Sums;
}

interface GroupRow extends Sums {
  report: string;
  key: string | null;
  label: string | null;
  currency: string;
  nBefore: number;
  unitsBefore: number;
  amountMinorBefore: number;
}

const SUMMED = ['n', 'units', 'amount_minor', 'n_before', 'units_before', 'amount_minor_before'] as const;

/** Sums of a column of counts in the period and in the one before. */
function bothPeriods(column: string): string {
  return `coalesce(sum(${column}) filter (where day >= $2), 0)::bigint as ${column},
    coalesce(sum(${column}) filter (where day < $2), 0)::bigint as ${column}_before`;
}

// Totals are made of the groups: with grouping sets PostgreSQL sorted every row of two years first (0.7 s instead of 0.1).
// The places go round the currencies, a row each, so that those beyond $8 are the smallest of each. Days are few, and which
// of them are shown does not go by their amounts.
function groupsSql(groupBy: CountedKey): string {
  const { key, label } = KEYS[groupBy];
  const totals = SUMMED.map((column) => `sum(${column})::bigint as ${column}`).join(', ');
  return `${COUNTED}, keyed as (
  select report, ${key} as key, currency, day, n, units, amount_minor from counted
), grouped as materialized (
  select report, currency, key, ${['n', 'units', 'amount_minor'].map(bothPeriods).join(', ')}
  from keyed group by report, currency, key
), ranked as (
  select *, row_number() over (partition by report, currency order by amount_minor desc, n desc, key) as rank from grouped
), placed as (
  select *, row_number() over (partition by report order by rank, currency) as place from ranked
), shown as (
  select report, key, ${label} as label, currency, ${SUMMED.join(', ')}, rank from placed ${groupBy === 'day' ? '' : 'where place <= $8'}
  union all
  select report, null, null, currency, ${totals}, 0 from grouped group by report, currency
)
select report, key, label, currency, n, units, amount_minor as "amountMinor", n_before as "nBefore",
  units_before as "unitsBefore", amount_minor_before as "amountMinorBefore"
from shown order by currency, rank`;
}

/** Reads groups and totals of the given kinds of counts: the largest of every currency, one more than is asked for. */
export async function readGroups(
  db: Pick<Db, 'pool'>,
  query: ReportQuery,
  given: { reports: readonly string[]; groupBy: CountedKey },
): Promise<Group[]> {
  const { rows } = await db.pool.query<GroupRow>(groupsSql(given.groupBy), [
    ...countedParameters(query, given.reports),
    ...(given.groupBy === 'day' ? [] : [query.rowsMax + 1]),
  ]);
  return rows.map((row) => ({
    report: row.report,
    key: row.key,
    label: row.label || row.key || 'unknown',
    currency: row.currency,
    now: { n: row.n, units: row.units, amountMinor: row.amountMinor },
    before: { n: row.nBefore, units: row.unitsBefore, amountMinor: row.amountMinorBefore },
  }));
}

/** No orders, units or money. */
export const NONE: Sums = Object.freeze({ n: 0, units: 0, amountMinor: 0 });

/** The currencies of the groups, those with the most orders in both periods first. */
export function currenciesOf(groups: readonly Group[]): string[] {
  const weights = new Map<string, number>();
  for (const group of groups)
    if (group.key === null)
      weights.set(group.currency, (weights.get(group.currency) ?? 0) + group.now.n + group.before.n);
  return [...weights].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([currency]) => currency);
}
