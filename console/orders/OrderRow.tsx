/** One row: a real link on the number, a checkbox, and the columns that were chosen. */
import { Checkbox, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, type MouseEvent } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import type { Column } from './columns.tsx';

/** What a row tells the list. */
export interface RowActions {
  onOpen(this: void, order: OrderListItem, isNewTab: boolean): void;
  /** `isRange` when Shift was held. */
  onSelect(this: void, order: OrderListItem, isRange: boolean): void;
  onFocus(this: void, order: OrderListItem): void;
}

interface RowProps {
  order: OrderListItem;
  columns: readonly Column[];
  isOn: boolean;
  /** The one row that Tab leads to. */
  isTabStop: boolean;
  isSelected: boolean;
  /** How often it has changed while it was shown. */
  changes: number;
  actions: RowActions;
}

/** The row; drawn again only when something of it is another. */
export const OrderRow = memo(function OrderRow(props: RowProps) {
  const { order, columns, isOn, isTabStop, isSelected, changes, actions } = props;
  return (
    <Table.Tr
      className="orderRow"
      data-order={order.id}
      data-on={isOn}
      data-selected={isSelected}
      // Two names by turns: the same animation starts again only under another name.
      data-flash={changes === 0 ? undefined : changes % 2 === 0 ? 'even' : 'odd'}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => actions.onFocus(order)}
      onClick={(event) => {
        if (isOwnClick(event)) return;
        actions.onOpen(order, event.ctrlKey || event.metaKey);
      }}
    >
      <Table.Td w={36}>
        <Checkbox
          size="sm"
          aria-label={`Select order ${order.number}`}
          checked={isSelected}
          onChange={() => undefined}
          onClick={(event) => actions.onSelect(order, event.shiftKey)}
        />
      </Table.Td>
      <Table.Th scope="row">
        <Link to="/orders/$order" params={{ order: String(order.number) }} preload={false}>
          {order.number}
        </Link>
      </Table.Th>
      {columns.map((column) => (
        <Table.Td key={column.id} className={column.isFigure ? 'figures' : undefined}>
          {column.cell(order)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
});

/** True for a click on something that does its own thing, or at the end of marking text. */
function isOwnClick({ target }: MouseEvent): boolean {
  if (target instanceof Element && target.closest('a, button, input, label')) return true;
  return (window.getSelection()?.toString() ?? '') !== '';
}
