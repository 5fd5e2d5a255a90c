/** Whether money that is awaited has come. Pure. */
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { isHeld, isOffline } from '../../domain/method.ts';
import { isTerminal } from '../../domain/order.ts';

type Order = Pick<OrderDetail, 'payment' | 'lifecycle'>;

/** The state of a way to pay that is awaited; undefined of one that is set aside first: its payments say how it stands. */
export function awaitedState(
  { payment, lifecycle }: Order,
  { method }: Pick<Order['payment']['tenders'][number], 'method'>,
): { status: string; label: string } | undefined {
  if (isHeld(method)) return undefined;
  if (payment.paid) return { status: 'paid', label: 'It has come' };
  return isTerminal(lifecycle)
    ? { status: 'expired', label: 'It has not come' }
    : { status: 'pending', label: 'It is awaited' };
}

/** What can be recorded for an order as money that arrived outside every gateway; undefined when none of its ways is such. */
export function receiptWanted({
  payment,
  number,
}: Pick<OrderDetail, 'payment' | 'number'>):
  { order: string; currency: string; openMinor: number } | undefined {
  const tender = payment.tenders.find(({ method }) => isOffline(method));
  if (!tender) return undefined;
  const cameMinor = payment.payments
    .filter((one) => isOffline(one.method))
    .reduce((sum, one) => sum + one.captured.amount, 0);
  return {
    order: String(number),
    currency: tender.amount.currency,
    openMinor: Math.max(0, tender.amount.amount - cameMinor),
  };
}
