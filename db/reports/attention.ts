/** What needed a person, by cause, and how long it took: from the cases themselves, which are intervals. */
import { FAILURES, type FailureCode } from '../../domain/failures.ts';
import type { ReportForm, ReportRow, ReportValues } from '../../domain/report.ts';
import { bounded, BY_DAY, DAY_KEY, everyDay, periodParameters, type Report } from './report.ts';

const FORM: ReportForm = {
  id: 'attention',
  title: 'Needs attention',
  definition:
    "Counts every case on the day it was opened, in its channel's time zone (UTC for a case without a channel).",
  groupings: [{ id: 'cause', title: 'Cause' }, { id: 'owner', title: 'Who works it off' }, BY_DAY],
  columns: [
    {
      id: 'opened',
      title: 'Opened',
      kind: 'count',
      definition: 'Cases opened in the period.',
      higherIsBetter: false,
    },
    {
      id: 'resolved',
      title: 'Resolved',
      kind: 'count',
      definition: 'Those of them that are resolved by now, by a person or by themselves.',
      higherIsBetter: null,
    },
    {
      id: 'openNow',
      title: 'Open now',
      kind: 'count',
      definition: 'Those of them that are still open.',
      higherIsBetter: false,
    },
    {
      id: 'p50',
      title: 'Half within',
      kind: 'seconds',
      definition: 'The time from opening to resolution that half of the resolved ones did not exceed.',
      higherIsBetter: false,
    },
    {
      id: 'p95',
      title: '95 % within',
      kind: 'seconds',
      definition: 'The time from opening to resolution that 95 of 100 of the resolved ones did not exceed.',
      higherIsBetter: false,
    },
  ],
  chart: { column: 'opened', kind: 'bar' },
  hasCurrency: false,
  filters: ['channel', 'country'],
};

const KEYS: Readonly<Record<string, string>> = { cause: 'code', owner: 'owner', day: DAY_KEY };

function numbers(period: 'now' | 'before'): string {
  const isIn = period === 'now' ? 'day >= $2' : 'day < $2';
  const within = (share: number) =>
    `percentile_disc(${share}) within group (order by seconds) filter (where ${isIn} and seconds is not null)`;
  return `jsonb_build_object('opened', count(*) filter (where ${isIn}), 'resolved', count(seconds) filter (where ${isIn}),
    'openNow', count(*) filter (where ${isIn} and seconds is null), 'p50', ${within(0.5)}, 'p95', ${within(0.95)})`;
}

// The two days on either side leave room for every time zone; the exact day is compared after.
const SQL = (key: string) => `with dated as (
  select c.code, c.owner, (c.opened_at at time zone coalesce(h.time_zone, 'UTC'))::date as day,
    round(extract(epoch from c.resolved_at - c.opened_at), 3)::float8 as seconds
  from cases c left join orders o on o.id = c.order_id left join inbound i on i.id = c.subject
  left join channels h on h.id = coalesce(o.channel, i.channel)
  where c.opened_at >= $1::date - 2 and c.opened_at < $3::date + 3 and ($4::text is null or h.id = $4)
    and ($5::text is null or o.ship_country = $5)
), keyed as (
  select ${key} as key, day, seconds from dated where day between $1 and $3
)
select key, grouping(key) = 1 as "isTotal", ${numbers('now')} as now, ${numbers('before')} as before
from keyed group by grouping sets ((key), ())`;

interface CaseGroup {
  key: string | null;
  isTotal: boolean;
  now: ReportValues;
  before: ReportValues;
}

const OWNER_WORDS: Readonly<Record<string, string>> = {
  support: 'Support',
  ops: 'Operations',
  warehouse: 'Warehouse',
};

/** The report `attention`. */
export const ATTENTION_REPORT: Report = {
  form: FORM,
  async read(db, query) {
    const { rows: groups } = await db.pool.query<CaseGroup>(SQL(KEYS[query.groupBy] ?? 'code'), [
      ...periodParameters(query),
      query.country,
    ]);
    const counted = groups
      .filter((group) => !group.isTotal)
      .map((group) => rowOf(group, query.groupBy))
      .toSorted((a, b) => (b.values['opened'] ?? 0) - (a.values['opened'] ?? 0) || (a.key < b.key ? -1 : 1));
    const nothing: ReportValues = { opened: 0, resolved: 0, openNow: 0, p50: null, p95: null };
    const rows =
      query.groupBy === BY_DAY.id ? everyDay(counted, query, { currencies: [null], nothing }) : counted;
    const total = groups.find((group) => group.isTotal);
    return {
      ...bounded(rows, query),
      totals: [{ currency: null, values: total?.now ?? nothing, before: total?.before ?? nothing }],
    };
  },
};

function rowOf({ key, now, before }: CaseGroup, groupBy: string): ReportRow {
  const id = key ?? '';
  const label = groupBy === 'cause' && isCode(id) ? FAILURES[id].title : (OWNER_WORDS[id] ?? id);
  return { key: id, label, currency: null, values: now, before };
}

function isCode(text: string): text is FailureCode {
  return text in FAILURES;
}
