/** What the lists of the money page share: the table with its head, while it is loaded, when it is empty, its pages. */
import './money.css';
import { Anchor, Skeleton, Stack, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Page } from '../api/queries.ts';
import { PagerBar } from '../orders/PagerBar.tsx';
import { pagerOf } from '../orders/pager.ts';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { useMoneySearch } from './useMoneySearch.ts';

/** A column: its title, whether it holds figures, and what it shows of a row. */
export interface MoneyColumn<T> {
  title: string;
  isFigure?: boolean;
  cell(this: void, row: T): ReactNode;
}

interface Given<T> {
  label: string;
  query: { data: Page<T> | undefined; error: Error | null; isPlaceholderData: boolean };
  columns: readonly MoneyColumn<T>[];
  keyOf: (row: T) => string;
  empty: ReactNode;
  /** What a row is called, and several of them. */
  names: readonly [one: string, many: string];
}

/** A page of a list. On a phone its rows are cards; what that takes from the table's meaning, the roles give back. */
export function MoneyTable<T>({ label, query, columns, keyOf, empty, names }: Given<T>) {
  const { search, change } = useMoneySearch();
  const { data, error, isPlaceholderData } = query;
  return (
    <Stack gap="xs">
      <ProblemNotice error={error} />
      {!data && error === null && <Skeleton h={240} role="status" aria-label={`Loading ${names[1]}`} />}
      {data?.data.length === 0 && empty}
      {data && data.data.length > 0 && (
        <div className="moneyScroll" role="region" aria-label={label} tabIndex={0}>
          <Table aria-label={label} aria-busy={isPlaceholderData} className="cards" role="table">
            <Table.Thead role="rowgroup">
              <Table.Tr role="row">
                {columns.map(({ title, isFigure = false }) => (
                  <Table.Th key={title} scope="col" role="columnheader" {...(isFigure && { ta: 'right' })}>
                    {title}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody role="rowgroup">
              {data.data.map((row) => (
                <Table.Tr key={keyOf(row)} role="row">
                  {columns.map(({ title, isFigure = false, cell }) => (
                    <Table.Td
                      key={title}
                      role="cell"
                      data-title={title}
                      {...(isFigure && { className: 'figures' })}
                    >
                      <div>{cell(row)}</div>
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {data && data.data.length > 0 && (
        <PagerBar
          pager={pagerOf(search, data.nextCursor, change)}
          count={data.data.length}
          one={names[0]}
          many={names[1]}
        />
      )}
    </Stack>
  );
}

/** The order of a row, as the way to it; a dash when there is none. */
export function OrderLink({ number }: { number: number | null }) {
  if (number === null) return <>{'–'}</>;
  return (
    <Anchor
      underline="always"
      size="sm"
      renderRoot={(props) => <Link to="/orders/$order" params={{ order: String(number) }} {...props} />}
    >
      {number}
    </Anchor>
  );
}
