/** What receipts have brought an order, less what went back of it. */
import { offlinePaymentId } from '../../domain/payment.ts';
import { offlineTender } from '../../domain/receipt.ts';
import { refundableOfPayment } from '../../domain/refundWalk.ts';
import { readRefundFacts } from '../reads/refundFacts.ts';
import { resolveCases } from './cases.ts';
import type { OrderWork } from './order.ts';

/** True for payments that receipts are booked on. */
export function isReceived({ order }: OrderWork, payment: { id: string }): boolean {
  const id = offlinePaymentId(order.id);
  return payment.id === id || payment.id.startsWith(`${id}_`);
}

/** What came in by receipts, less what went back or is about to. */
export async function hereMinor(work: OrderWork): Promise<number> {
  const facts = await readRefundFacts(work.tx, work.order.id);
  return (facts?.payments ?? [])
    .filter((payment) => isReceived(work, payment))
    .reduce((sum, payment) => sum + refundableOfPayment(payment), 0);
}

/** What was too much has gone back: the case about it is over. */
export async function endOverpaid(work: OrderWork): Promise<void> {
  const isOpen = work.snapshot.cases.some((open) => open.code === 'overpaid');
  if (!isOpen || (await hereMinor(work)) > (offlineTender(work.order)?.amountMinor ?? 0)) return;
  const subject = offlinePaymentId(work.order.id);
  await resolveCases(work, { subject, codes: ['overpaid'], resolution: 'refunded' });
}
