/** What is read again after a write, and how an order that came as an answer is put where it is shown. */
import type { QueryClient } from '@tanstack/react-query';
import type { OrderDetail } from '../../api/schemas/orders.ts';

const TOUCHED: readonly string[] = [
  'orders',
  'orderViews',
  'cases',
  'causes',
  'timeline',
  'refunds',
  'refundPreview',
  'receipts',
  'creditAccounts',
  'creditAccount',
];

/** Has everything read again that a write to an order or a case may have changed, the orders themselves included. */
export async function refresh(client: QueryClient): Promise<void> {
  await client.invalidateQueries({
    predicate: ({ queryKey: [name] }) =>
      typeof name === 'string' && (name === 'order' || TOUCHED.includes(name)),
  });
}

/** Shows an order that came as an answer at once, wherever it is shown; an older one never replaces a newer one. */
export function showOrder(client: QueryClient, order: OrderDetail): void {
  for (const ref of [order.id, String(order.number)])
    client.setQueryData<OrderDetail>(['order', ref], (before) =>
      before === undefined || before.version > order.version ? before : order,
    );
}
