/** The address of the money page: which part, narrowed to what, which page of it. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Search } from '../orders/filters.ts';
import type { ChangeSearch } from '../orders/useOrderSearch.ts';
import { tabOf, type MoneyTab } from './tabs.ts';

/** The address, and how to change it: whatever is narrowed anew begins at its first page. */
export function useMoneySearch(): {
  search: Search;
  tab: MoneyTab;
  change: ChangeSearch;
  show: (tab: string | null) => void;
} {
  const search: Search = useSearch({ from: '/shell/money' });
  const navigate = useNavigate();
  return {
    search,
    tab: tabOf(search['tab']),
    change(patch, { replace } = { replace: false }) {
      void navigate({
        to: '/money',
        search: (before: Search) => ({ ...before, cursor: undefined, ...patch }),
        replace,
        resetScroll: !replace,
      });
    },
    show(tab) {
      // What the list before was narrowed to says nothing about the next one.
      void navigate({ to: '/money', search: { tab: tab ?? undefined }, resetScroll: false });
    },
  };
}
