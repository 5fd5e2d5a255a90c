/** One report: what it counts, its totals, its chart, its table, what every number means, and the files to take away. */
import './reports.css';
import { Alert, Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Report, ReportDescription } from '../../api/schemas/reports.ts';
import { REPORT_ROWS_MAX } from '../../domain/report.ts';
import { queryOf } from '../api/client.ts';
import { reportQuery } from '../api/queries.ts';
import { formatCount } from '../format.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Instant } from '../parts/Instant.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { ChartPlace } from './ChartPlace.tsx';
import { queryIn, type ReportSearch } from './choices.ts';
import { ReportFilters } from './ReportFilters.tsx';
import { ReportTable } from './ReportTable.tsx';
import { ReportTiles } from './ReportTiles.tsx';
import { drawingOf } from './series.ts';
import { isEmpty } from './tiles.ts';
import { formatDay } from './values.ts';

const PLACED_BESIDE = ['?from', '?to', '?channel', '?country', '?currency'];

/** The report as the address chooses it. */
export function ReportView({
  description,
  search,
  today,
  onChange,
}: {
  description: ReportDescription;
  search: ReportSearch;
  today: string;
  onChange: (search: ReportSearch) => void;
}) {
  const query = queryIn(search, description, today);
  const { data, error, isPlaceholderData } = useQuery(reportQuery(description.id, query));
  // While another report is read the one before is still there: its numbers must not stand under this name.
  const report = data?.id === description.id ? data : undefined;
  return (
    <Stack gap="md" pt="md">
      <Text size="sm">{description.definition}</Text>
      <ReportFilters search={search} onChange={onChange} report={description} today={today} error={error} />
      <ProblemNotice error={error} placed={PLACED_BESIDE} />
      {report && (
        <div aria-busy={isPlaceholderData}>
          <Numbers report={report} search={search} onChange={onChange} />
        </div>
      )}
      {!report && error === null && <Waiting />}
      {error === null && <Files id={description.id} query={query} />}
      <Terms description={description} />
    </Stack>
  );
}

function Numbers({
  report,
  search,
  onChange,
}: {
  report: Report;
  search: ReportSearch;
  onChange: (search: ReportSearch) => void;
}) {
  if (isEmpty(report))
    return (
      <EmptyState title="Nothing was counted in these days">
        {daysOf(report.period)} and the days before hold nothing for these filters. Choose a longer period or
        take a filter away.
      </EmptyState>
    );
  const drawing = drawingOf(report);
  const grouping = report.groupings.find((one) => one.id === report.groupBy)?.title.toLowerCase();
  return (
    <Stack gap="md">
      <Text size="sm">
        {daysOf(report.period)}, beside the period before: {daysOf(report.periodBefore)}. As of{' '}
        <Instant iso={report.generatedAt} exact />.
      </Text>
      <ReportTiles report={report} />
      {drawing && (
        <ChartPlace
          drawing={drawing}
          title={`${drawing.column.title} by ${grouping ?? report.groupBy}${drawing.currency === null ? '' : ` in ${drawing.currency}`}`}
          names={{ now: 'this period', before: 'the period before' }}
          table="The table below holds the same numbers."
        />
      )}
      {drawing && <ChartNotes report={report} left={drawing.left} currency={drawing.currency} />}
      {report.truncated && (
        <Alert color="orange" title="Not all rows are shown">
          A report shows {formatCount(REPORT_ROWS_MAX)} rows; the totals count all of them. Take a shorter
          period or a filter to see the rest, or the CSV, which has all rows.
        </Alert>
      )}
      <ReportTable report={report} sort={search['sort']} onSort={(sort) => onChange({ ...search, sort })} />
    </Stack>
  );
}

function ChartNotes({ report, left, currency }: { report: Report; left: number; currency: string | null }) {
  const others = report.totals.length > 1 && currency !== null;
  if (!others && left === 0) return null;
  return (
    <Text size="sm">
      {others && `The chart shows ${currency}; choose another currency above to see that one. `}
      {left > 0 &&
        (left === 1
          ? '1 more row stands in the table only.'
          : `${formatCount(left)} more rows stand in the table only.`)}
    </Text>
  );
}

function daysOf({ from, to }: { from: string; to: string }): string {
  return from === to ? formatDay(from) : `${formatDay(from)} to ${formatDay(to)}`;
}

/** The same query as files: plain links, since the session's cookie goes with them. */
function Files({ id, query }: { id: string; query: Record<string, string | undefined> }) {
  const href = (format: string) => `/v1/reports/${encodeURIComponent(id)}${queryOf({ ...query, format })}`;
  const name = `${id}-by-${query['groupBy'] ?? 'day'}-${query['from'] ?? ''}-${query['to'] ?? ''}`;
  return (
    <Group gap="md">
      <Anchor href={href('csv')} download={`${name}.csv`} underline="always" size="sm">
        Download CSV
      </Anchor>
      <Anchor href={href('json')} download={`${name}.json`} underline="always" size="sm">
        Download JSON
      </Anchor>
    </Group>
  );
}

/** What every number means, as text. */
function Terms({ description }: { description: ReportDescription }) {
  return (
    <section aria-labelledby="terms">
      <Title order={2} size="h5" id="terms" mb={4}>
        What the numbers mean
      </Title>
      <dl className="terms">
        {description.columns.map((column) => (
          <div key={column.id} style={{ display: 'contents' }}>
            <dt>{column.title}</dt>
            <dd>{column.definition}</dd>
          </div>
        ))}
        <dt>Before, change</dt>
        <dd>
          The same number in the period of equal length that ends the day before this one begins, and the
          difference as a share of it.
        </dd>
      </dl>
    </section>
  );
}

function Waiting() {
  return (
    <Stack gap="sm" role="status" aria-label="The report is read">
      <Skeleton h={96} />
      <Skeleton h={240} />
      <Skeleton h={300} />
    </Stack>
  );
}
