/**
 * The keyboard over the list: which row it is on, and the keys. The row that it is on has the browser's focus, so that
 * screen readers read it and the page scrolls to it.
 */
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { useKeys } from '../shell/useKeys.ts';
import type { Pager } from './pager.ts';
import { movedTo } from './selection.ts';

/** The order that was opened from the list: coming back, the keyboard is on it again. */
let lastOpened: string | undefined;

/** Notes which order is opened. */
export function noteOpened(id: string): void {
  lastOpened = id;
}

/** What the keys do. */
export interface KeyDeeds {
  open(this: void, order: OrderListItem): void;
  /** Selects, with `isRange` up to here from the last one selected, or all that is shown. */
  select(this: void, order: OrderListItem | undefined, isRange: boolean): void;
  clear(this: void): void;
  pager: Pager;
  field: RefObject<HTMLInputElement | null>;
}

/** The row the keyboard is on. */
export interface OnRow {
  onId: string | undefined;
  setOnId(this: void, id: string | undefined): void;
  move(this: void, by: number): void;
}

const NONE: readonly OrderListItem[] = [];

/** Has the keys answer, and says which row they are on. */
export function useOrderKeys(rows: readonly OrderListItem[] | undefined, deeds: KeyDeeds): OnRow {
  const [onId, setOnId] = useState(lastOpened);
  const shown = rows ?? NONE;
  const on = shown.find(({ id }) => id === onId);
  const { open, select, clear, pager, field } = deeds;
  useReturn(shown, onId);
  useKeptPlace(shown, { onId, setOnId });

  function move(by: number): void {
    const id = movedTo(shown, onId, by);
    setOnId(id);
    focusRow(id);
  }

  useKeys({
    j: { does: 'Next order', run: () => move(1) },
    k: { does: 'Previous order', run: () => move(-1) },
    Enter: { does: 'Open the order', run: () => on && open(on) },
    x: { does: 'Select the order, or leave it', run: () => on && select(on, false) },
    X: { does: 'Select up to here, or the whole page', run: () => select(on, true) },
    Escape: { does: 'Clear the selection', run: clear },
    '/': { does: 'Search', run: () => field.current?.select() },
    n: { does: 'Next page', run: () => pager.next?.() },
    p: { does: 'Previous page', run: () => pager.previous?.() },
  });
  return { onId, setOnId, move };
}

/** Coming back from an order: the focus is on its row, unless somebody has put it somewhere else already. */
function useReturn(rows: readonly OrderListItem[], onId: string | undefined): void {
  const isDone = useRef(lastOpened === undefined);
  useEffect(() => {
    if (isDone.current || rows.length === 0) return;
    isDone.current = true;
    const { activeElement } = document;
    const isFree = activeElement === document.body || activeElement?.matches('main, h1');
    // Where the page was scrolled to is brought back by the router.
    if (isFree && rows.some(({ id }) => id === onId)) focusRow(onId, true);
  }, [rows, onId]);
}

/** When the row with the focus leaves the page, the keyboard goes on with the one that took its place. */
function useKeptPlace(
  rows: readonly OrderListItem[],
  { onId, setOnId }: Pick<OnRow, 'onId' | 'setOnId'>,
): void {
  const place = useRef(-1);
  useEffect(() => {
    const index = rows.findIndex(({ id }) => id === onId);
    if (index !== -1) {
      place.current = index;
      return;
    }
    const heir = rows[Math.min(place.current, rows.length - 1)];
    if (!heir || document.activeElement !== document.body) return;
    setOnId(heir.id);
    focusRow(heir.id, true);
  }, [rows, onId, setOnId]);
}

function focusRow(id: string | undefined, preventScroll = false): void {
  if (id === undefined) return;
  document.querySelector<HTMLElement>(`tr[data-order="${CSS.escape(id)}"]`)?.focus({ preventScroll });
}
