/** The rows of a report as a table: every number with that of the period before and the change. */
import './reports.css';
import { Button, Table, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { memo, useState } from 'react';
import type { Report } from '../../api/schemas/reports.ts';
import type { ReportColumn, ReportRow } from '../../domain/report.ts';
import { formatCount } from '../format.ts';
import { ChangeText } from './ChangeText.tsx';
import { NAME, nextSorting, rowsWithNews, sortingOf, sortRows, type Sorting } from './sorting.ts';
import { formatCell, rowName } from './values.ts';

/** Rows that are shown at first: a thousand rows make a page slow and nobody reads them. */
const ROWS_AT_FIRST = 100;

/** The table; `sort` is what the address says. */
export function ReportTable({
  report,
  sort,
  onSort,
}: {
  report: Report;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}) {
  const [isAll, setAll] = useState(false);
  const { columns, groupBy, hasCurrency } = report;
  const sorting = sortingOf(sort, report);
  const rows = sortRows(rowsWithNews(report.rows), sorting, report);
  const shown = isAll ? rows : rows.slice(0, ROWS_AT_FIRST);
  const grouping = report.groupings.find((one) => one.id === groupBy);
  return (
    <>
      <div className="scrolls" role="region" aria-label={`${report.title} as a table`} tabIndex={0}>
        <Table striped withTableBorder withColumnBorders>
          <Table.Caption>
            {report.title} by {(grouping?.title ?? groupBy).toLowerCase()}:{' '}
            {shownOf(shown.length, rows.length)}
            {leftOut(report.rows.length - rows.length)}
          </Table.Caption>
          <Head
            columns={columns}
            name={grouping?.title ?? groupBy}
            hasCurrency={hasCurrency}
            sorting={sorting}
            onSort={(by) => onSort(nextSorting(sorting, by))}
          />
          <Table.Tbody>
            {shown.map((row) => (
              <Row
                key={`${row.key} ${row.currency ?? ''}`}
                row={row}
                columns={columns}
                groupBy={groupBy}
                hasCurrency={hasCurrency}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {shown.length < rows.length && (
        <Button variant="default" mt="xs" onClick={() => setAll(true)}>
          Show all {formatCount(rows.length)} rows
        </Button>
      )}
    </>
  );
}

/** "1 row", "100 of 1,000 rows". */
function shownOf(shown: number, all: number): string {
  const rows = all === 1 ? '1 row' : `${formatCount(all)} rows`;
  return shown === all ? rows : `${formatCount(shown)} of ${rows}`;
}

function leftOut(rows: number): string {
  return rows === 0 ? '' : `; ${formatCount(rows)} with nothing in either period are left out`;
}

interface HeadProps {
  columns: readonly ReportColumn[];
  name: string;
  hasCurrency: boolean;
  sorting: Sorting | undefined;
  onSort: (by: string) => void;
}

function Head({ columns, name, hasCurrency, sorting, onSort }: HeadProps) {
  return (
    <Table.Thead>
      <Table.Tr>
        <SortHeader id={NAME} title={name} rows={2} sorting={sorting} onSort={onSort} />
        {hasCurrency && (
          <Table.Th rowSpan={2} scope="col">
            Currency
          </Table.Th>
        )}
        {columns.map((column) => (
          <Table.Th key={column.id} colSpan={3} scope="colgroup" ta="center">
            {column.title}
          </Table.Th>
        ))}
      </Table.Tr>
      <Table.Tr>
        {columns.flatMap((column) => [
          <SortHeader
            key={column.id}
            id={column.id}
            title="Now"
            label={`${column.title}, now`}
            definition={column.definition}
            sorting={sorting}
            onSort={onSort}
          />,
          <Table.Th key={`${column.id} before`} scope="col" ta="right">
            Before
          </Table.Th>,
          <Table.Th key={`${column.id} change`} scope="col" ta="right">
            Change
          </Table.Th>,
        ])}
      </Table.Tr>
    </Table.Thead>
  );
}

function SortHeader({
  id,
  title,
  label = title,
  definition,
  rows,
  sorting,
  onSort,
}: {
  id: string;
  title: string;
  label?: string;
  definition?: string;
  rows?: number;
  sorting: Sorting | undefined;
  onSort: (by: string) => void;
}) {
  const mine = sorting?.by === id ? sorting : undefined;
  const arrow = mine ? (mine.isFalling ? ' ↓' : ' ↑') : '';
  return (
    <Table.Th
      {...(rows !== undefined && { rowSpan: rows })}
      scope="col"
      ta={id === NAME ? 'left' : 'right'}
      aria-sort={mine ? (mine.isFalling ? 'descending' : 'ascending') : 'none'}
    >
      <Tooltip label={definition ?? 'Sort by this'} multiline maw={320}>
        <UnstyledButton
          fz="sm"
          fw={700}
          mih={24}
          miw={24}
          td="underline"
          aria-label={`Sort by ${label}`}
          onClick={() => onSort(id)}
        >
          {title}
          {arrow}
        </UnstyledButton>
      </Tooltip>
    </Table.Th>
  );
}

const Row = memo(function Row({
  row,
  columns,
  groupBy,
  hasCurrency,
}: {
  row: ReportRow;
  columns: readonly ReportColumn[];
  groupBy: string;
  hasCurrency: boolean;
}) {
  const name = rowName(groupBy, row);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} miw={140} className={groupBy === 'day' ? 'noWrap' : undefined}>
        {name}
        {groupBy === 'product' && name !== row.key && (
          <Text size="xs" ff="monospace">
            {row.key}
          </Text>
        )}
      </Table.Th>
      {hasCurrency && <Table.Td>{row.currency ?? '–'}</Table.Td>}
      {columns.flatMap((column) => {
        const now = row.values[column.id];
        const before = row.before[column.id];
        return [
          <Table.Td key={column.id} className="figures" fw={600}>
            {formatCell(column.kind, now, row.currency)}
          </Table.Td>,
          <Table.Td key={`${column.id} before`} className="figures">
            {formatCell(column.kind, before, row.currency)}
          </Table.Td>,
          <Table.Td key={`${column.id} change`} className="figures">
            <ChangeText column={column} now={now} before={before} brief />
          </Table.Td>,
        ];
      })}
    </Table.Tr>
  );
});
