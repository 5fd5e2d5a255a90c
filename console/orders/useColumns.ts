/** The columns a person chose, kept in their browser. */
import { useState } from 'react';
import { COLUMNS, USUAL_COLUMNS, type Column } from './columns.tsx';

const STORED_AS = 'holdfast.orderColumns';

/** The columns to show, and how to choose others. Columns that this version does not know are left out. */
export function useColumns(): { columns: readonly Column[]; choose: (ids: readonly string[]) => void } {
  const [ids, setIds] = useState(stored);
  return {
    columns: COLUMNS.filter(({ id }) => ids.includes(id)),
    choose(next) {
      setIds(next);
      try {
        localStorage.setItem(STORED_AS, JSON.stringify(next));
      } catch {
        // A browser that keeps nothing forgets the choice with the page.
      }
    },
  };
}

function stored(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? 'null');
    if (!Array.isArray(ids)) return USUAL_COLUMNS;
    return ids.filter((id: unknown): id is string => typeof id === 'string');
  } catch {
    return USUAL_COLUMNS;
  }
}
