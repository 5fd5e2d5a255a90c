/** The keyboard over the list of stock: which row it is on, and the keys. */
import { notifications } from '@mantine/notifications';
import { useState, type RefObject } from 'react';
import type { Stock } from '../../api/schemas/catalogue.ts';
import type { Pager } from '../orders/pager.ts';
import { useKeys } from '../shell/useKeys.ts';
import { rowId } from './useStock.ts';

interface Deeds {
  open(this: void, row: Stock): void;
  adjust(this: void, row: Stock): void;
  /** Why the person may not adjust; undefined when they may. */
  why: string | undefined;
  pager: Pager;
  field: RefObject<HTMLInputElement | null>;
}

/** Has the keys answer, and says which row they are on. */
export function useStockKeys(rows: readonly Stock[], { open, adjust, why, pager, field }: Deeds) {
  const [onId, setOnId] = useState<string>();
  const index = rows.findIndex((row) => rowId(row) === onId);
  const on = rows[index];

  function move(by: number): void {
    const next = rows[index === -1 ? (by > 0 ? 0 : rows.length - 1) : index + by];
    if (!next) return;
    setOnId(rowId(next));
    document.querySelector<HTMLElement>(`tr[data-stock="${CSS.escape(rowId(next))}"]`)?.focus();
  }

  function adjustIt(): void {
    if (why !== undefined) notifications.show({ color: 'orange', message: why });
    else if (on) adjust(on);
  }

  useKeys(
    {
      j: { does: 'Next row', run: () => move(1) },
      k: { does: 'Previous row', run: () => move(-1) },
      Enter: { does: 'Show its movements', run: () => on && open(on) },
      e: { does: 'Adjust it', run: adjustIt },
      '/': { does: 'Search', run: () => field.current?.select() },
      n: { does: 'Next page', run: () => pager.next?.() },
      p: { does: 'Previous page', run: () => pager.previous?.() },
    },
    'Inventory',
  );
  return { onId, setOnId, move };
}
