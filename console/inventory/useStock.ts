/** The address of the inventory page, its rows, and the movements of one SKU. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Movement, Stock } from '../../api/schemas/catalogue.ts';
import { call, queryOf } from '../api/client.ts';
import { locationsQuery, stockQuery, type Page } from '../api/queries.ts';

/** The choices in the address. `item` is the SKU whose movements are shown. */
export type StockSearch = Readonly<Record<string, string | undefined>>;

const PAGE = '50';
const FIRST_PAGE: string | null = null;

/** The address, and how to change it: another list begins at its first page. */
export function useStockSearch() {
  const search: StockSearch = useSearch({ from: '/shell/inventory' });
  const navigate = useNavigate();
  /** Shows the movements of a SKU beside the same page of the list. */
  const show = useCallback(
    (item: string | undefined) => {
      void navigate({
        to: '/inventory',
        search: (before: StockSearch) => ({ ...before, item }),
        resetScroll: false,
      });
    },
    [navigate],
  );
  return {
    search,
    show,
    change(patch: StockSearch, { replace } = { replace: false }) {
      void navigate({
        to: '/inventory',
        search: (before: StockSearch) => ({ ...before, cursor: undefined, ...patch }),
        replace,
        resetScroll: !replace,
      });
    },
  };
}

/** The page of stock that the address chooses. */
export function useStockPage({ q, location, cursor }: StockSearch) {
  return useQuery(stockQuery({ q, location, cursor, limit: PAGE }));
}

/** Names of locations by id. */
export function useLocationNames(): ReadonlyMap<string, string> {
  const data = useQuery(locationsQuery).data?.data ?? [];
  return new Map(data.map(({ id, name }) => [id, name]));
}

/** The movements of a SKU, newest first, as many pages as were asked for; live like every list of movements. */
export function useMovements(sku: string) {
  return useInfiniteQuery({
    queryKey: ['movements', { sku }, 'pages'],
    initialPageParam: FIRST_PAGE,
    queryFn: ({ signal, pageParam }) =>
      call<Page<Movement>>(`/v1/inventory/movements${queryOf({ sku, limit: PAGE, cursor: pageParam })}`, {
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** What identifies a row: a SKU at a location. */
export function rowId({ sku, location }: Pick<Stock, 'sku' | 'location'>): string {
  return `${sku} ${location}`;
}
