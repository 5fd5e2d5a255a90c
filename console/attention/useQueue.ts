/** The state of the queue: what the address chooses, what is read for it, which case is worked on. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { casesQuery, causesQuery } from '../api/queries.ts';
import { afterDone, moved, selectedOf } from './queue.ts';

const PAGE = '50';

/** Whose cases are shown. */
export const ASSIGNEES = [
  { value: 'all', label: 'All' },
  { value: 'me', label: 'Assigned to me' },
  { value: 'nobody', label: 'Nobody has it' },
];

/** The queue as the page works with it. */
export type Queue = ReturnType<typeof useQueue>;

/** Reads the queue. Every choice stands in the address: `code`, `assignee`, `case`, `cursor`. */
export function useQueue() {
  const search = useSearch({ from: '/shell/attention' });
  const navigate = useNavigate({ from: '/attention' });
  const { code, assignee, cursor } = search;
  const causes = useQuery(causesQuery({ assignee }));
  const cases = useQuery(casesQuery({ open: 'true', code, assignee, cursor, limit: PAGE }));
  const rows = cases.data?.data ?? [];
  const ids = rows.map((one) => one.id);
  const [lastIndex, setLastIndex] = useState(0);
  const selectedId = selectedOf(ids, search['case'], lastIndex);

  function change(next: Partial<Record<'code' | 'assignee' | 'case' | 'cursor', string | undefined>>): void {
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false });
  }
  function select(id: string | undefined): void {
    if (id === undefined) return;
    setLastIndex(ids.indexOf(id));
    change({ case: id });
  }
  function filter(next: Partial<Record<'code' | 'assignee', string | undefined>>): void {
    setLastIndex(0);
    change({ ...next, case: undefined, cursor: undefined });
  }
  return {
    code,
    assignee,
    cursor,
    causes,
    cases,
    rows,
    selected: rows.find((one) => one.id === selectedId),
    select,
    filter,
    move: (by: number) => select(moved(ids, selectedId, by)),
    /** A case was dealt with: the next one is worked on. */
    done: (id: string) => {
      // One that has left the list already: whatever took its place is selected by its index.
      if (ids.includes(id)) change({ case: afterDone(ids, id) });
    },
    turnTo: (next: string | undefined) => {
      setLastIndex(0);
      change({ cursor: next, case: undefined });
    },
  };
}
