/** How a page of orders that was read again takes over what has not changed, by the order's id and not by its place. */
import { replaceEqualDeep } from '@tanstack/react-query';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import type { Page } from '../api/queries.ts';

/** The newer page with the very rows of the older one where they are as they were: those are neither drawn nor flash. */
export function sharedRows(before: unknown, after: unknown): unknown {
  if (!isPage(before) || !isPage(after)) return after;
  const known = new Map(before.data.map((row) => [row.id, row]));
  const data = after.data.map((row) => replaceEqualDeep(known.get(row.id), row));
  const isSame =
    data.length === before.data.length &&
    data.every((row, index) => row === before.data[index]) &&
    after.nextCursor === before.nextCursor;
  return isSame ? before : { ...after, data };
}

function isPage(value: unknown): value is Page<OrderListItem> {
  return typeof value === 'object' && value !== null && 'data' in value && Array.isArray(value.data);
}
