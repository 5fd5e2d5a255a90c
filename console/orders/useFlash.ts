/** Which rows have changed since the list was first shown, so that a change made elsewhere catches the eye. */
import { useState } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';

/** A count of changes by the order's id: 0, or none, for rows that are as they were. */
export type Flashes = ReadonlyMap<string, number>;

interface Seen {
  list: string;
  rows: readonly OrderListItem[] | undefined;
  flashes: Flashes;
}

/** The changes of the rows of one list; another list (`list` names it) begins anew. */
export function useFlash(rows: readonly OrderListItem[] | undefined, list: string): Flashes {
  const [seen, setSeen] = useState<Seen>({ list, rows, flashes: new Map() });
  if (seen.rows === rows && seen.list === list) return seen.flashes;
  const isSame = seen.list === list && seen.rows !== undefined && rows !== undefined;
  const next = { list, rows, flashes: isSame ? counted(seen, rows) : new Map<string, number>() };
  setSeen(next);
  return next.flashes;
}

function counted(seen: Seen, rows: readonly OrderListItem[]): Flashes {
  const before = new Map(seen.rows?.map((row) => [row.id, row]));
  return new Map(
    rows.map((row) => {
      const count = seen.flashes.get(row.id) ?? 0;
      // The query keeps the very object of a row that is as it was.
      return [row.id, before.get(row.id) === row ? count : count + 1];
    }),
  );
}
