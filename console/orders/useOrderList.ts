/** The page of orders that the address names, kept live, with its selection and its keyboard. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, type RefObject } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { ordersQuery } from '../api/queries.ts';
import { listParams, viewQuery, type Search } from './filters.ts';
import type { RowActions } from './OrderRow.tsx';
import { pagerOf } from './pager.ts';
import { sharedRows } from './sharedRows.ts';
import { useFlash } from './useFlash.ts';
import { noteOpened, useOrderKeys } from './useOrderKeys.ts';
import type { ChangeSearch } from './useOrderSearch.ts';
import { useSelection } from './useSelection.ts';

/** The list as the page shows it. */
export type OrderList = ReturnType<typeof useOrderList>;

/** Reads the page and puts rows, selection and keys together. `field` is the search box, for `/`. */
export function useOrderList(
  search: Search,
  change: ChangeSearch,
  field: RefObject<HTMLInputElement | null>,
) {
  const query = useQuery({ ...ordersQuery(listParams(search)), structuralSharing: sharedRows });
  const rows = query.data?.data;
  const view = viewQuery(search);
  const selecting = useSelection(rows, view);
  const pager = pagerOf(search, query.data?.nextCursor, change);
  const open = useOpen();
  // What was there before is no change of the rows that come after it.
  const shownList = query.isPlaceholderData ? 'other' : `${view} ${search['cursor'] ?? ''}`;
  const flashes = useFlash(rows, shownList);
  const { onId, setOnId, move } = useOrderKeys(rows, {
    open: (order) => open(order, false),
    select: selecting.select,
    clear: selecting.clear,
    pager,
    field,
  });
  const actions = useSteady({
    onOpen: open,
    onSelect: selecting.select,
    onFocus: ({ id }) => setOnId(id),
  });
  return { query, rows, selecting, pager, flashes, onId, move, actions };
}

function useOpen(): RowActions['onOpen'] {
  const navigate = useNavigate();
  return ({ id, number }, isNewTab) => {
    noteOpened(id);
    const to = `/orders/${number}`;
    if (isNewTab) window.open(to, '_blank', 'noopener');
    else void navigate({ to });
  };
}

/** The same functions for as long as the list is there, which do what the newest ones do: rows need no drawing for them. */
function useSteady(actions: RowActions): RowActions {
  const newest = useRef(actions);
  useEffect(() => {
    newest.current = actions;
  });
  const steady = useRef<RowActions>({
    onOpen: (order: OrderListItem, isNewTab) => newest.current.onOpen(order, isNewTab),
    onSelect: (order: OrderListItem, isRange) => newest.current.onSelect(order, isRange),
    onFocus: (order: OrderListItem) => newest.current.onFocus(order),
  });
  return steady.current;
}
