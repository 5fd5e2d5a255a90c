/** How long orders stay in each state, by the day they left it: from counts in fixed buckets. */
import { percentile, type BucketCount } from '../../domain/histogram.ts';
import type { ReportForm, ReportRow, ReportValues } from '../../domain/report.ts';
import { STAGES, STAGE_WORDS } from '../../domain/stage.ts';
import { COUNTED, countedParameters } from './counted.ts';
import { bounded, type Report } from './report.ts';

const FORM: ReportForm = {
  id: 'stages',
  title: 'Time in each state',
  definition:
    "Counts every time an order left a state, on the day it left it, in its channel's time zone; orders taken over as history have no states.",
  groupings: [
    { id: 'state', title: 'State' },
    { id: 'channel', title: 'State and channel' },
  ],
  columns: [
    {
      id: 'count',
      title: 'Left it',
      kind: 'count',
      definition: 'How often an order left the state in the period; one that comes back to it counts again.',
      higherIsBetter: null,
    },
    {
      id: 'p50',
      title: 'Half within',
      kind: 'seconds',
      definition:
        'The time that half of them did not exceed, within 4.5 %; not given for all states together.',
      higherIsBetter: false,
    },
    {
      id: 'p95',
      title: '95 % within',
      kind: 'seconds',
      definition: 'The time that 95 of 100 did not exceed, within 4.5 %; not given for all states together.',
      higherIsBetter: false,
    },
  ],
  chart: { column: 'p50', kind: 'bar' },
  hasCurrency: false,
  filters: ['channel'],
};

const BUCKETS = (channel: string) => `${COUNTED}, keyed as (
  select split_part(key, '/', 1) as stage, split_part(key, '/', 2)::int as bucket, ${channel} as channel, day, n from counted
), grouped as (
  select stage, bucket, channel, coalesce(sum(n) filter (where day >= $2), 0)::bigint as now,
    coalesce(sum(n) filter (where day < $2), 0)::bigint as before
  from keyed group by 1, 2, 3
)
select grouped.*, (select c.name from channels c where c.id = grouped.channel) as name from grouped`;

interface BucketRow {
  stage: string;
  bucket: number;
  channel: string;
  name: string | null;
  now: number;
  before: number;
}

/** The report `stages`. */
export const STAGE_TIMES: Report = {
  form: FORM,
  async read(db, query) {
    const byChannel = query.groupBy === 'channel';
    const { rows: buckets } = await db.pool.query<BucketRow>(
      BUCKETS(byChannel ? 'channel' : "''"),
      countedParameters(query, ['stage']),
    );
    const groups = new Map<string, BucketRow[]>();
    for (const row of buckets) {
      const place = `${row.stage} ${row.channel}`;
      groups.set(place, [...(groups.get(place) ?? []), row]);
    }
    const rows = [...groups.values()]
      .flatMap((group): (ReportRow & { order: number })[] => {
        const [first] = group;
        const stage = STAGES.find((one) => one === first?.stage);
        if (!first || !stage) return [];
        const { name } = STAGE_WORDS[stage];
        return [
          {
            key: byChannel ? `${stage}/${first.channel}` : stage,
            label: byChannel ? `${name} · ${first.name ?? first.channel}` : name,
            currency: null,
            values: valuesOf(group, 'now'),
            before: valuesOf(group, 'before'),
            order: STAGES.indexOf(stage),
          },
        ];
      })
      .toSorted((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1))
      .map(({ order: _, ...row }) => row);
    const all = (period: 'now' | 'before'): ReportValues => ({
      count: buckets.reduce((sum, row) => sum + row[period], 0),
      p50: null,
      p95: null,
    });
    const totals = [{ currency: null, values: all('now'), before: all('before') }];
    return { ...bounded(rows, query), totals };
  },
};

function valuesOf(rows: readonly BucketRow[], period: 'now' | 'before'): ReportValues {
  const buckets: BucketCount[] = rows.map((row) => ({ bucket: row.bucket, count: row[period] }));
  return {
    count: buckets.reduce((sum, one) => sum + one.count, 0),
    p50: percentile(buckets, 0.5),
    p95: percentile(buckets, 0.95),
  };
}
