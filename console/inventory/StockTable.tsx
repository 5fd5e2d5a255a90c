/** The list of stock: a row for each SKU and location. */
import './inventory.css';
import { Anchor, Skeleton, Table } from '@mantine/core';
import { memo, type KeyboardEvent } from 'react';
import type { Stock } from '../../api/schemas/catalogue.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { formatCount } from '../format.ts';
import { rowId } from './useStock.ts';

const SKELETON_ROWS = Array.from({ length: 12 }, (_, index) => index);
const CELLS = Array.from({ length: 7 }, (_, index) => index);

/** What a row can do. The functions must stay the same over renders. */
export interface StockActions {
  open(this: void, row: Stock): void;
  adjust(this: void, row: Stock): void;
  /** Told when the focus comes to a row. */
  onFocus(this: void, row: Stock): void;
}

interface TableProps {
  rows: readonly Stock[] | undefined;
  names: ReadonlyMap<string, string>;
  onId: string | undefined;
  onMove: (by: number) => void;
  actions: StockActions;
  why: string | undefined;
  isBusy: boolean;
}

/** The table; `rows` is undefined until the first page is there. */
export function StockTable({ rows, names, onId, onMove, actions, why, isBusy }: TableProps) {
  const tabStop = rows?.some((row) => rowId(row) === onId) ? onId : rows?.[0] && rowId(rows[0]);
  return (
    <div className="stockScroll">
      <Table aria-label="Stock" aria-busy={isBusy} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">SKU</Table.Th>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Location</Table.Th>
            <Table.Th scope="col" ta="right">
              On hand
            </Table.Th>
            <Table.Th scope="col" ta="right">
              Allocated
            </Table.Th>
            <Table.Th scope="col" ta="right">
              Available
            </Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody onKeyDown={(event) => moveByArrow(event, onMove)}>
          {rows?.map((row) => (
            <StockRow
              key={rowId(row)}
              row={row}
              place={names.get(row.location) ?? row.location}
              isOn={rowId(row) === onId}
              isTabStop={rowId(row) === tabStop}
              actions={actions}
              why={why}
            />
          )) ??
            SKELETON_ROWS.map((row) => (
              <Table.Tr key={row}>
                {CELLS.map((cell) => (
                  <Table.Td key={cell}>
                    <Skeleton h={16} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Arrows move over the rows as j and k do, for those who switched single keys off. */
function moveByArrow(event: KeyboardEvent, move: (by: number) => void): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  move(event.key === 'ArrowDown' ? 1 : -1);
}

const StockRow = memo(function StockRow({
  row,
  place,
  isOn,
  isTabStop,
  actions,
  why,
}: {
  row: Stock;
  place: string;
  isOn: boolean;
  isTabStop: boolean;
  actions: StockActions;
  why: string | undefined;
}) {
  return (
    <Table.Tr
      data-stock={rowId(row)}
      data-on={isOn}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => actions.onFocus(row)}
    >
      <Table.Th scope="row" ff="monospace" fw={400}>
        <Anchor component="button" size="sm" underline="always" mih={24} onClick={() => actions.open(row)}>
          {row.sku}
        </Anchor>
      </Table.Th>
      <Table.Td>
        {row.name}
        {row.variant !== null && `, ${row.variant}`}
      </Table.Td>
      <Table.Td>{place}</Table.Td>
      <Table.Td className="figures">{formatCount(row.onHand)}</Table.Td>
      <Table.Td className="figures">{formatCount(row.allocated)}</Table.Td>
      <Table.Td className="figures" fw={600}>
        {formatCount(row.available)}
      </Table.Td>
      <Table.Td ta="right">
        <ReasonedButton
          variant="default"
          why={why}
          onClick={() => actions.adjust(row)}
          aria-label={`Adjust ${row.sku} in ${place}`}
        >
          Adjust…
        </ReasonedButton>
      </Table.Td>
    </Table.Tr>
  );
});
