/** `holdfast reports`: which there are, and the numbers of one beside those of the period before. */
import type { Command } from 'commander';
import type { Report, ReportDescription } from '../../api/schemas/reports.ts';
import { formatMoney } from '../../domain/money.ts';
import type { TableColumn } from '../context.ts';
import { orDash } from '../format.ts';
import type { Act } from '../run.ts';

interface ShowFlags {
  from?: string;
  to?: string;
  groupBy?: string;
  channel?: string;
  country?: string;
  currency?: string;
  csv?: boolean;
}

type Row = Report['rows'][number];
type ColumnOf = Report['columns'][number];

/** Adds the commands. */
export function registerReports(program: Command, act: Act): void {
  const reports = program.command('reports').description('orders, revenue, times and causes in numbers');
  reports
    .command('list')
    .description('the reports, how they can be grouped and what they show')
    .action((_flags: unknown, command: Command) =>
      act(command, async (context) => {
        const { data } = await context.api().call<{ data: ReportDescription[] }>('/v1/reports');
        context.table(
          data,
          [
            { head: 'Report', cell: (form) => form.id },
            { head: 'Title', cell: (form) => form.title },
            { head: 'Grouped by', cell: (form) => form.groupings.map((one) => one.id).join(', ') },
            { head: 'Columns', cell: (form) => form.columns.map((one) => one.id).join(', ') },
          ],
          'There are no reports.',
        );
        const [first] = data;
        if (first) context.next(`holdfast reports show ${first.id}`);
      }),
    );
  reports
    .command('show')
    .description('the numbers of a report beside those of the period before')
    .argument('<report>', 'one of the list')
    .option('--from <day>', 'first day (29 days before the last)')
    .option('--to <day>', 'last day, included (today)')
    .option('--group-by <what>', 'one of its groupings')
    .option('--channel <id>', 'of one channel')
    .option('--country <code>', 'to one country')
    .option('--currency <code>', 'in one currency')
    .option('--csv', 'as CSV, amounts as decimals')
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast reports show sales --from 2026-03-01 --to 2026-03-31 --group-by product\n  holdfast reports show stages --csv > stages.csv',
    )
    .action((report: string, flags: ShowFlags, command: Command) =>
      act(command, async (context) => {
        const { csv, ...query } = flags;
        const { from, to, groupBy, channel, country, currency } = query;
        const asked = { from, to, groupBy, channel, country, currency };
        const path = `/v1/reports/${encodeURIComponent(report)}`;
        if (csv) {
          const text = await context.api().call<string>(path, { query: { ...asked, format: 'csv' } });
          return context.io.out(text.trimEnd());
        }
        const found = await context.api().call<Report>(path, { query: asked });
        if (context.json) return context.print(found, () => []);
        const rows = found.rows.filter((row) => hasAny(row.values) || hasAny(row.before));
        context.table(rows, columnsOf(found, rows), 'Nothing was counted.');
        for (const line of wordsOn(found)) context.io.say(line);
        const zeros = found.rows.length - rows.length;
        if (zeros > 0)
          context.io.say(
            `Rows of zeros that are left out: ${zeros}; --csv and --json have all rows and columns.`,
          );
      }),
    );
}

type Values = Row['values'];

/** True when anything in it is neither zero nor without a value. */
function hasAny(values: Values, ids: readonly string[] = Object.keys(values)): boolean {
  return ids.some((id) => (values[id] ?? 0) !== 0);
}

/** Columns in which nothing but zeros stands are left out, so that the table fits a screen. */
function columnsOf(report: Report, rows: readonly Row[]): TableColumn<Row>[] {
  const grouping = report.groupings.find((one) => one.id === report.groupBy)?.title ?? report.groupBy;
  return [
    { head: grouping, cell: (row) => row.label },
    ...report.columns.flatMap((column): TableColumn<Row>[] => {
      const wasAny = rows.some((row) => hasAny(row.before, [column.id]));
      if (!wasAny && !rows.some((row) => hasAny(row.values, [column.id]))) return [];
      const cellOf = (of: 'values' | 'before') => (row: Row) =>
        valueText(column, row[of][column.id], row.currency);
      const before = { head: 'before', right: true, cell: cellOf('before') };
      return [{ head: column.title, right: true, cell: cellOf('values') }, ...(wasAny ? [before] : [])];
    }),
  ];
}

function wordsOn(report: Report): string[] {
  const { period, periodBefore: before } = report;
  const totals = report.totals.map(
    ({ currency, values }) =>
      `Total: ${report.columns
        .filter((column) => hasAny(values, [column.id]))
        .map((column) => `${column.title} ${valueText(column, values[column.id], currency)}`)
        .join(' · ')}`,
  );
  return [
    `${report.title}, ${period.from} to ${period.to}; before: ${before.from} to ${before.to}. ${report.definition}`,
    ...totals,
    ...(report.truncated ? ['There are more rows than a report shows.'] : []),
  ];
}

function valueText(column: ColumnOf, value: number | null | undefined, currency: string | null): string {
  if (value === null || value === undefined) return orDash(null);
  switch (column.kind) {
    case 'money':
      return currency === null ? String(value) : formatMoney(value, currency);
    case 'percent':
      return `${value.toFixed(2)} %`;
    case 'seconds':
      return durationText(value);
    case 'count':
      return String(value);
  }
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** "2.1 d", "45 min", "0.35 s": two figures are as many as a percentile is worth. */
function durationText(seconds: number): string {
  const unit = UNITS.find(([, size]) => seconds >= size);
  const value = unit ? seconds / unit[1] : seconds;
  return `${value < 10 ? Number(value.toPrecision(2)) : Math.round(value)} ${unit?.[0] ?? 's'}`;
}
