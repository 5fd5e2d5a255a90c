/** Which orders are selected: pure rules over the orders by id, so that a selection outlives pages and changes. */
import type { OrderListItem } from '../../api/schemas/orders.ts';

/** The selected orders by id, as they were last seen. */
export type Selection = ReadonlyMap<string, OrderListItem>;

/** The order selected if it was not, and the other way round. */
export function toggled(selection: Selection, order: OrderListItem): Selection {
  const next = new Map(selection);
  if (!next.delete(order.id)) next.set(order.id, order);
  return next;
}

/** All of these selected, or none of them when all were. */
export function toggledAll(selection: Selection, orders: readonly OrderListItem[]): Selection {
  const next = new Map(selection);
  const hasAll = orders.length > 0 && orders.every(({ id }) => next.has(id));
  for (const order of orders)
    if (hasAll) next.delete(order.id);
    else next.set(order.id, order);
  return next;
}

/** The rows from one to another, both included; undefined when one of them is not shown or they are the same. */
export function rangeOf(
  rows: readonly OrderListItem[],
  fromId: string | undefined,
  toId: string | undefined,
): readonly OrderListItem[] | undefined {
  const from = rows.findIndex(({ id }) => id === fromId);
  const to = rows.findIndex(({ id }) => id === toId);
  if (from === -1 || to === -1 || from === to) return undefined;
  return rows.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** The selection with these added. */
export function withAdded(selection: Selection, orders: readonly OrderListItem[]): Selection {
  return new Map([...selection, ...orders.map((order): [string, OrderListItem] => [order.id, order])]);
}

/** The selection without these. */
export function without(selection: Selection, ids: ReadonlySet<string>): Selection {
  return new Map([...selection].filter(([id]) => !ids.has(id)));
}

/** The id of the row `by` places further, staying inside; the first row when none was on it. */
export function movedTo(
  rows: readonly OrderListItem[],
  id: string | undefined,
  by: number,
): string | undefined {
  const index = rows.findIndex((row) => row.id === id);
  if (index === -1) return rows[0]?.id;
  return rows[Math.min(Math.max(index + by, 0), rows.length - 1)]?.id;
}
