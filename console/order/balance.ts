/** What the money of an order comes to, and what that means in words. */
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { isOffline } from '../../domain/method.ts';
import { isTerminal } from '../../domain/order.ts';

/** Sums in minor units of the order's currency. */
export interface Balance {
  /** What is to be kept: the total less what was given back or given up, or nothing once the order is undone or ended undelivered. */
  dueMinor: number;
  /** What the bank took back and did not return. */
  chargedBackMinor: number;
  /** What we hold less what is due: below 0 is still to be charged, above 0 is to be given back. */
  balanceMinor: number;
  /** True when what is missing comes by transfer, invoice or cash. */
  isSent: boolean;
}

type Money = Pick<OrderDetail, 'lifecycle' | 'direction' | 'total'> & {
  payment: Pick<OrderDetail['payment'], 'method' | 'paid' | 'writtenOff'>;
  money: Pick<OrderDetail['money'], 'captured' | 'refunded' | 'refundPending' | 'chargedBack'>;
};

/** The balance: refunds that are on their way count as owed to the customer until they are done. */
export function balanceOf({ lifecycle, direction, total, money, payment }: Money): Balance {
  const isCalledOff = direction === 'undo' || (isTerminal(lifecycle) && lifecycle !== 'completed');
  const refundedMinor = money.refunded.amount;
  const granted = refundedMinor + money.refundPending.amount + (payment.writtenOff?.amount ?? 0);
  const dueMinor = isCalledOff ? 0 : Math.max(0, total.amount - granted);
  const chargedBackMinor = money.chargedBack.amount;
  return {
    dueMinor,
    chargedBackMinor,
    isSent: isOffline(payment.method) && !payment.paid,
    balanceMinor: money.captured.amount - refundedMinor - chargedBackMinor - dueMinor,
  };
}

/** The balance in words, without the amount: it stands beside it. */
export function balanceWords({ balanceMinor, dueMinor, chargedBackMinor, isSent }: Balance): string {
  if (balanceMinor < 0) {
    if (chargedBackMinor > 0) return 'taken back by the bank';
    return isSent ? 'still to come' : 'still to be charged';
  }
  if (balanceMinor > 0) return 'to be given back';
  return dueMinor === 0 ? 'nothing is owed' : 'paid in full';
}
