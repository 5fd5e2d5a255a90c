/** The selected orders of the list; another list begins with none. */
import { useRef, useState } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { rangeOf, toggled, toggledAll, withAdded, without, type Selection } from './selection.ts';

const NOTHING: Selection = new Map();

/** What can be done with the selection. */
export interface Selecting {
  selection: Selection;
  /** Toggles one; with `isRange` adds all from the last one toggled, or toggles the whole page when there is no range. */
  select(this: void, order: OrderListItem | undefined, isRange: boolean): void;
  selectAll(this: void): void;
  clear(this: void): void;
  /** Takes these away. */
  drop(this: void, ids: ReadonlySet<string>): void;
}

/** The selection of the list that `list` names, over the rows that are shown. */
export function useSelection(rows: readonly OrderListItem[] | undefined, list: string): Selecting {
  const [held, setHeld] = useState({ list, selection: NOTHING });
  const anchor = useRef<string>(undefined);
  const shown = rows ?? [];
  const selection = held.list === list ? held.selection : NOTHING;
  const put = (next: Selection) => setHeld({ list, selection: next });

  return {
    selection,
    select(order, isRange) {
      const range = isRange ? rangeOf(shown, anchor.current, order?.id) : undefined;
      if (range) put(withAdded(selection, range));
      else if (isRange) put(toggledAll(selection, shown));
      else if (order) put(toggled(selection, order));
      anchor.current = isRange && !range ? undefined : order?.id;
    },
    selectAll: () => put(toggledAll(selection, shown)),
    clear() {
      anchor.current = undefined;
      put(NOTHING);
    },
    drop: (ids) => put(without(selection, ids)),
  };
}
