/** The table: a heading that sorts, and the rows. */
import { Checkbox, Skeleton, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import type { Column } from './columns.tsx';
import { OrderRow, type RowActions } from './OrderRow.tsx';
import type { Selection } from './selection.ts';
import type { Flashes } from './useFlash.ts';

const NEWEST_FIRST = '-createdAt';
const SKELETON_ROWS = Array.from({ length: 12 }, (_, index) => index);

/** What the table shows; `rows` is undefined until the first page is there. */
export interface OrderTableProps {
  rows: readonly OrderListItem[] | undefined;
  columns: readonly Column[];
  sort: string | undefined;
  onSort: (sort: string) => void;
  /** The row that the keyboard is on. */
  onId: string | undefined;
  onMove: (by: number) => void;
  selection: Selection;
  onSelectAll: () => void;
  flashes: Flashes;
  actions: RowActions;
  isBusy: boolean;
}

/** The table. */
export function OrderTable(props: OrderTableProps) {
  const { rows, columns, onId, onMove, selection, flashes, actions, isBusy } = props;
  const tabStop = rows?.some(({ id }) => id === onId) ? onId : rows?.[0]?.id;
  return (
    <div className="tableScroll">
      <Table aria-label="Orders" aria-busy={isBusy} horizontalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <HeadRow {...props} />
        </Table.Thead>
        <Table.Tbody onKeyDown={(event) => moveByArrow(event, onMove)}>
          {rows?.map((order) => (
            <OrderRow
              key={order.id}
              order={order}
              columns={columns}
              isOn={order.id === onId}
              isTabStop={order.id === tabStop}
              isSelected={selection.has(order.id)}
              changes={flashes.get(order.id) ?? 0}
              actions={actions}
            />
          )) ?? SKELETON_ROWS.map((row) => <SkeletonRow key={row} cells={columns.length + 2} />)}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Arrows move over the rows as j and k do, for those who switched single keys off; elsewhere they scroll. */
function moveByArrow(event: KeyboardEvent, move: (by: number) => void): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  move(event.key === 'ArrowDown' ? 1 : -1);
}

function HeadRow({ rows = [], columns, sort, onSort, selection, onSelectAll }: OrderTableProps) {
  const count = rows.filter(({ id }) => selection.has(id)).length;
  const sorting = { sort: sort ?? NEWEST_FIRST, onSort };
  return (
    <Table.Tr>
      <Table.Th w={36}>
        <Checkbox
          size="sm"
          aria-label="Select all orders of this page"
          checked={rows.length > 0 && count === rows.length}
          indeterminate={count > 0 && count < rows.length}
          onChange={onSelectAll}
        />
      </Table.Th>
      <SortHead label="Number" name="number" {...sorting} />
      {columns.map((column) =>
        column.sort === undefined ? (
          <Table.Th key={column.id} className={column.isFigure ? 'figures' : undefined}>
            {column.label}
          </Table.Th>
        ) : (
          <SortHead
            key={column.id}
            label={column.label}
            name={column.sort}
            isFigure={column.isFigure ?? false}
            {...sorting}
          />
        ),
      )}
    </Table.Tr>
  );
}

interface SortHeadProps {
  label: string;
  name: string;
  isFigure?: boolean;
  sort: string;
  onSort: (sort: string) => void;
}

/** A heading that sorts: the first press puts the newest or largest first, the second turns it round. */
function SortHead({ label, name, isFigure = false, sort, onSort }: SortHeadProps) {
  const direction = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none';
  const Icon = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort }[direction];
  return (
    <Table.Th aria-sort={direction} className={isFigure ? 'figures' : undefined}>
      <UnstyledButton
        className="sortHead"
        onClick={() => onSort(direction === 'descending' ? name : `-${name}`)}
      >
        {label}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}

function SkeletonRow({ cells }: { cells: number }) {
  return (
    <Table.Tr>
      <Table.Td colSpan={cells}>
        <Skeleton h={22} />
      </Table.Td>
    </Table.Tr>
  );
}
