/** The list's address: what is shown, and how to show something else. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { knownSearch, type Search } from './filters.ts';

/** Changes the address; parameters that are undefined go. Another list begins at its first page. */
export type ChangeSearch = (patch: Search, how?: { replace: boolean }) => void;

/** The address of the list, and how to change it. */
export function useOrderSearch(): { search: Search; change: ChangeSearch } {
  const given: Search = useSearch({ from: '/shell/orders' });
  const search = useMemo(() => knownSearch(given), [given]);
  const navigate = useNavigate();
  return {
    search,
    change(patch, { replace } = { replace: false }) {
      void navigate({
        to: '/orders',
        search: (before: Search) => ({ ...knownSearch(before), cursor: undefined, ...patch }),
        replace,
        resetScroll: !replace,
      });
    },
  };
}
