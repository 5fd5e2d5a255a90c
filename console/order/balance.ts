/** The money of an order, added up from its payments, and what that means in words. */
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { isTerminal } from '../../domain/order.ts';

/** Sums in minor units of the order's currency. */
export interface Balance {
  /** Held on the card: authorized, and neither charged nor given back. */
  heldMinor: number;
  authorizedMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  voidedMinor: number;
  /** What is to be paid: the total, or nothing once the order is undone or ended without being delivered. */
  dueMinor: number;
  /** Captured less refunded less due: below 0 is still to be charged, above 0 is to be given back. */
  balanceMinor: number;
}

type Money = Pick<OrderDetail, 'lifecycle' | 'direction' | 'total' | 'payment'>;

/** Adds the payments up. */
export function balanceOf(order: Money): Balance {
  const sum = (of: (payment: OrderDetail['payment']['payments'][number]) => number) =>
    order.payment.payments.reduce((minor, payment) => minor + of(payment), 0);
  const capturedMinor = sum((one) => one.captured.amount);
  const refundedMinor = sum((one) => one.refunded.amount);
  const isCalledOff =
    order.direction === 'undo' || (isTerminal(order.lifecycle) && order.lifecycle !== 'completed');
  const dueMinor = isCalledOff ? 0 : order.total.amount;
  return {
    heldMinor: sum((one) =>
      one.state === 'authorized'
        ? Math.max(0, one.authorized.amount - one.captured.amount - one.voided.amount)
        : 0,
    ),
    authorizedMinor: sum((one) => one.authorized.amount),
    capturedMinor,
    refundedMinor,
    voidedMinor: sum((one) => one.voided.amount),
    dueMinor,
    balanceMinor: capturedMinor - refundedMinor - dueMinor,
  };
}

/** The balance in words, without the amount: it stands beside it. */
export function balanceWords({ balanceMinor, dueMinor }: Balance): string {
  if (balanceMinor < 0) return 'still to be charged';
  if (balanceMinor > 0) return 'to be given back';
  return dueMinor === 0 ? 'nothing is owed' : 'paid in full';
}
